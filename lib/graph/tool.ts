/**
 * Reduced model, tools: tool calls and the code cells that may make them.
 *
 * @module
 */

import type {
  CodeCellId,
  CodexTurnId,
  ConversationItemId,
  ModelVisibleCallId,
  RawPayloadId,
  RuntimeCellId,
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
import type { ExecutionWindow } from "./session.ts";

/** Who asked for a tool call. */
export type ToolCallRequester =
  | { type: "model" }
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
  /** Who asked for it. */
  requester: ToolCallRequester;
  /** What sort of tool it runs. */
  kind: ToolCallKind;
  /** Items in which the model made the call. */
  model_visible_call_item_ids: readonly ConversationItemId[];
  /** Items in which the model got the output. */
  model_visible_output_item_ids: readonly ConversationItemId[];
  /** What it did at a terminal; null for other tools. */
  terminal_operation_id: TerminalOperationId | null;
  /** A line about it. */
  summary: ToolCallSummary;
  /** Payload of the call as it was dispatched. */
  raw_invocation_payload_id: RawPayloadId | null;
  /** Payload of the result; null when none was recorded. */
  raw_result_payload_id: RawPayloadId | null;
  /** Payloads of the runtime behind the call, in order. */
  raw_runtime_payload_ids: readonly RawPayloadId[];
}

/** A piece of JavaScript the model had run, which may call tools itself. */
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
  /** Its state, as its runtime told last. */
  runtime_status: CodeCellRuntimeStatus;
  /** When the model got the first answer. */
  initial_response_at_unix_ms: UnixMs | null;
  /** Sequence number of the first answer. */
  initial_response_seq: Integer | null;
  /** State of the cell in the first answer. */
  initial_response_status: CodeCellRuntimeStatus | null;
  /** Payload of the first answer. */
  raw_initial_response_payload_id: RawPayloadId | null;
  /** Payload of the result; null when none was recorded. */
  raw_result_payload_id: RawPayloadId | null;
  /** When it first gave control back before its end. */
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
