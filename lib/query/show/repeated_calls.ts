/**
 * What the same tool call cost that was made again and again with the same result.
 *
 * @module
 */

import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { InferenceCall, ToolCall } from "../../graph/runtime.ts";
import { knownCount, lostEvidence } from "../evidence/known_count.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import type { TraceSession } from "../session/session.ts";
import { CostCounter, type PriceTable } from "../stats/measures/cost.ts";
import { TokenCounter } from "../stats/measures/token_sum.ts";
import { repeatedRuns } from "../evidence/links/repeated_calls.ts";
import { toolPreview } from "../evidence/tool_preview.ts";
import type { RepeatedCall } from "./show_answer.ts";

/**
 * Calls by models that were made at least three times in a row in a thread, with the same input
 * and the same result each time; in order. Results that were not recorded are the same as none.
 */
export function repeatedCalls(
  session: TraceSession,
  prices: PriceTable | null,
): RepeatedCall[] {
  return repeatedRuns(session).map((run) => repeated(session, run, prices));
}

function repeated(
  session: TraceSession,
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
