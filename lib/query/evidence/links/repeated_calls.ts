/**
 * The same tool call made again and again with the same result.
 *
 * @module
 */

import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import { toolLabel } from "../../session/names/tool_name.ts";
import type { TraceSession } from "../../session/session.ts";
import { payloadObject } from "../recorded/payload_fields.ts";
import { toolPreview } from "../tool_preview.ts";

/** Fewer calls in a row are no pattern. */
const MIN_REPEATS = 3;

/** Lines at the head of the output of a command that differ each time. */
const VOLATILE_LINE = /^(?:Chunk ID|Wall time): .*$/gm;

const RUNS: WeakMap<TraceSession, readonly ToolCall[][]> = new WeakMap();

/**
 * Returns the calls by models that were made at least three times in a row in a thread, with the
 * same input and the same result each time; in order. Results that were not recorded are the same
 * as none.
 */
export function repeatedRuns(session: TraceSession): readonly ToolCall[][] {
  const known = RUNS.get(session);
  if (known !== undefined) return known;
  const { trace } = session;
  const found = [...callsByThread(trace).values()].flatMap((calls) =>
    runsOf(calls, (tool) => previewKey(trace, tool))
      .flatMap((run) => runsOf(run, (tool) => contentKey(session, tool)))
  );
  RUNS.set(session, found);
  return found;
}

const FIRSTS: WeakMap<TraceSession, ReadonlyMap<ToolCall, ToolCall>> =
  new WeakMap();

/** Returns the first call of its run for each call that repeats it. */
export function firstOfRepeated(
  session: TraceSession,
): ReadonlyMap<ToolCall, ToolCall> {
  const known = FIRSTS.get(session);
  if (known !== undefined) return known;
  const found = new Map(
    repeatedRuns(session).flatMap(([first, ...repeats]) =>
      first === undefined ? [] : repeats.map((each) => [each, first] as const)
    ),
  );
  FIRSTS.set(session, found);
  return found;
}

function callsByThread({ tool_calls }: RolloutTrace): Map<string, ToolCall[]> {
  const found = new Map<string, ToolCall[]>();
  for (const tool of tool_calls.values()) {
    if (tool.requester.type !== "model") continue;
    const calls = found.get(tool.thread_id);
    if (calls === undefined) found.set(tool.thread_id, [tool]);
    else calls.push(tool);
  }
  for (const calls of found.values()) {
    calls.sort((a, b) =>
      a.execution.started_seq < b.execution.started_seq ? -1 : 1
    );
  }
  return found;
}

/** Runs of calls with the same key that are long enough; a call without a key is in none. */
function runsOf(
  calls: readonly ToolCall[],
  keyOf: (tool: ToolCall) => string | null,
): ToolCall[][] {
  const runs: ToolCall[][] = [];
  let last: string | null = null;
  for (const tool of calls) {
    const key = keyOf(tool);
    if (key !== null && key === last) runs.at(-1)?.push(tool);
    else runs.push([tool]);
    last = key;
  }
  return runs.filter(({ length }) => length >= MIN_REPEATS);
}

/** What the graph alone knows of a call: enough to find candidates without reading payloads. */
function previewKey(trace: RolloutTrace, tool: ToolCall): string {
  return JSON.stringify([toolLabel(tool), toolPreview(trace, tool)]);
}

/** The complete input and result of a call; null where one of them was not recorded. */
function contentKey(session: TraceSession, tool: ToolCall): string | null {
  const { raw_invocation_payload_id: invocation } = tool;
  // Where the recorder wrote no invocation, the preview is all of the input.
  const input = invocation === null
    ? toolPreview(session.trace, tool)
    : payloadObject(session, invocation);
  const result = payloadObject(session, tool.raw_result_payload_id);
  if (input === null || result === null) return null;
  const call = tool.model_visible_call_id;
  return JSON.stringify(
    [input, result],
    (_, value) =>
      value === call
        ? null
        : typeof value === "string"
        ? value.replaceAll(VOLATILE_LINE, "")
        : value,
  );
}
