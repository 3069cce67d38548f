/**
 * Replay, put together once: manifest, schema, log, order, payloads, limits.
 *
 * Everything that reduces a bundle does it through this: a replay, a check, a question.
 *
 * @module
 */

import { openBundleFile } from "./bundle/bundle_file.ts";
import type { ByteSource } from "./bundle/byte_buffer.ts";
import { BundleFolder, type InsideFile } from "./bundle/inside_file.ts";
import { type Limits, ReadBudget } from "./bundle/limits.ts";
import { EventCount } from "./bundle/log/event_count.ts";
import {
  type FaultJudge,
  type LineFault,
  readEventLog,
} from "./bundle/log/event_log.ts";
import { EventOrder, type LineOrder } from "./bundle/log/event_order.ts";
import { tolerantJudge } from "./bundle/log/line_judge.ts";
import { LogGuard } from "./bundle/log/log_guard.ts";
import { BundlePayloads } from "./bundle/payloads/bundle_payloads.ts";
import type { DiagnosticSink } from "./diagnostic.ts";
import type { DecodedEvent } from "./format/event.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  type TraceBundleManifest,
} from "./format/manifest.ts";
import type { RolloutTrace } from "./graph/rollout_trace.ts";
import { reduceTrace } from "./reduce/reduce.ts";
import type { Schema } from "./schema/schema.ts";

/** Watches the log while it is read: its bytes, its lines, its events, its faults. */
export interface LogObserver extends ByteSource, LineOrder {
  /** Must be called for every line that is at fault. */
  observeFault(fault: LineFault): void;
}

/** How a bundle is opened for a replay. */
export interface ReplaySourceOptions {
  /** How much of the bundle is read at most. */
  readonly limits: Limits;
  /** Whether bad lines and events are skipped and reported, instead of ending the replay. */
  readonly tolerant: boolean;
  /** Whether requests are compared with the one before them; default `true`. */
  readonly sharePrefixes?: boolean;
  /** Gets what was skipped, and what a reader of the graph should know. */
  readonly onDiagnostic?: DiagnosticSink;
  /** Gets every event that is taken, before it is reduced. */
  readonly onEvent?: (event: DecodedEvent) => void;
  /** Wraps the log and the order that its schema demands. */
  readonly observe?: (
    log: ByteSource,
    order: LineOrder | undefined,
  ) => LogObserver;
}

/** What is replayed: a folder, and how its log is read. */
export interface ReplayTarget {
  /** The bundle's folder. */
  readonly dir: string;
  /** The manifest; undefined when it cannot be read, and then nothing can be reduced. */
  readonly manifest: TraceBundleManifest | undefined;
  /** The rules that the bundle is read by. */
  readonly schema: Schema;
}

/** An open bundle, ready to be replayed once. */
export class ReplaySource implements Disposable {
  /** Where payloads are read. */
  readonly payloads: BundlePayloads;
  readonly #target: ReplayTarget;
  readonly #options: ReplaySourceOptions;
  readonly #count: EventCount;
  readonly #log: InsideFile;
  readonly #guard: LogGuard;

  /**
   * Opens the log.
   *
   * @throws {BundleFormatError} If there is none, or it cannot be read.
   */
  constructor(target: ReplayTarget, options: ReplaySourceOptions) {
    const { dir, schema } = target;
    const { limits, sharePrefixes = true } = options;
    const budget = new ReadBudget(limits);
    this.#target = target;
    this.#options = options;
    this.#count = new EventCount(options.onDiagnostic ?? (() => {}));
    this.#guard = new LogGuard(limits, budget);
    this.payloads = new BundlePayloads(dir, schema.storage, {
      sharePrefixes,
      limits,
      budget,
    });
    this.#log = openBundleFile(new BundleFolder(dir), EVENT_LOG_FILE);
  }

  /** How many events there were so far, and how many of them were skipped. */
  get counts(): ReturnType<EventCount["counts"]> {
    return this.#count.counts();
  }

  /** How many bytes the log has now. */
  get logSize(): number {
    return this.#log.file.statSync().size;
  }

  /** The events of the log, those taken in spite of faults included. To be read once. */
  events(): Iterable<DecodedEvent> {
    const { manifest, schema } = this.#target;
    const { observe, tolerant, onEvent } = this.#options;
    this.#noteNewerSchema();
    const demanded = manifest === undefined
      ? undefined
      : EventOrder.of(schema.log, manifest);
    const observer = observe?.(this.#log.file, demanded);
    const judge = tolerant
      ? this.#count.judging(this.#judge(observer))
      : undefined;
    const read = this.#count.counting(readEventLog(
      observer ?? this.#log.file,
      schema.events,
      observer ?? demanded,
      judge,
      this.#guard,
    ));
    return onEvent === undefined ? read : announced(read, onEvent);
  }

  #judge(observer: LogObserver | undefined): FaultJudge {
    const judge = tolerantJudge(this.#count.report);
    if (observer === undefined) return judge;
    return (fault) => {
      observer.observeFault(fault);
      return judge(fault);
    };
  }

  /**
   * Reads and reduces everything.
   *
   * @throws {TypeError} If there is no manifest.
   * @throws What {@linkcode reduceTrace} throws.
   */
  reduce(): RolloutTrace {
    const { manifest, schema } = this.#target;
    if (manifest === undefined) {
      throw new TypeError("cannot reduce a bundle without a manifest");
    }
    const { tolerant, limits } = this.#options;
    return reduceTrace(manifest, schema.reduce, this.events(), this.payloads, {
      tolerant,
      onDiagnostic: this.#count.skipping,
      maxEdgePayloads: limits.edge_payloads,
      hasGaps: () => this.#count.hasLosses,
    });
  }

  #noteNewerSchema(): void {
    const { manifest, schema } = this.#target;
    const version = manifest?.schema_version;
    if (version === undefined || version <= schema.version) return;
    this.#count.report({
      code: "newer_schema",
      severity: "loss",
      file: MANIFEST_FILE,
      line: null,
      seq: null,
      event_type: null,
      ids: {},
      message:
        `schema ${version} is newer than this program (newest known: ${schema.version})`,
      lost: "whatever is new in that schema",
    });
  }

  /** Closes the log. */
  [Symbol.dispose](): void {
    this.#log[Symbol.dispose]();
  }
}

/** The same events, each announced first. */
function* announced(
  events: Iterable<DecodedEvent>,
  onEvent: (event: DecodedEvent) => void,
): Generator<DecodedEvent, void> {
  for (const event of events) {
    onEvent(event);
    yield event;
  }
}
