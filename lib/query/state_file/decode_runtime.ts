/**
 * What ran, out of `state.json`: code cells, tool calls, terminals, edges.
 *
 * @module
 */

import type {
  CodeCellRuntimeStatus,
  ToolCallKind,
  ToolCallSummary,
} from "../../format/vocabulary.ts";
import type {
  CodeCell,
  InteractionEdge,
  InteractionEdgeKind,
  TerminalModelObservation,
  TerminalOperation,
  TerminalRequest,
  TerminalResult,
  TerminalSession,
  ToolCall,
  ToolCallRequester,
  TraceAnchor,
} from "../../graph/runtime.ts";
import { execution } from "./decode_session.ts";
import {
  list,
  nullable,
  oneOf,
  optional,
  record,
  small,
  text,
  texts,
  variants,
  whole,
} from "./state_decoder.ts";

const cellStatus = oneOf<CodeCellRuntimeStatus>({
  starting: true,
  running: true,
  yielded: true,
  completed: true,
  failed: true,
  terminated: true,
});

/** A piece of code the model had run. */
export const codeCell = record<CodeCell>({
  code_cell_id: text,
  model_visible_call_id: text,
  thread_id: text,
  codex_turn_id: text,
  source_item_id: text,
  output_item_ids: texts,
  runtime_cell_id: nullable(text),
  execution,
  runtime_status: cellStatus,
  initial_response_at_unix_ms: nullable(whole),
  initial_response_seq: nullable(whole),
  initial_response_status: nullable(cellStatus),
  raw_initial_response_payload_id: nullable(text),
  raw_result_payload_id: nullable(text),
  yielded_at_unix_ms: nullable(whole),
  yielded_seq: nullable(whole),
  source_js: text,
  nested_tool_call_ids: texts,
  wait_tool_call_ids: texts,
});

const toolKind = variants<ToolCallKind>({
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

const summary = variants<ToolCallSummary>({
  terminal: { operation_id: text },
  agent: {
    target_agent_path: text,
    task_name: nullable(text),
    message_preview: text,
  },
  wait_agent: {
    target_agent_path: nullable(text),
    timeout_ms: nullable(whole),
  },
  generic: {
    label: text,
    input_preview: nullable(text),
    output_preview: nullable(text),
  },
});

/** One call of a tool. */
export const toolCall = record<ToolCall>({
  tool_call_id: text,
  mcp_call_id: nullable(text),
  model_visible_call_id: nullable(text),
  code_mode_runtime_tool_id: nullable(text),
  started_code_cell_id: optional(text),
  thread_id: text,
  started_by_codex_turn_id: nullable(text),
  execution,
  requester: variants<ToolCallRequester>({
    model: {},
    code_cell: { code_cell_id: text },
  }),
  kind: toolKind,
  model_visible_call_item_ids: texts,
  model_visible_output_item_ids: texts,
  terminal_operation_id: nullable(text),
  summary,
  raw_invocation_payload_id: nullable(text),
  raw_result_payload_id: nullable(text),
  raw_runtime_payload_ids: texts,
});

/** A running process. */
export const terminalSession = record<TerminalSession>({
  terminal_id: text,
  thread_id: text,
  created_by_operation_id: text,
  operation_ids: texts,
  execution,
});

/** One command, write or poll. */
export const terminalOperation = record<TerminalOperation>({
  operation_id: text,
  terminal_id: nullable(text),
  tool_call_id: text,
  kind: oneOf<TerminalOperation["kind"]>({
    exec_command: true,
    write_stdin: true,
  }),
  execution,
  request: variants<TerminalRequest>({
    exec_command: {
      command: texts,
      display_command: text,
      cwd: text,
      yield_time_ms: nullable(whole),
      max_output_tokens: nullable(whole),
    },
    write_stdin: {
      stdin: text,
      yield_time_ms: nullable(whole),
      max_output_tokens: nullable(whole),
    },
  }),
  result: nullable(record<TerminalResult>({
    exit_code: nullable(small),
    stdout: text,
    stderr: text,
    formatted_output: nullable(text),
    original_token_count: nullable(whole),
    chunk_id: nullable(text),
  })),
  model_observations: list(record<TerminalModelObservation>({
    call_item_ids: texts,
    output_item_ids: texts,
    source: oneOf<TerminalModelObservation["source"]>({
      direct_tool_call: true,
      code_cell_output: true,
    }),
  })),
  raw_payload_ids: texts,
});

const anchor = variants<TraceAnchor>({
  conversation_item: { item_id: text },
  tool_call: { tool_call_id: text },
  thread: { thread_id: text },
});

/** How one agent reached another. */
export const edge = record<InteractionEdge>({
  edge_id: text,
  kind: oneOf<InteractionEdgeKind>({
    spawn_agent: true,
    assign_agent_task: true,
    send_message: true,
    agent_result: true,
    close_agent: true,
  }),
  source: anchor,
  target: anchor,
  started_at_unix_ms: whole,
  ended_at_unix_ms: nullable(whole),
  carried_item_ids: texts,
  carried_raw_payload_ids: texts,
});
