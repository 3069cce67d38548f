/**
 * Codec of the whole graph.
 *
 * @module
 */

import type { RolloutStatus } from "../../format/vocabulary.ts";
import type { RecordingStatus, RolloutTrace } from "../rollout_trace.ts";
import {
  type Codec,
  flag,
  int32,
  integer,
  nullable,
  objects,
  record,
  text,
  versioned,
  words,
} from "./codec.ts";
import { item } from "./conversation.ts";
import { compaction, compactionRequest, inferenceCall } from "./inference.ts";
import { payload } from "./payload.ts";
import { edge, thread, turn } from "./session.ts";
import { terminalOperation, terminalSession } from "./terminal.ts";
import { codeCell, toolCall } from "./tool.ts";

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
