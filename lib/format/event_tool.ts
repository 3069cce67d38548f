/**
 * Raw events of tools and code cells.
 *
 * @module
 */

import type { ModelVisibleCallId, RuntimeCellId, ToolCallId } from "./ids.ts";
import type { RawPayloadRef } from "./payload.ts";
import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
  ToolCallKind,
  ToolCallSummary,
} from "./vocabulary.ts";

/** Who asked for a tool call, in the recorder's words. */
export type RawToolCallRequester =
  | { type: "model" }
  | { type: "code_cell"; runtime_cell_id: RuntimeCellId };

/** A tool call begins: by the model, or by a code cell. */
export interface ToolCallStarted {
  /** Name of the event. */
  type: "tool_call_started";
  /** The call. */
  tool_call_id: ToolCallId;
  /** Id under which the model knows the call. */
  model_visible_call_id: ModelVisibleCallId | null;
  /** The code runtime's own id of a call that a cell made. */
  code_mode_runtime_tool_id: string | null;
  /** Who asked for it. */
  requester: RawToolCallRequester;
  /** What sort of tool it runs. */
  kind: ToolCallKind;
  /** A line about it. */
  summary: ToolCallSummary;
  /** The call as it was dispatched. */
  invocation_payload: RawPayloadRef | null;
}
/** The id under which an MCP server's own logs know the call. */
export interface McpToolCallCorrelationAssigned {
  /** Name of the event. */
  type: "mcp_tool_call_correlation_assigned";
  /** The call. */
  tool_call_id: ToolCallId;
  /** Id of the call in an MCP server's own logs. */
  mcp_call_id: string;
}
/** A `write_stdin` call turned out to go to the process that another call started. */
export interface StdinTargetResolved {
  /** Name of the event. */
  type: "stdin_target_resolved";
  /** The call that writes. */
  tool_call_id: ToolCallId;
  /** The call that started the process. */
  exec_tool_call_id: ToolCallId;
}
/** The runtime behind a tool call begins. */
export interface ToolCallRuntimeStarted {
  /** Name of the event. */
  type: "tool_call_runtime_started";
  /** The call. */
  tool_call_id: ToolCallId;
  /** Schema 2 only, where it is required; always null in schema 1. */
  kind: ToolCallKind | null;
  /** What the runtime told. */
  runtime_payload: RawPayloadRef;
}
/** The runtime behind a tool call ends. */
export interface ToolCallRuntimeEnded {
  /** Name of the event. */
  type: "tool_call_runtime_ended";
  /** The call. */
  tool_call_id: ToolCallId;
  /** How it ended. */
  status: ExecutionStatus;
  /** What the runtime told. */
  runtime_payload: RawPayloadRef;
}
/** A tool call ends, as its requester sees it. */
export interface ToolCallEnded {
  /** Name of the event. */
  type: "tool_call_ended";
  /** The call. */
  tool_call_id: ToolCallId;
  /** How it ended. */
  status: ExecutionStatus;
  /** What the requester got. */
  result_payload: RawPayloadRef | null;
}
/** A `wait` call waits for this code cell. Schema 3. */
export interface CodeCellWaitTargetResolved {
  /** Name of the event. */
  type: "code_cell_wait_target_resolved";
  /** The call that waits. */
  tool_call_id: ToolCallId;
  /** The code runtime's id of the cell. */
  runtime_cell_id: RuntimeCellId;
}
/** A code cell begins to run. */
export interface CodeCellStarted {
  /** Name of the event. */
  type: "code_cell_started";
  /** The code runtime's id of the cell. */
  runtime_cell_id: RuntimeCellId;
  /** Id under which the model knows the call. */
  model_visible_call_id: ModelVisibleCallId;
  /** The JavaScript. */
  source_js: string;
}
/** A code cell gives the model its first answer. */
export interface CodeCellInitialResponse {
  /** Name of the event. */
  type: "code_cell_initial_response";
  /** The code runtime's id of the cell. */
  runtime_cell_id: RuntimeCellId;
  /** State of the cell at that time. */
  status: CodeCellRuntimeStatus;
  /** What the model was answered. */
  response_payload: RawPayloadRef | null;
}
/** A code cell ends. */
export interface CodeCellEnded {
  /** Name of the event. */
  type: "code_cell_ended";
  /** The code runtime's id of the cell. */
  runtime_cell_id: RuntimeCellId;
  /** State of the cell at its end. */
  status: CodeCellRuntimeStatus;
  /** What the model was answered. */
  response_payload: RawPayloadRef | null;
}
