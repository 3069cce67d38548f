/**
 * The calls of a thread, in the order in which they were made, and the time between them.
 *
 * @module
 */

import { elapsed } from "../../format/integers.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";

/** Every call of a thread, first one first. */
export function callsOfThread(
  { inference_calls }: RolloutTrace,
  thread: ThreadId,
): InferenceCall[] {
  return [...inference_calls.values()]
    .filter(({ thread_id }) => thread_id === thread)
    .sort((a, b) => a.execution.started_seq < b.execution.started_seq ? -1 : 1);
}

/**
 * Time from the end of the earlier of two calls to the start of the other, in milliseconds; null
 * where that end is unknown, or where the clock was set back meanwhile.
 */
export function gapBetween(a: InferenceCall, b: InferenceCall): Integer | null {
  const isInOrder = a.execution.started_seq <= b.execution.started_seq;
  const [before, after] = isInOrder ? [a, b] : [b, a];
  return elapsed(
    before.execution.ended_at_unix_ms,
    after.execution.started_at_unix_ms,
  );
}
