/**
 * Calls that a request carried without their outputs: providers refuse such a prompt.
 *
 * @module
 */

import { isComplete } from "../format/payload.ts";
import type { ConversationItem } from "./conversation.ts";
import type { RolloutTrace } from "./rollout_trace.ts";
import type { InferenceCall } from "./runtime.ts";

/** A call without an output in any request, and the first request that carried it. */
export interface UnansweredCall {
  readonly item: ConversationItem;
  readonly call: InferenceCall;
}

/**
 * Calls in the prompt of a request without an output in the same prompt, in its order. Empty where
 * the request was not completely recorded.
 */
export function callsWithoutOutput(
  trace: RolloutTrace,
  call: InferenceCall,
): ConversationItem[] {
  if (mayLackOutputs(trace, call)) return [];
  const calls: ConversationItem[] = [];
  const answered = new Set<ConversationItem["call_id"]>();
  for (const id of call.request_item_ids) {
    const item = trace.conversation_items.get(id);
    if (item === undefined) continue;
    if (isOutput(item)) answered.add(item.call_id);
    else if (isCall(item)) calls.push(item);
  }
  return calls.filter(({ call_id }) => !answered.has(call_id));
}

/** Every call of a session that was sent and never has an output, in order of creation. */
export function unansweredCalls(trace: RolloutTrace): UnansweredCall[] {
  const items = [...trace.conversation_items.values()];
  const answered = new Set(items.filter(isOutput).map(keyOf));
  const left = new Map(
    items.filter((item) => isCall(item) && !answered.has(keyOf(item)))
      .map((item) => [item.item_id, item]),
  );
  const found: UnansweredCall[] = [];
  for (const call of trace.inference_calls.values()) {
    if (left.size === 0) break;
    if (mayLackOutputs(trace, call)) continue;
    for (const id of call.request_item_ids) {
      const item = left.get(id);
      if (item === undefined) continue;
      found.push({ item, call });
      left.delete(id);
    }
  }
  return found;
}

function isCall({ kind, call_id: id }: ConversationItem): boolean {
  return id !== null &&
    (kind === "function_call" || kind === "custom_tool_call");
}

function isOutput({ kind }: ConversationItem): boolean {
  return kind === "function_call_output" || kind === "custom_tool_call_output";
}

function keyOf({ thread_id, call_id }: ConversationItem): string {
  return JSON.stringify([thread_id, call_id]);
}

/** Whether a request, or the warm-up that it continues, was not completely recorded. */
function mayLackOutputs(
  trace: RolloutTrace,
  { raw_request_payload_id: id }: InferenceCall,
): boolean {
  const ref = trace.raw_payloads.get(id);
  return ref === undefined || !isComplete(ref) || lacksWarmup(trace);
}

/** Whether each trace lacks a part of a warm-up, with as many payloads as it had then. */
const LACKS_WARMUP = new WeakMap<
  RolloutTrace,
  { payloads: number; lacks: boolean }
>();

/** Whether a warm-up was not completely recorded. Payloads are searched once, not for each call. */
function lacksWarmup(trace: RolloutTrace): boolean {
  const { raw_payloads: refs } = trace;
  const known = LACKS_WARMUP.get(trace);
  if (known?.payloads === refs.size) return known.lacks;
  const lacks = refs.values().some((each) =>
    each.kind.type === "warmup_context" && !isComplete(each)
  );
  LACKS_WARMUP.set(trace, { payloads: refs.size, lacks });
  return lacks;
}
