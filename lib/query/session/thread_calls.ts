/**
 * The calls of a thread, in the order in which they were made.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";

/** The calls of a graph, and how many it had of them. */
interface KnownCalls {
  readonly count: number;
  readonly byThread: ReadonlyMap<ThreadId, readonly InferenceCall[]>;
}

/** Questions ask for one thread after the other: to find each in all calls is quadratic. */
const CALLS: WeakMap<RolloutTrace, KnownCalls> = new WeakMap();

/** Every call of a thread, first one first. */
export function callsOfThread(
  trace: RolloutTrace,
  thread: ThreadId,
): readonly InferenceCall[] {
  let known = CALLS.get(trace);
  // The graph of a recording that still runs gets more calls.
  if (known?.count !== trace.inference_calls.size) {
    known = callsByThread(trace);
    CALLS.set(trace, known);
  }
  return known.byThread.get(thread) ?? [];
}

function callsByThread({ inference_calls }: RolloutTrace): KnownCalls {
  const calls = [...inference_calls.values()];
  calls.sort((a, b) =>
    a.execution.started_seq < b.execution.started_seq ? -1 : 1
  );
  return {
    count: calls.length,
    byThread: Map.groupBy(calls, ({ thread_id }) => thread_id),
  };
}
