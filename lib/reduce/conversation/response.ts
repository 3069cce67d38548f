/**
 * Responses of a model: their items, and their token counts.
 *
 * @module
 */

import { toInteger } from "../../format/integers.ts";
import { JsonNumber, parseExact } from "../../format/json/json_parse.ts";
import {
  isJsonObject,
  type JsonObject,
  type PayloadDocument,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TokenUsage } from "../../graph/runtime.ts";
import { commitList, type ListObservation } from "./commit_list.ts";
import { ListPlanner, type Matcher, matchNothing } from "./list_planner.ts";
import { UnusedOfContent } from "./matching.ts";
import type { NormalizedItem } from "../items/content_class.ts";
import { requiredItems } from "../items/item_reader.ts";
import { linkResponseTools } from "../runtime/item_links.ts";
import type { InferenceRecord, ItemRecord } from "../state/item_record.ts";
import type { EventContext, ThreadRecord } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** Reduces the output of an LLM request to items, and stores them as its response. */
export function reduceResponse(
  state: ReducerState,
  inference: InferenceRecord,
  document: PayloadDocument,
  ref: RawPayloadRef,
  context: EventContext,
): void {
  const { call } = inference;
  const thread = state.thread(call.thread_id);
  const elements = requiredItems(state, document, "output_items", ref);
  const observation: ListObservation = {
    thread,
    turnId: call.codex_turn_id,
    context,
    producers: [{
      type: "inference",
      inference_call_id: call.inference_call_id,
    }],
    visible: !state.rules.hidesUnacceptedOutput,
  };
  const listId = state.nextListId();
  const match = state.rules.responsesArePositional
    ? matchNothing
    : byResponsesId(thread, elements, listId);
  const records = commitList(
    state,
    new ListPlanner(state, thread, context).plan(elements, match, listId),
    observation,
  );
  extendSnapshot(state, thread, inference, records);
  storeResponse(state, inference, records);
}

/** Stores an empty response for one that was not recorded. */
export function reduceMissingResponse(
  state: ReducerState,
  inference: InferenceRecord,
): void {
  storeResponse(state, inference, []);
}

/** Matches output items with earlier items that have a Responses id of this output. */
function byResponsesId(
  thread: ThreadRecord,
  elements: readonly NormalizedItem[],
  listId: number,
): Matcher {
  const known: ItemRecord[] = [];
  for (const id of new Set(elements.map((element) => element.responsesId))) {
    if (id === null) continue;
    for (const record of thread.itemsByResponsesId.get(id) ?? []) {
      known.push(record);
    }
  }
  known.sort((a, b) => a.position - b.position);
  const byContent = new Map<number, UnusedOfContent>();
  for (const record of known) {
    let same = byContent.get(record.contentClass);
    if (same === undefined) {
      byContent.set(record.contentClass, same = new UnusedOfContent());
    }
    same.add(record, record.position);
  }
  return (_index, element) => {
    const record = byContent.get(element.contentClass)
      ?.first(element.responsesId, listId);
    if (record !== undefined) record.claimedByList = listId;
    return record;
  };
}

function extendSnapshot(
  state: ReducerState,
  thread: ThreadRecord,
  inference: InferenceRecord,
  records: readonly ItemRecord[],
): void {
  if (state.rules.responsesArePositional) {
    thread.snapshot = thread.snapshot.concat(records);
  } else if (thread.currentCall === inference && thread.replacement === null) {
    thread.snapshot = inference.request.concat(records);
  }
}

function storeResponse(
  state: ReducerState,
  inference: InferenceRecord,
  records: readonly ItemRecord[],
): void {
  for (const record of inference.response) record.responseOf.delete(inference);
  inference.response = [...records];
  for (const record of records) record.responseOf.add(inference);
  inference.call.response_item_ids = records.map((record) =>
    record.item.item_id
  );
  linkResponseTools(state, inference);
}

/**
 * Matches a usage whose numbers are plain integers that a JavaScript number can represent. Every
 * recorder writes it like this. Then the parsed value is exact.
 */
const PLAIN =
  /"token_usage"\s*:\s*\{\s*(?:"[a-z_]+"\s*:\s*(?:0|[1-9]\d{0,14})\s*(?:,\s*)?){0,32}\}/;

/** Returns the count of a key, `undefined` when there is no valid one. */
type Counter = (key: string) => Integer | undefined;

/**
 * Returns the token usage of a response; `null` when it has none, or when one of the four required
 * counts is not a 64-bit integer. Negative counts become 0.
 */
export function tokenUsageOf(document: PayloadDocument): TokenUsage | null {
  const count = counterOf(document);
  const input = count("input_tokens");
  const cached = count("cached_input_tokens");
  const output = count("output_tokens");
  const reasoning = count("reasoning_output_tokens");
  if (
    input === undefined || cached === undefined || output === undefined ||
    reasoning === undefined
  ) return null;
  return {
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: count("cache_write_input_tokens") ?? 0,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
  };
}

function counterOf(document: PayloadDocument): Counter {
  const root = document.value;
  const usage = isJsonObject(root) ? root["token_usage"] : undefined;
  if (!isJsonObject(usage)) return () => undefined;
  return isPlain(document.source())
    ? plainCounter(usage)
    : exactCounter(document);
}

/** Returns whether the text has one usage, which is plain. With two, the parsed one is unclear. */
function isPlain(text: string): boolean {
  const key = '"token_usage"';
  return text.indexOf(key) === text.lastIndexOf(key) && PLAIN.test(text);
}

function plainCounter(usage: JsonObject): Counter {
  return (key) => {
    const value = usage[key];
    return typeof value === "number" ? value : undefined;
  };
}

function exactCounter(document: PayloadDocument): Counter {
  const usage = parseExact(document.member("token_usage")?.source() ?? "null");
  return (key) => {
    const node = usage instanceof Map ? usage.get(key) : undefined;
    if (!(node instanceof JsonNumber)) return undefined;
    const value = toInteger(node.text, "i64");
    return value !== undefined && value < 0 ? 0 : value;
  };
}
