/**
 * Codecs of tool calls and code cells.
 *
 * @module
 */

import type {
  CodeCellRuntimeStatus,
  ToolCallKind,
  ToolCallSummary,
} from "../../format/vocabulary.ts";
import type { CodeCell, ToolCall, ToolCallRequester } from "../tool.ts";
import {
  type Codec,
  integer,
  nullable,
  optional,
  record,
  ref,
  refs,
  text,
  variants,
  words,
} from "./codec.ts";
import { execution } from "./session.ts";

const requester = variants<ToolCallRequester>("requester", {
  model: {},
  code_cell: { code_cell_id: ref("code_cell", "requesting_cell") },
});

const kind = variants<ToolCallKind>("tool_kind", {
  exec_command: {},
  write_stdin: {},
  apply_patch: {},
  mcp: { server: text, tool: text },
  web: {},
  image_generation: {},
  spawn_agent: {},
  assign_agent_task: {},
  send_message: {},
  wait_agent: {},
  close_agent: {},
  other: { name: text },
});

/** The operation of a terminal summary is not a reference: the call itself has one to it. */
const summary = variants<ToolCallSummary>("summary", {
  terminal: { operation_id: text },
  agent: {
    target_agent_path: text,
    task_name: nullable(text),
    message_preview: text,
  },
  wait_agent: {
    target_agent_path: nullable(text),
    timeout_ms: nullable(integer),
  },
  generic: {
    label: text,
    input_preview: nullable(text),
    output_preview: nullable(text),
  },
});

/** One call of a tool. */
export const toolCall: Codec<ToolCall> = record<ToolCall>("tool_call", {
  tool_call_id: text,
  mcp_call_id: nullable(text),
  model_visible_call_id: nullable(text),
  code_mode_runtime_tool_id: nullable(text),
  started_code_cell_id: optional(ref("code_cell", "started_cell")),
  // Not a reference: an id of the code runtime, by which the graph keeps no objects.
  resolved_wait_runtime_cell_id: optional(text),
  thread_id: ref("thread", "thread"),
  started_by_codex_turn_id: nullable(ref("turn", "turn")),
  execution,
  requester,
  kind,
  model_visible_call_item_ids: refs("item", "call_item"),
  model_visible_output_item_ids: refs("item", "output_item"),
  terminal_operation_id: nullable(ref("terminal_operation", "operation")),
  summary,
  raw_invocation_payload_id: nullable(ref("payload", "invocation_payload")),
  raw_result_payload_id: nullable(ref("payload", "result_payload")),
  raw_runtime_payload_ids: refs("payload", "runtime_payload"),
});

const cellStatus = words<CodeCellRuntimeStatus>({
  starting: true,
  running: true,
  yielded: true,
  completed: true,
  failed: true,
  terminated: true,
});

/** A piece of JavaScript that the model wrote and Codex ran. */
export const codeCell: Codec<CodeCell> = record<CodeCell>("code_cell", {
  code_cell_id: text,
  model_visible_call_id: text,
  thread_id: ref("thread", "thread"),
  codex_turn_id: ref("turn", "turn"),
  source_item_id: ref("item", "source_item"),
  output_item_ids: refs("item", "output_item"),
  runtime_cell_id: nullable(text),
  execution,
  runtime_status: cellStatus,
  initial_response_at_unix_ms: nullable(integer),
  initial_response_seq: nullable(integer),
  initial_response_status: nullable(cellStatus),
  raw_initial_response_payload_id: nullable(
    ref("payload", "initial_response_payload"),
  ),
  raw_result_payload_id: nullable(ref("payload", "result_payload")),
  yielded_at_unix_ms: nullable(integer),
  yielded_seq: nullable(integer),
  source_js: text,
  nested_tool_call_ids: refs("tool_call", "nested_tool"),
  wait_tool_call_ids: refs("tool_call", "wait_tool"),
});
