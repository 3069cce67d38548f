/**
 * Codec of the entire graph, and of payload references.
 *
 * @module
 */

import type {
  PayloadCapture,
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import type { RolloutStatus } from "../../format/vocabulary.ts";
import type { RecordingStatus, RolloutTrace } from "../rollout_trace.ts";
import {
  type Codec,
  embedded,
  flag,
  int32,
  integer,
  list,
  nullable,
  objects,
  optional,
  record,
  text,
  variants,
  variantsBy,
  versioned,
  words,
} from "./codec.ts";
import { item } from "./conversation.ts";
import {
  codeCell,
  compaction,
  compactionRequest,
  inferenceCall,
  terminalOperation,
  terminalSession,
  toolCall,
} from "./runtime.ts";
import { edge, thread, turn } from "./session.ts";

const kind = variants<{ type: RawPayloadKindName }>("payload_kind", {
  inference_request: {},
  prepared_prompt: {},
  model_item: {},
  content_value: {},
  warmup_context: {},
  inference_response: {},
  compaction_request: {},
  compaction_checkpoint: {},
  compaction_response: {},
  tool_invocation: {},
  tool_result: {},
  tool_runtime_event: {},
  terminal_runtime_event: {},
  protocol_event: {},
  session_metadata: {},
  agent_result: {},
});

const capture = variantsBy<PayloadCapture, "status">("status", "capture", {
  truncated: { original_bytes: integer, retained_bytes: integer },
  omitted: { original_bytes: integer },
});

const part = embedded(
  "payload",
  "part_payload",
  () => payload,
  "raw_payload_id",
);

/** A payload that an event refers to. */
export const payload: Codec<RawPayloadRef> = record<RawPayloadRef>("payload", {
  raw_payload_id: text,
  kind,
  path: versioned(text),
  shard: versioned(nullable(integer)),
  capture: optional(capture),
  parts: optional(list(part)),
});

/** The whole graph. */
export const rolloutTrace: Codec<RolloutTrace> = record<RolloutTrace>("root", {
  schema_version: int32,
  trace_id: text,
  rollout_id: text,
  started_at_unix_ms: integer,
  ended_at_unix_ms: nullable(integer),
  status: words<RolloutStatus>({
    running: true,
    completed: true,
    failed: true,
    aborted: true,
  }),
  recording_complete: versioned(flag, false),
  recording_status: versioned(
    words<RecordingStatus>({
      unclosed: true,
      complete: true,
      closed_with_partial_payloads: true,
    }),
    "unclosed",
  ),
  root_thread_id: text,
  threads: objects("thread", thread, "thread_id"),
  codex_turns: objects("turn", turn, "codex_turn_id"),
  conversation_items: objects("item", item, "item_id"),
  inference_calls: objects(
    "inference_call",
    inferenceCall,
    "inference_call_id",
  ),
  code_cells: objects("code_cell", codeCell, "code_cell_id"),
  tool_calls: objects("tool_call", toolCall, "tool_call_id"),
  terminal_sessions: objects(
    "terminal_session",
    terminalSession,
    "terminal_id",
  ),
  terminal_operations: objects(
    "terminal_operation",
    terminalOperation,
    "operation_id",
  ),
  compactions: objects("compaction", compaction, "compaction_id"),
  compaction_requests: objects(
    "compaction_request",
    compactionRequest,
    "compaction_request_id",
  ),
  interaction_edges: objects("edge", edge, "edge_id"),
  raw_payloads: objects("payload", payload, "raw_payload_id"),
});
