/**
 * Calls that a request carried without their outputs: providers refuse such a prompt.
 *
 * @module
 */

import type { ConversationItemId } from "../format/ids.ts";
import { isComplete } from "../format/payload.ts";
import type { ConversationItem, ItemIdList } from "./conversation.ts";
import { type ItemIdStorage, SharedItemIdList } from "./item_id_list.ts";
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
): readonly ConversationItem[] {
  if (mayLackOutputs(trace, call)) return [];
  const { request_item_ids: list } = call;
  if (!(list instanceof SharedItemIdList)) {
    return new OpenCalls(trace).after(list);
  }
  let calls = CALLS_OF_VECTORS.get(list.storage);
  if (calls === undefined || calls.length > list.length) {
    calls = new OpenCalls(trace);
    CALLS_OF_VECTORS.set(list.storage, calls);
  }
  return calls.after(list);
}

/** The calls among the first items of a vector, without those whose outputs are there as well. */
class OpenCalls {
  readonly #trace: RolloutTrace;
  readonly #answered: Set<ConversationItem["call_id"]> = new Set();
  #calls: readonly ConversationItem[] = [];
  /** How many items were read. */
  length = 0;

  /** Begins with no item; `trace` has the items. */
  constructor(trace: RolloutTrace) {
    this.#trace = trace;
  }

  /** Reads on to the end of a list that begins with the items that were read; returns the calls. */
  after(list: ItemIdList): readonly ConversationItem[] {
    const calls = [...this.#calls];
    for (; this.length < list.length; this.length++) {
      const id = list.at(this.length);
      const item = id === undefined
        ? undefined
        : this.#trace.conversation_items.get(id);
      if (item === undefined) continue;
      if (isOutput(item)) this.#answered.add(item.call_id);
      else if (isCall(item)) calls.push(item);
    }
    return this.#calls = calls.filter(({ call_id: id }) =>
      !this.#answered.has(id)
    );
  }
}

/** How far each vector was read: the next request begins with the items of the one before. */
const CALLS_OF_VECTORS: WeakMap<ItemIdStorage, OpenCalls> = new WeakMap();

/** Every call of a session that was sent and never has an output, in order of creation. */
export function unansweredCalls(trace: RolloutTrace): UnansweredCall[] {
  const items = [...trace.conversation_items.values()];
  const answered = new Set(items.filter(isOutput).map(keyOf));
  const left = new Map(
    items.filter((item) => isCall(item) && !answered.has(keyOf(item)))
      .map((item) => [item.item_id, item]),
  );
  const found: UnansweredCall[] = [];
  const read = new Map<ItemIdStorage, number>();
  for (const call of trace.inference_calls.values()) {
    if (left.size === 0) break;
    if (mayLackOutputs(trace, call)) continue;
    for (const id of idsAfter(read, call.request_item_ids)) {
      const item = left.get(id);
      if (item === undefined) continue;
      found.push({ item, call });
      left.delete(id);
    }
  }
  return found;
}

/** The ids of a list after those that were read of its vector: each request repeats those before. */
function* idsAfter(
  read: Map<ItemIdStorage, number>,
  list: ItemIdList,
): Iterable<ConversationItemId> {
  if (!(list instanceof SharedItemIdList)) return yield* list;
  const { storage, length } = list;
  for (let at = read.get(storage) ?? 0; at < length; at++) {
    yield storage.idAt(at);
  }
  read.set(storage, Math.max(length, read.get(storage) ?? 0));
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
