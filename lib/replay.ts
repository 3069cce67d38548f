/**
 * A bundle folder, reduced: reads manifest, log and payloads and passes them to the reducer.
 *
 * @module
 */

import { BundleFolder } from "./bundle/inside_file.ts";
import { type Limits, limitsWith } from "./bundle/limits.ts";
import { readManifest } from "./bundle/manifest_file.ts";
import type { PayloadCounters } from "./bundle/payloads/bundle_payloads.ts";
import type { DiagnosticSink } from "./diagnostic.ts";
import type { DecodedEvent } from "./format/event.ts";
import type { RolloutTrace } from "./graph/rollout_trace.ts";
import { ReplaySource } from "./replay_source.ts";
import { schemaOfBundle } from "./schema/registry.ts";

/** How a bundle is replayed. */
export interface ReplayOptions {
  /**
   * Whether requests are compared with the one before them, which is what makes long sessions
   * fast. The result is the same without; default `true`.
   */
  readonly sharePrefixes?: boolean;
  /**
   * Whether to reduce around what is wrong instead of giving up: bad lines and events are
   * skipped whole and reported, and a schema newer than every known one is read by the rules of
   * the newest. A manifest that cannot be read is still an error.
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
  const { tolerant = false, onCounters } = options;
  const limits = limitsWith(options.limits);
  const manifest = readManifest(new BundleFolder(dir), limits);
  const schema = schemaOfBundle(manifest, tolerant);
  const target = { dir, manifest, schema };
  using source = new ReplaySource(target, { ...options, tolerant, limits });
  const trace = source.reduce();
  source.payloads.finish();
  onCounters?.({ ...source.payloads.counters, ...source.counts });
  return trace;
}
