/**
 * Codecs of LLM requests and compactions.
 *
 * The histories that requests and compactions list are not references: they share their storage,
 * and an index of all of them would be as long as the square of the session.
 *
 * @module
 */

import type {
  Compaction,
  CompactionRequest,
  InferenceCall,
  TokenUsage,
} from "../inference.ts";
import {
  type Codec,
  integer,
  itemIds,
  nullable,
  record,
  ref,
  refs,
  text,
  versioned,
} from "./codec.ts";
import { execution } from "./session.ts";

const usage = record<TokenUsage>("usage", {
  input_tokens: integer,
  cached_input_tokens: integer,
  cache_write_input_tokens: integer,
  output_tokens: integer,
  reasoning_output_tokens: integer,
});

/** One LLM request and its response. */
export const inferenceCall: Codec<InferenceCall> = record<InferenceCall>(
  "inference_call",
  {
    inference_call_id: text,
    thread_id: ref("thread", "thread"),
    codex_turn_id: ref("turn", "turn"),
    execution,
    model: text,
    provider_name: text,
    response_id: nullable(text),
    upstream_request_id: nullable(text),
    request_item_ids: itemIds,
    response_item_ids: refs("item", "response_item"),
    tool_call_ids_started_by_response: refs("tool_call", "started_tool"),
    usage: nullable(usage),
    raw_request_payload_id: ref("payload", "request_payload"),
    prepared_prompt_payload_id: versioned(
      ref("payload", "prepared_prompt_payload"),
    ),
    raw_response_payload_id: nullable(ref("payload", "response_payload")),
  },
);

/** A history replaced by a shorter one. */
export const compaction: Codec<Compaction> = record<Compaction>("compaction", {
  compaction_id: text,
  thread_id: ref("thread", "thread"),
  codex_turn_id: ref("turn", "turn"),
  installed_at_unix_ms: integer,
  marker_item_id: ref("item", "marker_item"),
  request_ids: refs("compaction_request", "summary_request"),
  input_item_ids: itemIds,
  replacement_item_ids: refs("item", "replacement_item"),
});

/** One request that was made for a compaction. */
export const compactionRequest: Codec<CompactionRequest> = record<
  CompactionRequest
>("compaction_request", {
  compaction_request_id: text,
  compaction_id: ref("compaction", "compaction"),
  thread_id: ref("thread", "thread"),
  codex_turn_id: ref("turn", "turn"),
  execution,
  model: text,
  provider_name: text,
  raw_request_payload_id: ref("payload", "request_payload"),
  raw_response_payload_id: nullable(ref("payload", "response_payload")),
});
