/**
 * A bundle folder, reduced: reads manifest, log and payloads and hands them to the reducer.
 *
 * @module
 */

import { openBundleFile } from "./bundle/bundle_file.ts";
import { EventCount } from "./bundle/log/event_count.ts";
import { readEventLog } from "./bundle/log/event_log.ts";
import { EventOrder } from "./bundle/log/event_order.ts";
import { tolerantJudge } from "./bundle/log/line_judge.ts";
import { BundleFolder } from "./bundle/inside_file.ts";
import { type Limits, limitsWith, ReadBudget } from "./bundle/limits.ts";
import { LogGuard } from "./bundle/log/log_guard.ts";
import { readManifest } from "./bundle/manifest_file.ts";
import { type PayloadCounters, PayloadFiles } from "./bundle/payload_files.ts";
import type { DiagnosticSink } from "./diagnostic.ts";
import type { DecodedEvent } from "./format/event.ts";
import type { RolloutTrace } from "./graph/rollout_trace.ts";
import { EVENT_LOG_FILE } from "./format/manifest.ts";
import { reduceTrace } from "./reduce/reduce.ts";

/** How a bundle is replayed. */
export interface ReplayOptions {
  /**
   * Whether requests are told against the one before them, which is what makes long sessions
   * fast. The result is the same without; default `true`.
   */
  readonly sharePrefixes?: boolean;
  /**
   * Whether to reduce around what is wrong instead of giving up: bad lines and events are
   * skipped whole and reported. A manifest that cannot be read is still an error.
   */
  readonly tolerant?: boolean;
  /** How much of a bundle is taken at most, where that is not to be the default. */
  readonly limits?: Partial<Limits>;
  /** Gets what was skipped, and what a reader of the graph should know. */
  readonly onDiagnostic?: DiagnosticSink;
  /** Gets every event that is taken, before it is reduced. */
  readonly onEvent?: (event: DecodedEvent) => void;
  /** Gets how much there was and how much work it took, once the bundle is reduced. */
  readonly onCounters?: (counters: ReplayCounters) => void;
}

/** How much there was in a bundle, and how much work reading it took. */
export interface ReplayCounters extends PayloadCounters {
  /** Lines of the log that are not blank: an event each, or what is left of one. */
  readonly events: number;
  /** Those that a tolerant replay did not reduce. */
  readonly skippedEvents: number;
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
 * @throws {PayloadError} If a payload nobody used is missing or malformed (schema 2).
 */
export function replayBundle(
  dir: string,
  options: ReplayOptions = {},
): RolloutTrace {
  const limits = limitsWith(options.limits);
  const budget = new ReadBudget(limits);
  const folder = new BundleFolder(dir);
  const { manifest, schema } = readManifest(folder, limits);
  const { sharePrefixes = true } = options;
  const payloads = new PayloadFiles(dir, { sharePrefixes, limits, budget });
  using log = openBundleFile(folder, EVENT_LOG_FILE);
  const guard = new LogGuard(limits, budget);
  const order = schema === 1 ? undefined : new EventOrder(manifest.rollout_id);
  const count = new EventCount(options.onDiagnostic ?? (() => {}));
  const judge = options.tolerant
    ? count.judging(tolerantJudge(count.tell))
    : undefined;
  const read = count.counting(
    readEventLog(log.file, schema, order, judge, guard),
  );
  const { onEvent } = options;
  const events = onEvent === undefined ? read : told(read, onEvent);
  const trace = reduceTrace(manifest, schema, events, payloads, {
    tolerant: options.tolerant ?? false,
    onDiagnostic: count.skipping,
    mostCarried: limits.carried,
    hasGaps: () => count.hasLosses,
  });
  payloads.finish();
  options.onCounters?.({ ...payloads.counters, ...count.told() });
  return trace;
}

/** The same events, each told first. */
function* told(
  events: Iterable<DecodedEvent>,
  onEvent: (event: DecodedEvent) => void,
): Generator<DecodedEvent, void> {
  for (const event of events) {
    onEvent(event);
    yield event;
  }
}
