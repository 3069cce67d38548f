/**
 * Reduced model, what ran: inference calls, tool calls, code cells, terminals, compactions and
 * the edges between agents.
 *
 * @module
 */

import type {
  CodeCellId,
  CodexTurnId,
  CompactionId,
  CompactionRequestId,
  ConversationItemId,
  EdgeId,
  InferenceCallId,
  ModelVisibleCallId,
  RawPayloadId,
  RuntimeCellId,
  TerminalId,
  TerminalOperationId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type {
  CodeCellRuntimeStatus,
  Integer,
  ToolCallKind,
  ToolCallSummary,
  UnixMs,
} from "../format/vocabulary.ts";
import type { ItemIdList } from "./conversation.ts";
import type { ExecutionWindow } from "./session.ts";

/** Tokens of one call. Cached tokens are part of the input, reasoning tokens of the output. */
export interface TokenUsage {
  input_tokens: Integer;
  cached_input_tokens: Integer;
  cache_write_input_tokens: Integer;
  output_tokens: Integer;
  reasoning_output_tokens: Integer;
}

/** One request to a model and its answer. */
export interface InferenceCall {
  inference_call_id: InferenceCallId;
  thread_id: ThreadId;
  codex_turn_id: CodexTurnId;
  execution: ExecutionWindow;
  model: string;
  provider_name: string;
  response_id: string | null;
  upstream_request_id: string | null;
  /** Everything the model saw, in order; for an incremental request with what it builds on. */
  request_item_ids: ItemIdList;
  response_item_ids: readonly ConversationItemId[];
  tool_call_ids_started_by_response: readonly ToolCallId[];
  /** Null when the provider told none. */
  usage: TokenUsage | null;
  raw_request_payload_id: RawPayloadId;
  raw_response_payload_id: RawPayloadId | null;
}

/** A piece of JavaScript the model had run, which may call tools itself. */
export interface CodeCell {
  code_cell_id: CodeCellId;
  model_visible_call_id: ModelVisibleCallId;
  thread_id: ThreadId;
  codex_turn_id: CodexTurnId;
  source_item_id: ConversationItemId;
  output_item_ids: readonly ConversationItemId[];
  runtime_cell_id: RuntimeCellId | null;
  execution: ExecutionWindow;
  runtime_status: CodeCellRuntimeStatus;
  initial_response_at_unix_ms: UnixMs | null;
  initial_response_seq: Integer | null;
  initial_response_status: CodeCellRuntimeStatus | null;
  raw_initial_response_payload_id: RawPayloadId | null;
  raw_result_payload_id: RawPayloadId | null;
  yielded_at_unix_ms: UnixMs | null;
  yielded_seq: Integer | null;
  source_js: string;
  nested_tool_call_ids: readonly ToolCallId[];
  wait_tool_call_ids: readonly ToolCallId[];
}

/** Who asked for a tool call. */
export type ToolCallRequester =
  | { type: "model" }
  | { type: "code_cell"; code_cell_id: CodeCellId };

/** One call of a tool. */
export interface ToolCall {
  tool_call_id: ToolCallId;
  mcp_call_id: string | null;
  model_visible_call_id: ModelVisibleCallId | null;
  code_mode_runtime_tool_id: string | null;
  /** The cell that this `exec` call started. Schema 2. */
  started_code_cell_id?: CodeCellId;
  thread_id: ThreadId;
  started_by_codex_turn_id: CodexTurnId | null;
  execution: ExecutionWindow;
  requester: ToolCallRequester;
  kind: ToolCallKind;
  model_visible_call_item_ids: readonly ConversationItemId[];
  model_visible_output_item_ids: readonly ConversationItemId[];
  terminal_operation_id: TerminalOperationId | null;
  summary: ToolCallSummary;
  raw_invocation_payload_id: RawPayloadId | null;
  raw_result_payload_id: RawPayloadId | null;
  raw_runtime_payload_ids: readonly RawPayloadId[];
}

/** A running process that operations write to and read from. */
export interface TerminalSession {
  terminal_id: TerminalId;
  thread_id: ThreadId;
  created_by_operation_id: TerminalOperationId;
  operation_ids: readonly TerminalOperationId[];
  /** Never ends: no event tells when a process died. */
  execution: ExecutionWindow;
}

/** What was asked of a terminal. */
export type TerminalRequest =
  | {
    type: "exec_command";
    command: readonly string[];
    display_command: string;
    cwd: string;
    yield_time_ms: Integer | null;
    max_output_tokens: Integer | null;
  }
  | {
    type: "write_stdin";
    stdin: string;
    yield_time_ms: Integer | null;
    max_output_tokens: Integer | null;
  };

/** What came back from a terminal. */
export interface TerminalResult {
  exit_code: number | null;
  stdout: string;
  stderr: string;
  formatted_output: string | null;
  original_token_count: Integer | null;
  chunk_id: string | null;
}

/** How the model came to know of a terminal operation. */
export interface TerminalModelObservation {
  call_item_ids: readonly ConversationItemId[];
  output_item_ids: readonly ConversationItemId[];
  source: "direct_tool_call" | "code_cell_output";
}

/** One command, one write, or one poll. */
export interface TerminalOperation {
  operation_id: TerminalOperationId;
  /** Null when no process id is known. */
  terminal_id: TerminalId | null;
  tool_call_id: ToolCallId;
  kind: "exec_command" | "write_stdin";
  execution: ExecutionWindow;
  request: TerminalRequest;
  result: TerminalResult | null;
  model_observations: readonly TerminalModelObservation[];
  raw_payload_ids: readonly RawPayloadId[];
}

/** A history replaced by a shorter one. */
export interface Compaction {
  compaction_id: CompactionId;
  thread_id: ThreadId;
  codex_turn_id: CodexTurnId;
  installed_at_unix_ms: UnixMs;
  marker_item_id: ConversationItemId;
  request_ids: readonly CompactionRequestId[];
  input_item_ids: ItemIdList;
  replacement_item_ids: readonly ConversationItemId[];
}

/** One request for a summary of the history. */
export interface CompactionRequest {
  compaction_request_id: CompactionRequestId;
  compaction_id: CompactionId;
  thread_id: ThreadId;
  codex_turn_id: CodexTurnId;
  execution: ExecutionWindow;
  model: string;
  provider_name: string;
  raw_request_payload_id: RawPayloadId;
  raw_response_payload_id: RawPayloadId | null;
}

/** One end of an edge. */
export type TraceAnchor =
  | { type: "conversation_item"; item_id: ConversationItemId }
  | { type: "tool_call"; tool_call_id: ToolCallId }
  | { type: "thread"; thread_id: ThreadId };

/** What passes along an edge. */
export type InteractionEdgeKind =
  | "spawn_agent"
  | "assign_agent_task"
  | "send_message"
  | "agent_result"
  | "close_agent";

/** How one agent reached another. */
export interface InteractionEdge {
  edge_id: EdgeId;
  kind: InteractionEdgeKind;
  source: TraceAnchor;
  target: TraceAnchor;
  started_at_unix_ms: UnixMs;
  ended_at_unix_ms: UnixMs | null;
  carried_item_ids: readonly ConversationItemId[];
  carried_raw_payload_ids: readonly RawPayloadId[];
}
