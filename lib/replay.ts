/**
 * Replays a bundle: opens its folder, reads manifest, log and payloads, and reduces them.
 *
 * {@linkcode replayBundle} does all of it in one call. {@linkcode BundleReplay} is the pipeline
 * behind it, which a check uses as well: both read a bundle under the same schema, order and
 * limits.
 *
 * @module
 */

import type { ByteSource } from "./bundle/byte_buffer.ts";
import { type Limits, limitsWith, ReadBudget } from "./bundle/limits.ts";
import { EventCounter, tolerantPolicy } from "./bundle/log/fault_policy.ts";
import {
  type FaultPolicy,
  type LineFault,
  readEventLog,
} from "./bundle/log/event_log.ts";
import {
  EventOrder,
  GapFinder,
  type LineOrder,
} from "./bundle/log/event_order.ts";
import { LogLimits } from "./bundle/log/log_limits.ts";
import { readManifest } from "./bundle/manifest_file.ts";
import {
  BundlePayloads,
  type PayloadCounters,
} from "./bundle/payloads/bundle_payloads.ts";
import type { BundleFile, BundleFiles } from "./bundle/storage/bundle_files.ts";
import { DiskFiles } from "./bundle/storage/disk_files.ts";
import { openBundleFile } from "./bundle/storage/open_bundle_file.ts";
import type { DiagnosticSink, PayloadError } from "./errors.ts";
import type { DecodedEvent } from "./format/event.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  type TraceBundleManifest,
} from "./format/manifest.ts";
import type { RolloutTrace } from "./graph/rollout_trace.ts";
import { reduceTrace } from "./reduce/reduce.ts";
import { NEWEST_SCHEMA, schemaOf, schemaOfBundle } from "./schema/registry.ts";
import type { Schema } from "./schema/schema.ts";

/** How a bundle is replayed. */
export interface ReplayOptions {
  /**
   * Whether a request is compared with the one before it, so that only what is new is read. Long
   * sessions are much faster with it; the graph is the same without. Default `true`.
   */
  readonly sharePrefixes?: boolean;
  /**
   * Whether to skip and report bad lines and events instead of throwing at the first. A schema
   * newer than every known one is then read by the rules of the newest. A manifest that cannot
   * be read is an error in any case. Default `false`.
   */
  readonly tolerant?: boolean;
  /**
   * Whether a tolerant replay also reports missing numbers of events where the schema allows them.
   * Default `false`.
   */
  readonly findsGaps?: boolean;
  /** Limits on what is read; the defaults where absent. */
  readonly limits?: Partial<Limits>;
  /** Called for every event or line that was skipped, and for every note about the graph. */
  readonly onDiagnostic?: DiagnosticSink;
  /** Called for every event that is not skipped, before it is reduced. */
  readonly onEvent?: (event: DecodedEvent) => void;
  /** Called once after the bundle was reduced, with counts of events and of work done. */
  readonly onCounters?: (counters: ReplayCounters) => void;
}

/** Counts of what a bundle contains and of the work that reading it took. */
export interface ReplayCounters extends PayloadCounters {
  /** Lines of the log that are not blank, including malformed ones. */
  readonly events: number;
  /** Lines that a tolerant replay skipped. */
  readonly skippedEvents: number;
  /** Lines of events that the reducer skipped completely. */
  readonly skippedLines: ReadonlySet<number>;
}

/**
 * Reduces the bundle in a folder. The schema is chosen by the manifest.
 *
 * @example Reduce a bundle
 * ```ts
 * import { replayBundle } from "./replay.ts";
 *
 * const trace = replayBundle("testdata/upstream/0.164.0-shell/bundle");
 * if (trace.status !== "completed") throw new Error("the session did not complete");
 * ```
 *
 * @param dir The folder with `manifest.json`, `trace.jsonl` and `payloads/`.
 * @returns The graph of the session.
 * @throws {BundleFormatError} If the manifest or a line of the log is malformed.
 * @throws {ReplayError} If the evidence contradicts itself.
 * @throws {LimitError} If the bundle goes beyond a limit.
 * @throws {PayloadError} If a payload that no event needs is missing or malformed (schema 2).
 */
export function replayBundle(
  dir: string,
  options: ReplayOptions = {},
): RolloutTrace {
  return replayFiles(new DiskFiles(dir), options);
}

/**
 * Reduces a bundle that is stored anywhere. The schema is chosen by the manifest.
 *
 * @throws What {@linkcode replayBundle} throws.
 */
export function replayFiles(
  files: BundleFiles,
  options: ReplayOptions = {},
): RolloutTrace {
  const { tolerant = false, onCounters } = options;
  const limits = limitsWith(options.limits);
  const manifest = readManifest(files, limits);
  const schema = schemaOfBundle(manifest, tolerant);
  const target = { files, manifest, schema };
  using source = new BundleReplay(target, { ...options, tolerant, limits });
  const trace = source.reduce();
  source.payloads.finish();
  onCounters?.({ ...source.payloads.counters, ...source.counts });
  return trace;
}

/** Observes the log while it is read: bytes, lines, events and faults. */
export interface LogObserver extends ByteSource, LineOrder {
  /** Called for every faulty line. */
  observeFault(fault: LineFault): void;
}

/** How a {@linkcode BundleReplay} reads the bundle. */
export interface BundleReplayOptions {
  /** Limits on what is read. */
  readonly limits: Limits;
  /** As in {@linkcode ReplayOptions}. */
  readonly tolerant: boolean;
  /** As in {@linkcode ReplayOptions}. */
  readonly findsGaps?: boolean;
  /** As in {@linkcode ReplayOptions}. */
  readonly sharePrefixes?: boolean;
  /** Called for every event or line that was skipped, and for every note about the graph. */
  readonly onDiagnostic?: DiagnosticSink;
  /** Called for every event that is not skipped, before it is reduced. */
  readonly onEvent?: (event: DecodedEvent) => void;
  /** Wraps the log and the schema's rules of order. */
  readonly observe?: (
    log: ByteSource,
    order: LineOrder | undefined,
  ) => LogObserver;
}

/** The bundle to replay. */
export interface ReplayTarget {
  /** The files of the bundle. */
  readonly files: BundleFiles;
  /** The manifest; undefined if it cannot be read: then nothing can be reduced. */
  readonly manifest: TraceBundleManifest | undefined;
  /** The rules by which the bundle is read. */
  readonly schema: Schema;
}

/** An open bundle that can be replayed once. */
export class BundleReplay implements Disposable {
  /** Reads the payloads. */
  readonly payloads: BundlePayloads;
  readonly #target: ReplayTarget;
  readonly #options: BundleReplayOptions;
  readonly #count: EventCounter;
  readonly #log: BundleFile;
  readonly #logLimits: LogLimits;

  /**
   * Opens the log.
   *
   * @throws {BundleFormatError} If there is no log, or it cannot be read.
   */
  constructor(target: ReplayTarget, options: BundleReplayOptions) {
    const { files, schema } = target;
    const { limits, sharePrefixes = true } = options;
    const budget = new ReadBudget(limits);
    this.#target = target;
    this.#options = options;
    this.#count = new EventCounter(options.onDiagnostic ?? (() => {}));
    this.#logLimits = new LogLimits(limits, budget);
    this.payloads = new BundlePayloads(files, schema.storage, {
      sharePrefixes,
      limits,
      budget,
      ...options.tolerant
        ? { onSurrogate: (fault) => this.#reportSurrogate(fault) }
        : {},
    });
    this.#log = openBundleFile(files, EVENT_LOG_FILE);
  }

  /** How many events were read so far, and how many of them were skipped. */
  get counts(): ReturnType<EventCounter["totals"]> {
    return this.#count.totals();
  }

  /** The current size of the log in bytes. */
  get logSize(): number {
    return this.#log.sizeNow();
  }

  /** Returns the events of the log, without those that were skipped. May be called once. */
  events(): Iterable<DecodedEvent> {
    const { manifest, schema } = this.#target;
    const { observe, tolerant, findsGaps = false, onEvent } = this.#options;
    this.#noteNewerSchema();
    const order = manifest === undefined
      ? undefined
      : EventOrder.of(schema.log, manifest) ??
        (tolerant && findsGaps ? new GapFinder() : undefined);
    const observer = observe?.(this.#log.source, order);
    const onFault = tolerant
      ? this.#count.countFaults(this.#faultPolicy(observer))
      : undefined;
    const events = this.#count.countEvents(readEventLog(
      observer ?? this.#log.source,
      schema.events,
      observer ?? order,
      onFault,
      this.#logLimits,
    ));
    return onEvent === undefined ? events : observed(events, onEvent);
  }

  #faultPolicy(observer: LogObserver | undefined): FaultPolicy {
    const policy = tolerantPolicy(this.#count.onDiagnostic);
    if (observer === undefined) return policy;
    return (fault) => {
      observer.observeFault(fault);
      return policy(fault);
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
      onDiagnostic: this.#count.onSkip,
      onPartialEvent: this.#count.onDiagnostic,
      maxEdgePayloads: limits.edge_payloads,
      logHasGaps: () => this.#count.hasLosses,
      lostEvents: () => this.#count.lostEvents,
    });
  }

  #reportSurrogate(fault: PayloadError): void {
    this.#count.onDiagnostic({
      code: "unpaired_surrogate",
      severity: "loss",
      file: fault.file,
      line: null,
      seq: null,
      event_type: null,
      ids: { raw_payload_id: fault.rawPayloadId },
      message: fault.message,
      lost: "half a character, which is read as U+FFFD",
    });
  }

  #noteNewerSchema(): void {
    const { manifest, schema } = this.#target;
    const version = manifest?.schema_version;
    if (version === undefined || version <= schema.version) return;
    this.#count.onDiagnostic({
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

/** Yields the same events, after calling `onEvent` with each. */
function* observed(
  events: Iterable<DecodedEvent>,
  onEvent: (event: DecodedEvent) => void,
): Generator<DecodedEvent, void> {
  for (const event of events) {
    onEvent(event);
    yield event;
  }
}

/**
 * Returns the schema that the first event of a log names, for a bundle without a manifest; the
 * newest schema if no event names a known one.
 *
 * @throws {BundleFormatError} If there is no log, or it cannot be read.
 */
export function schemaOfFirstEvent(
  files: BundleFiles,
  limits: Limits,
): Schema {
  using log = openBundleFile(files, EVENT_LOG_FILE);
  let version: number | undefined;
  const order: LineOrder = {
    beforeLine: () => {},
    afterEvent: ({ event }) => void (version ??= event.schema_version),
  };
  const events = readEventLog(
    log.source,
    NEWEST_SCHEMA.events,
    order,
    () => "skip",
    new LogLimits(limits),
  );
  for (const _ of events) break;
  return (version === undefined ? undefined : schemaOf(version)) ??
    NEWEST_SCHEMA;
}
