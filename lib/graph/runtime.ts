/**
 * Reduced model, what ran: LLM requests, compactions, tool calls, code cells, terminals, and the
 * edges between agents.
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

/** Tokens of one LLM request. Cached tokens are part of the input, reasoning tokens of the output. */
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

/** One LLM request and its response. */
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
  /** Id of the response, assigned by the provider. */
  response_id: string | null;
  /** Id of the request, assigned by the provider's server. */
  upstream_request_id: string | null;
  /** All items of the model's input, in order; an incremental request includes those it builds on. */
  request_item_ids: ItemIdList;
  /** Items of the response, in order. */
  response_item_ids: readonly ConversationItemId[];
  /** Tool calls that the response requested. */
  tool_call_ids_started_by_response: readonly ToolCallId[];
  /** Null when the provider reported none. */
  usage: TokenUsage | null;
  /** Payload of the request. */
  raw_request_payload_id: RawPayloadId;
  /** Payload of the prompt that Codex prepared for the request. Schema 3. */
  prepared_prompt_payload_id?: RawPayloadId;
  /** Payload of the response; null when there was none. */
  raw_response_payload_id: RawPayloadId | null;
}

/** The replacement of a thread's history by a shorter one. */
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

/** One LLM request for a compaction. */
export interface CompactionRequest {
  /** Its id. */
  compaction_request_id: CompactionRequestId;
  /** The compaction; the graph has none of this id unless it was installed. */
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
  /** Payload of the response; null when there was none. */
  raw_response_payload_id: RawPayloadId | null;
}

/** Who requested a tool call. */
export type ToolCallRequester =
  | { type: "model" }
  /** The code of a cell, whose start may be lost in a damaged bundle. */
  | { type: "code_cell"; code_cell_id: CodeCellId };

/** One call of a tool. */
export interface ToolCall {
  /** Its id. */
  tool_call_id: ToolCallId;
  /** Id of the call in an MCP server's own logs. */
  mcp_call_id: string | null;
  /** Id under which the model knows the call. */
  model_visible_call_id: ModelVisibleCallId | null;
  /** The code runtime's own id of a call that a cell made. */
  code_mode_runtime_tool_id: string | null;
  /** The cell that this `exec` call started. Schema 2. */
  started_code_cell_id?: CodeCellId;
  /** The code runtime's id of the cell that the call waits for. Schema 3. */
  resolved_wait_runtime_cell_id?: RuntimeCellId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn that started it; null when none was running. */
  started_by_codex_turn_id: CodexTurnId | null;
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** Who requested it. */
  requester: ToolCallRequester;
  /** What sort of tool it runs. */
  kind: ToolCallKind;
  /** Items in which the model made the call. */
  model_visible_call_item_ids: readonly ConversationItemId[];
  /** Items in which the model got the output. */
  model_visible_output_item_ids: readonly ConversationItemId[];
  /** Its terminal operation; null for other tools. */
  terminal_operation_id: TerminalOperationId | null;
  /** A summary of one line. */
  summary: ToolCallSummary;
  /** Payload of the call as it was dispatched. */
  raw_invocation_payload_id: RawPayloadId | null;
  /** Payload of the result; null when none was recorded. */
  raw_result_payload_id: RawPayloadId | null;
  /** Payloads of the runtime behind the call, in order. */
  raw_runtime_payload_ids: readonly RawPayloadId[];
}

/** JavaScript code that the model ran, which may call tools itself. */
export interface CodeCell {
  /** Its id, made of the call's. */
  code_cell_id: CodeCellId;
  /** Id under which the model knows the call. */
  model_visible_call_id: ModelVisibleCallId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** Item in which the model wrote it. */
  source_item_id: ConversationItemId;
  /** Items in which the model got its output. */
  output_item_ids: readonly ConversationItemId[];
  /** The code runtime's id; null until it runs. */
  runtime_cell_id: RuntimeCellId | null;
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** The last state that its runtime reported. */
  runtime_status: CodeCellRuntimeStatus;
  /** When the model got the first response. */
  initial_response_at_unix_ms: UnixMs | null;
  /** Sequence number of the first response. */
  initial_response_seq: Integer | null;
  /** State of the cell in the first response. */
  initial_response_status: CodeCellRuntimeStatus | null;
  /** Payload of the first response. */
  raw_initial_response_payload_id: RawPayloadId | null;
  /** Payload of the result; null when none was recorded. */
  raw_result_payload_id: RawPayloadId | null;
  /** When it first yielded control before its end. */
  yielded_at_unix_ms: UnixMs | null;
  /** Sequence number of that event. */
  yielded_seq: Integer | null;
  /** The JavaScript. */
  source_js: string;
  /** Tool calls that its code made. */
  nested_tool_call_ids: readonly ToolCallId[];
  /** Tool calls by which the model waited for it. */
  wait_tool_call_ids: readonly ToolCallId[];
}

/** A process that operations write to and read from. */
export interface TerminalSession {
  /** Its id. */
  terminal_id: TerminalId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** The operation that started the process. */
  created_by_operation_id: TerminalOperationId;
  /** The operations on the process, in order. */
  operation_ids: readonly TerminalOperationId[];
  /** Has no end: no event reports the end of a process. */
  execution: ExecutionWindow;
}

/** Request of a terminal operation. */
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

/** Result of a terminal operation. */
export interface TerminalResult {
  /** Exit code of the process; null while it runs. */
  exit_code: number | null;
  /** Standard output; of a process with one stream, everything. */
  stdout: string;
  /** Standard error. */
  stderr: string;
  /** The output as formatted for the model. */
  formatted_output: string | null;
  /** Tokens of the output before it was truncated. */
  original_token_count: Integer | null;
  /** The runtime's id of this piece of output. */
  chunk_id: string | null;
}

/** The items by which the model observed a terminal operation. */
export interface TerminalModelObservation {
  /** Items with the call. */
  call_item_ids: readonly ConversationItemId[];
  /** Items with the output. */
  output_item_ids: readonly ConversationItemId[];
  /** By an output of its own, or inside that of a code cell. */
  source: "direct_tool_call" | "code_cell_output";
}

/** One command, one write, or one poll. */
export interface TerminalOperation {
  /** Its id, in order of creation. */
  operation_id: TerminalOperationId;
  /** Null when no process id is known. */
  terminal_id: TerminalId | null;
  /** The call behind it. */
  tool_call_id: ToolCallId;
  /** A command, or a write to a running one. */
  kind: "exec_command" | "write_stdin";
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** The request. */
  request: TerminalRequest;
  /** The result; null when none was recorded. */
  result: TerminalResult | null;
  /** How the model observed it. */
  model_observations: readonly TerminalModelObservation[];
  /** Payloads about it, in order. */
  raw_payload_ids: readonly RawPayloadId[];
}

/** One end of an edge. */
export type TraceAnchor =
  | { type: "conversation_item"; item_id: ConversationItemId }
  | { type: "tool_call"; tool_call_id: ToolCallId }
  | { type: "thread"; thread_id: ThreadId };

/** Kind of an interaction between agents. */
export type InteractionEdgeKind =
  | "spawn_agent"
  | "assign_agent_task"
  | "send_message"
  | "agent_result"
  | "close_agent";

/** One interaction between two agents. */
export interface InteractionEdge {
  /** Its id. */
  edge_id: EdgeId;
  /** Its kind. */
  kind: InteractionEdgeKind;
  /** Its source. */
  source: TraceAnchor;
  /** Its target. */
  target: TraceAnchor;
  /** When it started. */
  started_at_unix_ms: UnixMs;
  /** When it was delivered; null when it was not. */
  ended_at_unix_ms: UnixMs | null;
  /** Items that it carried. */
  carried_item_ids: readonly ConversationItemId[];
  /** Payloads that it carried. */
  carried_raw_payload_ids: readonly RawPayloadId[];
}
