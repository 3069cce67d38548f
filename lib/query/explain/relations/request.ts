/**
 * What prompted an LLM request, and the effects of its response.
 *
 * @module
 */

import { callsWithoutOutput } from "../../../graph/unanswered_calls.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { isRequestLost, lostPayloads } from "../../evidence/recorded/losses.ts";
import { effectiveRequest } from "../../evidence/recorded/effective_request.ts";
import {
  areComparable,
  mayLackItems,
} from "../../evidence/recorded/listed_items.ts";
import type { Link } from "../link.ts";
import { encryptedItems } from "./encrypted_item.ts";
import type { ExplainContext } from "../explain_context.ts";

/** More items than these are not gone through for what is new. */
const MAX_NEW = 500;

/** What a request brought that no request had brought before; else the one it repeats. */
export function requestOrigin(context: ExplainContext, id: string): Link[] {
  const call = context.trace.inference_calls.get(id);
  if (call === undefined) return [];
  const prompts = [
    ...withoutOutput(context, call),
    ...promptsOf(context, call),
  ];
  if (prompts.length > 0) return prompts;
  const before = neighbour(context, call, -1);
  return before === undefined || !isNewKnown(context, call)
    ? []
    : [context.link(
      "repeats",
      { kind: "inference_call", id: before.inference_call_id },
      ["inference_call", before.inference_call_id, "end"],
    )];
}

/** Calls that the request carried without their outputs, and what is known of their tools. */
function withoutOutput(context: ExplainContext, call: InferenceCall): Link[] {
  const { inference_call_id: id } = call;
  return callsWithoutOutput(context.trace, call).map((item) => {
    const link = context.link(
      "lacks_output_of",
      { kind: "item", id: item.item_id },
      ["inference_call", id, "start"],
    );
    const note = toolNote(context, item.item_id);
    return note === null ? link : { ...link, note };
  });
}

/** How the tool of a call ended, where it has no output; null where no tool is known. */
export function toolNote(
  { session, trace, links }: ExplainContext,
  item: string,
): string | null {
  const [maker] = links.to("item", item, "call_item");
  const tool = trace.tool_calls.get(maker?.from.id ?? "");
  if (tool === undefined) return null;
  const { tool_call_id: id, started_by_codex_turn_id: turn, execution } = tool;
  const name = session.names.handle("tool_call", id);
  if (execution.status !== "running") return `${name} ${execution.status}`;
  const ended = trace.codex_turns.get(turn ?? "")?.execution.status;
  return ended === "cancelled" || ended === "aborted"
    ? `${name} never ended, ${
      session.names.handle("turn", turn ?? "")
    } was ${ended}`
    : `${name} never ended`;
}

/** The items of the answer, the tools it asked for, and the next request of the thread. */
export function requestLeads(context: ExplainContext, id: string): Link[] {
  const call = context.trace.inference_calls.get(id);
  if (call === undefined) return [];
  const next = neighbour(context, call, 1);
  const itemised = new Set(
    call.response_item_ids.flatMap((item) =>
      context.links.to("item", item, "call_item").map(({ from }) => from.id)
    ),
  );
  return [
    ...encryptedItems(context, "inference_call", id, call.thread_id),
    ...call.response_item_ids.map((item) =>
      context.link(
        "answered_with",
        { kind: "item", id: item },
        ["inference_call", id, "end"],
      )
    ),
    ...call.tool_call_ids_started_by_response
      .filter((tool) => !itemised.has(tool))
      .map((tool) =>
        context.link(
          "requested_tool_call",
          { kind: "tool_call", id: tool },
          ["tool_call", tool, "start"],
        )
      ),
    ...next === undefined ? [] : [{
      ...context.link(
        "next_request",
        { kind: "inference_call", id: next.inference_call_id },
        ["inference_call", next.inference_call_id, "start"],
      ),
      leaf: true,
    }],
  ];
}

/**
 * Items at the end of a request's input that no request had carried before and that are in
 * no response: what the model was to react to. The newest first.
 */
export function newItems(
  context: ExplainContext,
  call: InferenceCall,
): string[] {
  const { request_item_ids: ids } = call;
  const { links } = context;
  const fresh: string[] = [];
  for (let at = ids.length - 1; at >= 0 && fresh.length < MAX_NEW; at--) {
    const id = ids.at(at);
    if (id === undefined) break;
    if (links.carriers.requests(id).first !== call) break;
    if (links.to("item", id, "response_item").length === 0) fresh.push(id);
  }
  return fresh;
}

/** What was new in a request. */
export function promptsOf(
  context: ExplainContext,
  call: InferenceCall,
): Link[] {
  const { inference_call_id: id } = call;
  const note = isNewKnown(context, call) ? {} : { note: "as far as recorded" };
  return newItems(context, call).map((item) => ({
    ...context.link(
      "prompted_by",
      { kind: "item", id: item },
      ["inference_call", id, "start"],
    ),
    ...note,
  }));
}

/** Whether it is known which items of a request are new: both requests were recorded. */
export function isNewKnown(
  context: ExplainContext,
  call: InferenceCall,
): boolean {
  const { session, trace } = context;
  const { ref } = effectiveRequest(session, call);
  const before = neighbour(context, call, -1);
  if (isRequestLost(session, call)) return false;
  if (before === undefined) return areComparable(ref, undefined);
  const answer = before.raw_response_payload_id ?? "";
  return areComparable(ref, effectiveRequest(session, before).ref) &&
    !isRequestLost(session, before) && !lostPayloads(session).has(answer) &&
    !mayLackItems(trace.raw_payloads.get(answer));
}

/** The request before or after another in its thread. */
function neighbour(
  { links }: ExplainContext,
  call: InferenceCall,
  step: -1 | 1,
): InferenceCall | undefined {
  const calls = links.callsOf(call.thread_id);
  const at = links.placeOf(call);
  return at === undefined ? undefined : calls[at + step];
}
