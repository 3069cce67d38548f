/**
 * Reduces a session while it is recorded.
 *
 * @module
 */

import { limitsWith } from "../../bundle/limits.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import type { DecodedEvent } from "../../format/event.ts";
import type { TraceBundleManifest } from "../../format/manifest.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { BundleReplay, type ReplayOptions } from "../../replay.ts";
import { schemaOfBundle } from "../../schema/registry.ts";

/** How a bundle is replayed while it is recorded: tolerantly. */
export type OpenReplayOptions = Omit<
  ReplayOptions,
  "tolerant" | "onEvent" | "onCounters"
>;

/**
 * Opens the bundle of a session that may still be recorded.
 *
 * @example Reduce what was recorded until now
 * ```ts
 * import { openReplay } from "rollout-trace";
 *
 * using replay = openReplay("testdata/upstream/0.164.0-shell/bundle");
 * let events = 0;
 * // Again whenever the log may have grown.
 * for (const _ of replay.events()) events++;
 * if (replay.graph().inference_calls.size !== 3) throw new Error("not 3 requests");
 * ```
 *
 * @param dir The folder with `manifest.json`, `trace.jsonl` and `payloads/`.
 * @throws {BundleFormatError} If the manifest or the log cannot be read.
 */
export function openReplay(
  dir: string,
  options: OpenReplayOptions = {},
): OpenReplay {
  return new OpenReplay(dir, options);
}

/**
 * A reduction that takes events as they are recorded. An event costs the work for that event.
 *
 * It is the reduction of `replayBundle()`, so the graph is at any moment that of a tolerant replay
 * of the complete lines that were read.
 */
export class OpenReplay implements Disposable {
  /** The manifest of the bundle. */
  readonly manifest: TraceBundleManifest;
  readonly #replay: BundleReplay;

  /**
   * Made by {@linkcode openReplay}.
   *
   * @internal
   */
  constructor(dir: string, options: OpenReplayOptions) {
    const files = new DiskFiles(dir);
    const limits = limitsWith(options.limits);
    this.manifest = readManifest(files, limits);
    const schema = schemaOfBundle(this.manifest, true);
    const target = { files, manifest: this.manifest, schema };
    this.#replay = new BundleReplay(target, {
      ...options,
      limits,
      tolerant: true,
      growsIn: files,
    });
  }

  /**
   * Yields the events that were recorded since the last call, each when it is reduced. A line
   * without its end waits for the rest.
   *
   * @throws {BundleFormatError} If the log was replaced, truncated or removed.
   * @throws {LimitError} If the log goes beyond a limit.
   */
  events(): Generator<DecodedEvent, void> {
    return this.#replay.reducedEvents();
  }

  /**
   * Returns the graph of the events so far. Its objects belong to the reduction: the next event may
   * change them. What is pending then, such as an edge whose recipient is unknown, is not reported.
   */
  graph(): RolloutTrace {
    return this.#replay.reduction.graph();
  }

  /** Closes the log. */
  [Symbol.dispose](): void {
    this.#replay[Symbol.dispose]();
  }
}
