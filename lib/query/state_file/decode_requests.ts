/**
 * Requests to models, out of `state.json`. Their lists of items are still plain arrays: every
 * one of them names the whole conversation, so the storage that they share is found when all
 * are known.
 *
 * @module
 */

import type { ItemIdList } from "../../graph/conversation.ts";
import type {
  Compaction,
  CompactionRequest,
  InferenceCall,
  TokenUsage,
} from "../../graph/runtime.ts";
import { execution } from "./decode_session.ts";
import {
  nullable,
  record,
  type StateDecoder,
  text,
  texts,
  whole,
} from "./state_decoder.ts";

/** A plain array as a list of item ids. */
const itemIds: StateDecoder<ItemIdList> = (value) => {
  const ids = texts(value);
  return {
    length: ids.length,
    at: (index) => ids[index],
    toJSON: () => ids,
    [Symbol.iterator]: () => ids[Symbol.iterator](),
  };
};

/** One request to a model and its answer. */
export const inferenceCall = record<InferenceCall>({
  inference_call_id: text,
  thread_id: text,
  codex_turn_id: text,
  execution,
  model: text,
  provider_name: text,
  response_id: nullable(text),
  upstream_request_id: nullable(text),
  request_item_ids: itemIds,
  response_item_ids: texts,
  tool_call_ids_started_by_response: texts,
  usage: nullable(record<TokenUsage>({
    input_tokens: whole,
    cached_input_tokens: whole,
    cache_write_input_tokens: whole,
    output_tokens: whole,
    reasoning_output_tokens: whole,
  })),
  raw_request_payload_id: text,
  raw_response_payload_id: nullable(text),
});

/** A history replaced by a shorter one. */
export const compaction = record<Compaction>({
  compaction_id: text,
  thread_id: text,
  codex_turn_id: text,
  installed_at_unix_ms: whole,
  marker_item_id: text,
  request_ids: texts,
  input_item_ids: itemIds,
  replacement_item_ids: texts,
});

/** One request for a summary. */
export const compactionRequest = record<CompactionRequest>({
  compaction_request_id: text,
  compaction_id: text,
  thread_id: text,
  codex_turn_id: text,
  execution,
  model: text,
  provider_name: text,
  raw_request_payload_id: text,
  raw_response_payload_id: nullable(text),
});
