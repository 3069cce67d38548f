/**
 * Raw events of requests to models: inference and compaction.
 *
 * @module
 */

import type {
  CodexTurnId,
  CompactionId,
  CompactionRequestId,
  InferenceCallId,
  ThreadId,
} from "./ids.ts";
import type { RawPayloadRef } from "./payload.ts";
import type { Integer } from "./vocabulary.ts";

/** A request goes to a model. */
export interface InferenceStarted {
  /** Name of the event. */
  type: "inference_started";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** Model asked. */
  model: string;
  /** Who serves the model. */
  provider_name: string;
  /** The request as it was sent. */
  request_payload: RawPayloadRef;
  /** The prompt that Codex prepared for it. Schema 3, where it is required. */
  prepared_prompt_payload: RawPayloadRef | null;
  /** The whole input of a request that continues an unrecorded warm-up. Schema 3. */
  warmup_context_payload: RawPayloadRef | null;
  /**
   * Ids that Codex left out of tool outputs it sent: the index of the output in `input`, and its
   * id. Schema 3.
   */
  stripped_tool_output_ids: readonly (readonly [index: Integer, id: string])[];
}
/** A model answered. */
export interface InferenceCompleted {
  /** Name of the event. */
  type: "inference_completed";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Id the provider gave the answer. */
  response_id: string | null;
  /** Id the provider's server gave the request. */
  upstream_request_id: string | null;
  /** The answer as it came. */
  response_payload: RawPayloadRef;
}
/** A request failed, perhaps after part of the answer. */
export interface InferenceFailed {
  /** Name of the event. */
  type: "inference_failed";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Id the provider's server gave the request. */
  upstream_request_id: string | null;
  /** What went wrong, in the recorder's words. */
  error: string;
  /** What had come until then. */
  partial_response_payload: RawPayloadRef | null;
}
/** A request was given up, perhaps after part of the answer. */
export interface InferenceCancelled {
  /** Name of the event. */
  type: "inference_cancelled";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Id the provider's server gave the request. */
  upstream_request_id: string | null;
  /** Why, in the recorder's words. */
  reason: string;
  /** What had come until then. */
  partial_response_payload: RawPayloadRef | null;
}
/** A request for a summary of the history goes out. */
export interface CompactionRequestStarted {
  /** Name of the event. */
  type: "compaction_request_started";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The request. */
  compaction_request_id: CompactionRequestId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** Model asked. */
  model: string;
  /** Who serves the model. */
  provider_name: string;
  /** The request as it was sent. */
  request_payload: RawPayloadRef;
}
/** The summary came. */
export interface CompactionRequestCompleted {
  /** Name of the event. */
  type: "compaction_request_completed";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The request. */
  compaction_request_id: CompactionRequestId;
  /** The answer as it came. */
  response_payload: RawPayloadRef;
}
/** The summary did not come. */
export interface CompactionRequestFailed {
  /** Name of the event. */
  type: "compaction_request_failed";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The request. */
  compaction_request_id: CompactionRequestId;
  /** What went wrong, in the recorder's words. */
  error: string;
}
/** The history was replaced by a shorter one. */
export interface CompactionInstalled {
  /** Name of the event. */
  type: "compaction_installed";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The history before and after. */
  checkpoint_payload: RawPayloadRef;
}
