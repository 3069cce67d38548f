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
  EventLogReader,
  type FaultPolicy,
  type LineFault,
  STRICT,
} from "./bundle/log/event_log.ts";
import {
  EventOrder,
  GapFinder,
  type LineOrder,
} from "./bundle/log/event_order.ts";
import { GrowingLog } from "./bundle/log/growing_log.ts";
import { LogLimits } from "./bundle/log/log_limits.ts";
import { readManifest } from "./bundle/manifest_file.ts";
import {
  BundlePayloads,
  type PayloadCounters,
} from "./bundle/payloads/bundle_payloads.ts";
import type { KeptRecords } from "./bundle/payloads/kept_records.ts";
import type { RequestObserver } from "./bundle/request/shared_request_reader.ts";
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
import { Reduction } from "./reduce/reduce.ts";
import { schemaOfBundle } from "./schema/registry.ts";
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
  options:
    & ReplayOptions
    & Pick<BundleReplayOptions, "growsIn" | "requests" | "keepIn"> = {},
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
  /**
   * The folder of the bundle, if it is still recorded: then events may be read again and again, a
   * line without its end waits, and what ends the reading is thrown.
   */
  readonly growsIn?: DiskFiles;
  /** Gets each request that is read to be reduced. */
  readonly requests?: RequestObserver;
  /** Gets small payloads, for what reads these again. */
  readonly keepIn?: KeptRecords | undefined;
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

/** An open bundle that can be replayed once, or while it is recorded. */
export class BundleReplay implements Disposable {
  /** Reads the payloads. */
  readonly payloads: BundlePayloads;
  readonly #target: ReplayTarget;
  readonly #options: BundleReplayOptions;
  readonly #count: EventCounter;
  readonly #log: BundleFile;
  readonly #logLimits: LogLimits;
  #reader: Pick<EventLogReader, "events"> | undefined;
  #reduction: Reduction | undefined;

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
      isGrowing: options.growsIn !== undefined,
      requests: options.requests,
      keepIn: options.keepIn,
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

  /**
   * Returns the events of the log, without those that were skipped. May be called once; of a bundle
   * that is still recorded, again: then it returns those that were added.
   */
  events(): Iterable<DecodedEvent> {
    const { onEvent, growsIn } = this.#options;
    this.#reader ??= this.#openReader();
    const read = this.#reader.events();
    const events = this.#count.countEvents(
      growsIn === undefined ? read : this.#reopening(read, growsIn),
    );
    return onEvent === undefined ? events : observed(events, onEvent);
  }

  #openReader(): Pick<EventLogReader, "events"> {
    const { manifest, schema } = this.#target;
    const { observe, tolerant, findsGaps = false, growsIn } = this.#options;
    this.#noteNewerSchema();
    const order = manifest === undefined
      ? undefined
      : EventOrder.of(schema.log, manifest) ??
        (tolerant && findsGaps ? new GapFinder() : undefined);
    const observer = observe?.(this.#log.source, order);
    const onFault = tolerant
      ? this.#count.countFaults(this.#faultPolicy(observer))
      : STRICT;
    const rules = [
      schema.events,
      observer ?? order,
      onFault,
      this.#logLimits,
    ] as const;
    return growsIn === undefined
      ? new EventLogReader(observer ?? this.#log.source, ...rules)
      : new GrowingLog(growsIn, this.#log, ...rules);
  }

  /** Yields the same events. Before the first, what was kept of files is forgotten: they may have grown. */
  *#reopening(
    events: Iterable<DecodedEvent>,
    files: DiskFiles,
  ): Generator<DecodedEvent, void> {
    let isOld = true;
    for (const event of events) {
      if (isOld) this.payloads.reopen(files.renewed());
      isOld = false;
      yield event;
    }
  }

  #faultPolicy(observer: LogObserver | undefined): FaultPolicy {
    const policy = tolerantPolicy(this.#count.onDiagnostic);
    const isGrowing = this.#options.growsIn !== undefined;
    if (observer === undefined && !isGrowing) return policy;
    return (fault) => {
      if (isGrowing && fault.endsReading === true) throw fault.error;
      observer?.observeFault(fault);
      return policy(fault);
    };
  }

  /**
   * The reduction of the events.
   *
   * @throws {TypeError} If there is no manifest.
   */
  get reduction(): Reduction {
    if (this.#reduction !== undefined) return this.#reduction;
    const { manifest, schema } = this.#target;
    if (manifest === undefined) {
      throw new TypeError("cannot reduce a bundle without a manifest");
    }
    const { tolerant, limits } = this.#options;
    return this.#reduction = new Reduction(
      manifest,
      schema.reduce,
      this.payloads,
      {
        tolerant,
        onDiagnostic: this.#count.onSkip,
        onPartialEvent: this.#count.onDiagnostic,
        maxEdgePayloads: limits.edge_payloads,
        logHasGaps: () => this.#count.hasLosses,
        lostEvents: () => this.#count.lostEvents,
      },
    );
  }

  /**
   * Yields the events of {@linkcode events}, each when it is reduced.
   *
   * @throws What {@linkcode Reduction.add} throws.
   */
  *reducedEvents(): Generator<DecodedEvent, void> {
    const { reduction } = this;
    for (const event of this.events()) {
      reduction.add(event);
      yield event;
    }
  }

  /**
   * Reads and reduces everything.
   *
   * @throws {TypeError} If there is no manifest.
   * @throws What {@linkcode reduceTrace} throws.
   */
  reduce(): RolloutTrace {
    const events = this.reducedEvents();
    while (events.next().done !== true);
    return this.reduction.finish();
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
