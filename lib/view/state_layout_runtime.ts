/**
 * Layout of what ran: inference calls, code cells, tool calls, compactions, edges.
 *
 * @module
 */

import type { ToolCallKind, ToolCallSummary } from "../format/vocabulary.ts";
import type {
  CodeCell,
  Compaction,
  CompactionRequest,
  InferenceCall,
  InteractionEdge,
  TokenUsage,
  ToolCall,
  ToolCallRequester,
  TraceAnchor,
} from "../graph/runtime.ts";
import { execution } from "./state_layout_session.ts";
import {
  integer,
  itemIds,
  nullable,
  record,
  text,
  texts,
  variants,
} from "./state_shape.ts";
import type { Shape } from "./state_shape.ts";

const usage: Shape<TokenUsage> = record<TokenUsage>({
  input_tokens: integer,
  cached_input_tokens: integer,
  cache_write_input_tokens: integer,
  output_tokens: integer,
  reasoning_output_tokens: integer,
});

/** One request to a model and its answer. */
export const inference: Shape<InferenceCall> = record<InferenceCall>({
  inference_call_id: text,
  thread_id: text,
  codex_turn_id: text,
  execution: execution,
  model: text,
  provider_name: text,
  response_id: nullable(text),
  upstream_request_id: nullable(text),
  request_item_ids: itemIds,
  response_item_ids: texts,
  tool_call_ids_started_by_response: texts,
  usage: nullable(usage),
  raw_request_payload_id: text,
  raw_response_payload_id: nullable(text),
});

/** A piece of code the model had run. */
export const codeCell: Shape<CodeCell> = record<CodeCell>({
  code_cell_id: text,
  model_visible_call_id: text,
  thread_id: text,
  codex_turn_id: text,
  source_item_id: text,
  output_item_ids: texts,
  runtime_cell_id: nullable(text),
  execution: execution,
  runtime_status: text,
  initial_response_at_unix_ms: nullable(integer),
  initial_response_seq: nullable(integer),
  initial_response_status: nullable(text),
  raw_initial_response_payload_id: nullable(text),
  raw_result_payload_id: nullable(text),
  yielded_at_unix_ms: nullable(integer),
  yielded_seq: nullable(integer),
  source_js: text,
  nested_tool_call_ids: texts,
  wait_tool_call_ids: texts,
});

const requester: Shape<ToolCallRequester> = variants<ToolCallRequester>({
  model: {},
  code_cell: { code_cell_id: text },
});

const toolKind: Shape<ToolCallKind> = variants<ToolCallKind>({
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

const summary: Shape<ToolCallSummary> = variants<ToolCallSummary>({
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
export const toolCall: Shape<ToolCall> = record<ToolCall>({
  tool_call_id: text,
  mcp_call_id: nullable(text),
  model_visible_call_id: nullable(text),
  code_mode_runtime_tool_id: nullable(text),
  started_code_cell_id: text,
  thread_id: text,
  started_by_codex_turn_id: nullable(text),
  execution: execution,
  requester: requester,
  kind: toolKind,
  model_visible_call_item_ids: texts,
  model_visible_output_item_ids: texts,
  terminal_operation_id: nullable(text),
  summary: summary,
  raw_invocation_payload_id: nullable(text),
  raw_result_payload_id: nullable(text),
  raw_runtime_payload_ids: texts,
});

/** A history replaced by a shorter one. */
export const compaction: Shape<Compaction> = record<Compaction>({
  compaction_id: text,
  thread_id: text,
  codex_turn_id: text,
  installed_at_unix_ms: integer,
  marker_item_id: text,
  request_ids: texts,
  input_item_ids: itemIds,
  replacement_item_ids: texts,
});

/** One request for a summary. */
export const compactionRequest: Shape<CompactionRequest> = record<
  CompactionRequest
>({
  compaction_request_id: text,
  compaction_id: text,
  thread_id: text,
  codex_turn_id: text,
  execution: execution,
  model: text,
  provider_name: text,
  raw_request_payload_id: text,
  raw_response_payload_id: nullable(text),
});

const anchor: Shape<TraceAnchor> = variants<TraceAnchor>({
  conversation_item: { item_id: text },
  tool_call: { tool_call_id: text },
  thread: { thread_id: text },
});

/** How one agent reached another. */
export const edge: Shape<InteractionEdge> = record<InteractionEdge>({
  edge_id: text,
  kind: text,
  source: anchor,
  target: anchor,
  started_at_unix_ms: integer,
  ended_at_unix_ms: nullable(integer),
  carried_item_ids: texts,
  carried_raw_payload_ids: texts,
});
