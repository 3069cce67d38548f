/**
 * The calls of a thread, in the order in which they were made.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
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
