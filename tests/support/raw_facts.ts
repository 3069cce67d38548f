/**
 * What a bundle's files say, read without any code of the library: the truth that answers are
 * compared with.
 *
 * @module
 */

import { join } from "@std/path";
import { CORPUS } from "./corpus.ts";
import { recordedCases } from "./golden.ts";
import { TESTDATA } from "./paths.ts";

/** An event as `JSON.parse` gives it. */
export interface RawEvent {
  readonly seq: number;
  readonly wall_time_unix_ms: number;
  readonly thread_id: string | null;
  readonly codex_turn_id: string | null;
  // deno-lint-ignore no-explicit-any
  readonly payload: any;
}

/** The events of a bundle; the last line may be cut off. */
export function rawEvents(bundle: string): RawEvent[] {
  const lines = Deno.readTextFileSync(join(bundle, "trace.jsonl")).split("\n");
  return lines.filter((line) => line !== "").flatMap((line, at) => {
    try {
      return [JSON.parse(line)];
    } catch (error) {
      if (at === lines.length - 1) return [];
      throw error;
    }
  });
}

/** The events of some types. */
export function eventsOf(
  events: readonly RawEvent[],
  ...types: readonly string[]
): RawEvent[] {
  return events.filter(({ payload }) => types.includes(payload.type));
}

/** A payload of a bundle. */
// deno-lint-ignore no-explicit-any
export function rawPayload(bundle: string, ref: { path: string }): any {
  return JSON.parse(Deno.readTextFileSync(join(bundle, ref.path)));
}

/** Bundles that reduce without a loss: those of `testdata/upstream` and of the corpus. */
export function soundBundles(): readonly { name: string; bundle: string }[] {
  return [
    ...recordedCases(join(TESTDATA, "upstream")),
    ...recordedCases(CORPUS, 2),
  ].filter(({ state }) => state !== undefined);
}
