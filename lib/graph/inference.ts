/**
 * Reduced model, requests to models: inference calls and compactions.
 *
 * @module
 */

import type {
  CodexTurnId,
  CompactionId,
  CompactionRequestId,
  ConversationItemId,
  InferenceCallId,
  RawPayloadId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { Integer, UnixMs } from "../format/vocabulary.ts";
import type { ItemIdList } from "./conversation.ts";
import type { ExecutionWindow } from "./session.ts";

/** Tokens of one call. Cached tokens are part of the input, reasoning tokens of the output. */
export interface TokenUsage {
  /** All input. */
  input_tokens: Integer;
  /** Input served from a cache. */
  cached_input_tokens: Integer;
  /** Input written to a cache. */
  cache_write_input_tokens: Integer;
  /** All output. */
  output_tokens: Integer;
  /** Output that was reasoning. */
  reasoning_output_tokens: Integer;
}

/** One request to a model and its answer. */
export interface InferenceCall {
  /** Its id. */
  inference_call_id: InferenceCallId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** Model asked. */
  model: string;
  /** Who serves the model. */
  provider_name: string;
  /** Id the provider gave the answer. */
  response_id: string | null;
  /** Id the provider's server gave the request. */
  upstream_request_id: string | null;
  /** Everything the model saw, in order; for an incremental request with what it builds on. */
  request_item_ids: ItemIdList;
  /** What the model answered, in order. */
  response_item_ids: readonly ConversationItemId[];
  /** Tool calls that the answer asked for. */
  tool_call_ids_started_by_response: readonly ToolCallId[];
  /** Null when the provider told none. */
  usage: TokenUsage | null;
  /** Payload of the request. */
  raw_request_payload_id: RawPayloadId;
  /** Payload of the prompt that Codex prepared for the request. Schema 3. */
  prepared_prompt_payload_id?: RawPayloadId;
  /** Payload of the answer; null when none came. */
  raw_response_payload_id: RawPayloadId | null;
}

/** A history replaced by a shorter one. */
export interface Compaction {
  /** Its id. */
  compaction_id: CompactionId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** When the new history took effect. */
  installed_at_unix_ms: UnixMs;
  /** The item that marks the place in the conversation. */
  marker_item_id: ConversationItemId;
  /** The requests made for it. */
  request_ids: readonly CompactionRequestId[];
  /** The history before. */
  input_item_ids: ItemIdList;
  /** The history after. */
  replacement_item_ids: readonly ConversationItemId[];
}

/** One request for a summary of the history. */
export interface CompactionRequest {
  /** Its id. */
  compaction_request_id: CompactionRequestId;
  /** The compaction. */
  compaction_id: CompactionId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** Model asked. */
  model: string;
  /** Who serves the model. */
  provider_name: string;
  /** Payload of the request. */
  raw_request_payload_id: RawPayloadId;
  /** Payload of the answer; null when none came. */
  raw_response_payload_id: RawPayloadId | null;
}
