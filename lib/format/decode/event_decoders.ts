/**
 * For every event, its fields in the order of the disk: one table a schema.
 *
 * The tables are mapped types over the events, so that a missing event or field does not
 * compile.
 *
 * @module
 */

import {
  list,
  omissible,
  optional,
  required,
  string,
  unread,
} from "./decode.ts";
import type { RawTraceEventPayload } from "../event.ts";
import type { Variants } from "./record_decoder.ts";
import {
  anyJson,
  codeCellStatus,
  executionStatus,
  payloadRef,
  requester,
  rolloutStatus,
  toolCallKind,
  toolCallSummary,
} from "./vocabulary_decoders.ts";

/** Events that schema 1 does not know. */
export type SchemaTwoEventType =
  | "recording_completed"
  | "thread_resumed"
  | "history_item_accepted";

/** An event of schema 1. */
export type SchemaOnePayload = Exclude<
  RawTraceEventPayload,
  { type: SchemaTwoEventType }
>;

/** The events of schema 1. */
export const SCHEMA_ONE_EVENTS: Variants<SchemaOnePayload> = {
  rollout_started: {
    trace_id: required(string),
    root_thread_id: required(string),
  },
  rollout_ended: {
    status: required(rolloutStatus),
  },
  thread_started: {
    thread_id: required(string),
    agent_path: required(string),
    metadata_payload: optional(payloadRef),
  },
  thread_ended: {
    thread_id: required(string),
    status: required(rolloutStatus),
  },
  codex_turn_started: {
    codex_turn_id: required(string),
    thread_id: required(string),
  },
  codex_turn_ended: {
    codex_turn_id: required(string),
    status: required(executionStatus),
  },
  inference_started: {
    inference_call_id: required(string),
    thread_id: required(string),
    codex_turn_id: required(string),
    model: required(string),
    provider_name: required(string),
    request_payload: required(payloadRef),
  },
  inference_completed: {
    inference_call_id: required(string),
    response_id: optional(string),
    upstream_request_id: optional(string),
    response_payload: required(payloadRef),
  },
  inference_failed: {
    inference_call_id: required(string),
    upstream_request_id: optional(string),
    error: required(string),
    partial_response_payload: optional(payloadRef),
  },
  inference_cancelled: {
    inference_call_id: required(string),
    upstream_request_id: optional(string),
    reason: required(string),
    partial_response_payload: optional(payloadRef),
  },
  tool_call_started: {
    tool_call_id: required(string),
    model_visible_call_id: optional(string),
    code_mode_runtime_tool_id: optional(string),
    requester: required(requester),
    kind: required(toolCallKind),
    summary: required(toolCallSummary),
    invocation_payload: optional(payloadRef),
  },
  mcp_tool_call_correlation_assigned: {
    tool_call_id: required(string),
    mcp_call_id: required(string),
  },
  stdin_target_resolved: {
    tool_call_id: required(string),
    exec_tool_call_id: required(string),
  },
  tool_call_runtime_started: {
    tool_call_id: required(string),
    kind: unread(),
    runtime_payload: required(payloadRef),
  },
  tool_call_runtime_ended: {
    tool_call_id: required(string),
    status: required(executionStatus),
    runtime_payload: required(payloadRef),
  },
  tool_call_ended: {
    tool_call_id: required(string),
    status: required(executionStatus),
    result_payload: optional(payloadRef),
  },
  code_cell_started: {
    runtime_cell_id: required(string),
    model_visible_call_id: required(string),
    source_js: required(string),
  },
  code_cell_initial_response: {
    runtime_cell_id: required(string),
    status: required(codeCellStatus),
    response_payload: optional(payloadRef),
  },
  code_cell_ended: {
    runtime_cell_id: required(string),
    status: required(codeCellStatus),
    response_payload: optional(payloadRef),
  },
  compaction_request_started: {
    compaction_id: required(string),
    compaction_request_id: required(string),
    thread_id: required(string),
    codex_turn_id: required(string),
    model: required(string),
    provider_name: required(string),
    request_payload: required(payloadRef),
  },
  compaction_request_completed: {
    compaction_id: required(string),
    compaction_request_id: required(string),
    response_payload: required(payloadRef),
  },
  compaction_request_failed: {
    compaction_id: required(string),
    compaction_request_id: required(string),
    error: required(string),
  },
  compaction_installed: {
    compaction_id: required(string),
    checkpoint_payload: required(payloadRef),
  },
  agent_result_observed: {
    edge_id: required(string),
    child_thread_id: required(string),
    child_codex_turn_id: required(string),
    parent_thread_id: required(string),
    message: required(string),
    carried_payload: optional(payloadRef),
  },
  protocol_event_observed: {
    event_type: required(string),
    event_payload: required(payloadRef),
  },
  other: {
    kind: required(string),
    summary: required(string),
    payloads: required(list(payloadRef)),
    metadata: required(anyJson),
  },
};

/** The events of schema 2. */
export const SCHEMA_TWO_EVENTS: Variants<RawTraceEventPayload> = {
  ...SCHEMA_ONE_EVENTS,
  recording_completed: {},
  thread_resumed: { thread_id: required(string) },
  history_item_accepted: {
    item_id: required(string),
    agent_message_payload: omissible(payloadRef),
  },
  tool_call_runtime_started: {
    tool_call_id: required(string),
    kind: required(toolCallKind),
    runtime_payload: required(payloadRef),
  },
};
