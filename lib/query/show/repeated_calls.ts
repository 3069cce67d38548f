/**
 * The same tool call made again and again with the same result, and what that cost.
 *
 * @module
 */

import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { InferenceCall, ToolCall } from "../../graph/runtime.ts";
import { knownCount, lostEvidence } from "../evidence/known_count.ts";
import { payloadObject } from "../evidence/recorded/payload_fields.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import type { Session } from "../session/session.ts";
import { CostCounter, type PriceTable } from "../stats/measures/cost.ts";
import { TokenCounter } from "../stats/measures/token_sum.ts";
import { toolPreview } from "../timeline/tool_preview.ts";
import type { RepeatedCall } from "./show_answer.ts";

/** Fewer calls in a row are no pattern. */
const MIN_REPEATS = 3;

/** Lines at the head of the output of a command that differ each time. */
const VOLATILE_LINE = /^(?:Chunk ID|Wall time): .*$/gm;

/**
 * Calls by models that were made at least three times in a row in a thread, with the same input
 * and the same result each time; in order. Results that were not recorded are the same as none.
 */
export function repeatedCalls(
  session: Session,
  prices: PriceTable | null,
): RepeatedCall[] {
  const { trace } = session;
  return [...callsByThread(trace).values()].flatMap((calls) =>
    runsOf(calls, (tool) => previewKey(trace, tool))
      .flatMap((run) => runsOf(run, (tool) => contentKey(session, tool)))
  ).map((run) => repeated(session, run, prices));
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
function contentKey(session: Session, tool: ToolCall): string | null {
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

function repeated(
  session: Session,
  run: readonly ToolCall[],
  prices: PriceTable | null,
): RepeatedCall {
  const { names, trace } = session;
  const [first] = run;
  const repeats = run.slice(1);
  const requests = requestsOf(trace, repeats);
  // Which request made a call is in its response.
  const areAllKnown = repeats.every(({ model_visible_call_item_ids: ids }) =>
    ids.length > 0
  );
  const tokens = new TokenCounter();
  const cost = new CostCounter(prices);
  for (const { model, usage } of requests) {
    tokens.add(usage);
    cost.add(model, usage);
  }
  return {
    tool: first === undefined ? "" : toolLabel(first),
    preview: first === undefined ? null : toolPreview(trace, first),
    calls: run.map(({ tool_call_id: id }) => names.ref("tool_call", id)),
    repeated_requests: knownCount(requests.length, !areAllKnown),
    repeated_tokens: tokens.sum(lostEvidence(session)),
    repeated_cost: cost.cost,
  };
}

/** The requests whose responses made the calls, each once. */
function requestsOf(
  { inference_calls }: RolloutTrace,
  run: readonly ToolCall[],
): InferenceCall[] {
  const items = new Set(
    run.flatMap(({ model_visible_call_item_ids: ids }) => ids),
  );
  return [...inference_calls.values()].filter(({ response_item_ids: ids }) =>
    [...ids].some((id) => items.has(id))
  );
}
