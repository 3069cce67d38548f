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
  boolean,
  type Codec,
  embedded,
  enumOf,
  int32,
  int64,
  list,
  nullable,
  objects,
  optional,
  record,
  string,
  variants,
  variantsBy,
  versioned,
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
  truncated: { original_bytes: int64, retained_bytes: int64 },
  omitted: { original_bytes: int64 },
});

const part = embedded(
  "payload",
  "part_payload",
  () => payload,
  "raw_payload_id",
);

/** A payload that an event refers to. */
const payload: Codec<RawPayloadRef> = record<RawPayloadRef>("payload", {
  raw_payload_id: string,
  kind,
  path: versioned(string),
  shard: versioned(nullable(int64)),
  capture: optional(capture),
  parts: optional(list(part)),
});

/** The entire graph. */
export const rolloutTrace: Codec<RolloutTrace> = record<RolloutTrace>("root", {
  schema_version: int32,
  trace_id: string,
  rollout_id: string,
  started_at_unix_ms: int64,
  ended_at_unix_ms: nullable(int64),
  status: enumOf<RolloutStatus>({
    running: true,
    completed: true,
    failed: true,
    aborted: true,
  }),
  recording_complete: versioned(boolean, false),
  recording_status: versioned(
    enumOf<RecordingStatus>({
      unclosed: true,
      complete: true,
      closed_with_partial_payloads: true,
    }),
    "unclosed",
  ),
  root_thread_id: string,
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
