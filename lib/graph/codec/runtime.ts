/**
 * Codecs of what ran: LLM requests, compactions, tool calls, code cells and terminals.
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
  Compaction,
  CompactionRequest,
  InferenceCall,
  TerminalModelObservation,
  TerminalOperation,
  TerminalRequest,
  TerminalResult,
  TerminalSession,
  TokenUsage,
  ToolCall,
  ToolCallRequester,
} from "../runtime.ts";
import {
  type Codec,
  enumOf,
  int32,
  int64,
  itemIds,
  list,
  nullable,
  optional,
  record,
  ref,
  refs,
  string,
  strings,
  variants,
  versioned,
} from "./codec.ts";
import { execution } from "./session.ts";

const usage = record<TokenUsage>("usage", {
  input_tokens: int64,
  cached_input_tokens: int64,
  cache_write_input_tokens: int64,
  output_tokens: int64,
  reasoning_output_tokens: int64,
});

/** One LLM request and its response. */
export const inferenceCall: Codec<InferenceCall> = record<InferenceCall>(
  "inference_call",
  {
    inference_call_id: string,
    thread_id: ref("thread", "thread"),
    codex_turn_id: ref("turn", "turn"),
    execution,
    model: string,
    provider_name: string,
    response_id: nullable(string),
    upstream_request_id: nullable(string),
    request_item_ids: itemIds,
    response_item_ids: refs("item", "response_item"),
    tool_call_ids_started_by_response: refs("tool_call", "started_tool"),
    usage: nullable(usage),
    raw_request_payload_id: ref("payload", "request_payload"),
    prepared_prompt_payload_id: versioned(
      ref("payload", "prepared_prompt_payload"),
    ),
    raw_response_payload_id: nullable(ref("payload", "response_payload")),
  },
);

/** A history replaced by a shorter one. */
export const compaction: Codec<Compaction> = record<Compaction>("compaction", {
  compaction_id: string,
  thread_id: ref("thread", "thread"),
  codex_turn_id: ref("turn", "turn"),
  installed_at_unix_ms: int64,
  marker_item_id: ref("item", "marker_item"),
  request_ids: refs("compaction_request", "summary_request"),
  input_item_ids: itemIds,
  replacement_item_ids: refs("item", "replacement_item"),
});

/** One request that was made for a compaction. */
export const compactionRequest: Codec<CompactionRequest> = record<
  CompactionRequest
>("compaction_request", {
  compaction_request_id: string,
  compaction_id: ref("compaction", "compaction"),
  thread_id: ref("thread", "thread"),
  codex_turn_id: ref("turn", "turn"),
  execution,
  model: string,
  provider_name: string,
  raw_request_payload_id: ref("payload", "request_payload"),
  raw_response_payload_id: nullable(ref("payload", "response_payload")),
});

const requester = variants<ToolCallRequester>("requester", {
  model: {},
  code_cell: { code_cell_id: ref("code_cell", "requesting_cell") },
});

const kind = variants<ToolCallKind>("tool_kind", {
  exec_command: {},
  write_stdin: {},
  apply_patch: {},
  mcp: { server: string, tool: string },
  web: {},
  image_generation: {},
  spawn_agent: {},
  assign_agent_task: {},
  send_message: {},
  wait_agent: {},
  close_agent: {},
  other: { name: string },
});

/** The operation of a terminal summary is not a reference: the call itself has one to it. */
const summary = variants<ToolCallSummary>("summary", {
  terminal: { operation_id: string },
  agent: {
    target_agent_path: string,
    task_name: nullable(string),
    message_preview: string,
  },
  wait_agent: {
    target_agent_path: nullable(string),
    timeout_ms: nullable(int64),
  },
  generic: {
    label: string,
    input_preview: nullable(string),
    output_preview: nullable(string),
  },
});

export const toolCall: Codec<ToolCall> = record<ToolCall>("tool_call", {
  tool_call_id: string,
  mcp_call_id: nullable(string),
  model_visible_call_id: nullable(string),
  code_mode_runtime_tool_id: nullable(string),
  started_code_cell_id: optional(ref("code_cell", "started_cell")),
  // Not a reference: an id of the code runtime, by which the graph keeps no objects.
  resolved_wait_runtime_cell_id: optional(string),
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

const cellStatus = enumOf<CodeCellRuntimeStatus>({
  starting: true,
  running: true,
  yielded: true,
  completed: true,
  failed: true,
  terminated: true,
});

/** A piece of JavaScript that the model wrote and Codex ran. */
export const codeCell: Codec<CodeCell> = record<CodeCell>("code_cell", {
  code_cell_id: string,
  model_visible_call_id: string,
  thread_id: ref("thread", "thread"),
  codex_turn_id: ref("turn", "turn"),
  source_item_id: ref("item", "source_item"),
  output_item_ids: refs("item", "output_item"),
  runtime_cell_id: nullable(string),
  execution,
  runtime_status: cellStatus,
  initial_response_at_unix_ms: nullable(int64),
  initial_response_seq: nullable(int64),
  initial_response_status: nullable(cellStatus),
  raw_initial_response_payload_id: nullable(
    ref("payload", "initial_response_payload"),
  ),
  raw_result_payload_id: nullable(ref("payload", "result_payload")),
  yielded_at_unix_ms: nullable(int64),
  yielded_seq: nullable(int64),
  source_js: string,
  nested_tool_call_ids: refs("tool_call", "nested_tool"),
  wait_tool_call_ids: refs("tool_call", "wait_tool"),
});

/** A running process. */
export const terminalSession: Codec<TerminalSession> = record<TerminalSession>(
  "terminal_session",
  {
    terminal_id: string,
    thread_id: ref("thread", "thread"),
    created_by_operation_id: ref("terminal_operation", "creating_operation"),
    operation_ids: refs("terminal_operation", "session_operation"),
    execution,
  },
);

const request = variants<TerminalRequest>("terminal_request", {
  exec_command: {
    command: strings,
    display_command: string,
    cwd: string,
    yield_time_ms: nullable(int64),
    max_output_tokens: nullable(int64),
  },
  write_stdin: {
    stdin: string,
    yield_time_ms: nullable(int64),
    max_output_tokens: nullable(int64),
  },
});

const result = record<TerminalResult>("terminal_result", {
  exit_code: nullable(int32),
  stdout: string,
  stderr: string,
  formatted_output: nullable(string),
  original_token_count: nullable(int64),
  chunk_id: nullable(string),
});

/** The items are not references: the tool call of the operation has references to them. */
const observation = record<TerminalModelObservation>("model_observation", {
  call_item_ids: strings,
  output_item_ids: strings,
  source: enumOf<TerminalModelObservation["source"]>({
    direct_tool_call: true,
    code_cell_output: true,
  }),
});

/** One command, write or poll. */
export const terminalOperation: Codec<TerminalOperation> = record<
  TerminalOperation
>("terminal_operation", {
  operation_id: string,
  terminal_id: nullable(ref("terminal_session", "terminal")),
  tool_call_id: ref("tool_call", "operating_tool"),
  kind: enumOf<TerminalOperation["kind"]>({
    exec_command: true,
    write_stdin: true,
  }),
  execution,
  request,
  result: nullable(result),
  model_observations: list(observation),
  raw_payload_ids: refs("payload", "runtime_payload"),
});
