/**
 * Raw events: one line of the log each, exactly as recorded, nothing interpreted.
 *
 * Keys are spelled as on disk, in the order of the disk. A key that may be missing or null is
 * `T | null` here. Types that only schema 2 knows say so.
 *
 * @module
 */

import type {
  CodexTurnId,
  CompactionId,
  CompactionRequestId,
  EdgeId,
  InferenceCallId,
  ModelVisibleCallId,
  RuntimeCellId,
  ThreadId,
  ToolCallId,
} from "./ids.ts";
import type { JsonNode } from "./json_node.ts";
import type { RawPayloadRef } from "./payload.ts";
import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
  Integer,
  RolloutStatus,
  ToolCallKind,
  ToolCallSummary,
  UnixMs,
} from "./vocabulary.ts";

/** Who asked for a tool call, in the recorder's words. */
export type RawToolCallRequester =
  | { type: "model" }
  | { type: "code_cell"; runtime_cell_id: RuntimeCellId };

/** The recording is complete: nothing follows. Schema 2. */
export interface RecordingCompleted {
  type: "recording_completed";
}
/** A rollout begins. */
export interface RolloutStarted {
  type: "rollout_started";
  trace_id: string;
  root_thread_id: ThreadId;
}
/** A rollout ends. */
export interface RolloutEnded {
  type: "rollout_ended";
  status: RolloutStatus;
}
/** A thread begins; the metadata tell whether another thread spawned it. */
export interface ThreadStarted {
  type: "thread_started";
  thread_id: ThreadId;
  agent_path: string;
  metadata_payload: RawPayloadRef | null;
}
/** A thread ends. */
export interface ThreadEnded {
  type: "thread_ended";
  thread_id: ThreadId;
  status: RolloutStatus;
}
/** An ended thread goes on. Schema 2. */
export interface ThreadResumed {
  type: "thread_resumed";
  thread_id: ThreadId;
}
/** A turn begins. */
export interface CodexTurnStarted {
  type: "codex_turn_started";
  codex_turn_id: CodexTurnId;
  thread_id: ThreadId;
}
/** A turn ends. */
export interface CodexTurnEnded {
  type: "codex_turn_ended";
  codex_turn_id: CodexTurnId;
  status: ExecutionStatus;
}
/** Codex took a Responses item into its history. Schema 2. */
export interface HistoryItemAccepted {
  type: "history_item_accepted";
  /** The Responses id of the item. */
  item_id: string;
  /** The agent message itself, when it was delivered outside a request (a receipt). */
  agent_message_payload: RawPayloadRef | null;
}
/** A request goes to a model. */
export interface InferenceStarted {
  type: "inference_started";
  inference_call_id: InferenceCallId;
  thread_id: ThreadId;
  codex_turn_id: CodexTurnId;
  model: string;
  provider_name: string;
  request_payload: RawPayloadRef;
}
/** A model answered. */
export interface InferenceCompleted {
  type: "inference_completed";
  inference_call_id: InferenceCallId;
  response_id: string | null;
  upstream_request_id: string | null;
  response_payload: RawPayloadRef;
}
/** A request failed, perhaps after part of the answer. */
export interface InferenceFailed {
  type: "inference_failed";
  inference_call_id: InferenceCallId;
  upstream_request_id: string | null;
  error: string;
  partial_response_payload: RawPayloadRef | null;
}
/** A request was given up, perhaps after part of the answer. */
export interface InferenceCancelled {
  type: "inference_cancelled";
  inference_call_id: InferenceCallId;
  upstream_request_id: string | null;
  reason: string;
  partial_response_payload: RawPayloadRef | null;
}
/** A tool call begins: by the model, or by a code cell. */
export interface ToolCallStarted {
  type: "tool_call_started";
  tool_call_id: ToolCallId;
  model_visible_call_id: ModelVisibleCallId | null;
  code_mode_runtime_tool_id: string | null;
  requester: RawToolCallRequester;
  kind: ToolCallKind;
  summary: ToolCallSummary;
  invocation_payload: RawPayloadRef | null;
}
/** The id under which an MCP server's own logs know the call. */
export interface McpToolCallCorrelationAssigned {
  type: "mcp_tool_call_correlation_assigned";
  tool_call_id: ToolCallId;
  mcp_call_id: string;
}
/** A `write_stdin` call turned out to go to the process that another call started. */
export interface StdinTargetResolved {
  type: "stdin_target_resolved";
  tool_call_id: ToolCallId;
  exec_tool_call_id: ToolCallId;
}
/** The runtime behind a tool call begins. */
export interface ToolCallRuntimeStarted {
  type: "tool_call_runtime_started";
  tool_call_id: ToolCallId;
  /** Schema 2 only, where it is required; always null in schema 1. */
  kind: ToolCallKind | null;
  runtime_payload: RawPayloadRef;
}
/** The runtime behind a tool call ends. */
export interface ToolCallRuntimeEnded {
  type: "tool_call_runtime_ended";
  tool_call_id: ToolCallId;
  status: ExecutionStatus;
  runtime_payload: RawPayloadRef;
}
/** A tool call ends, as its requester sees it. */
export interface ToolCallEnded {
  type: "tool_call_ended";
  tool_call_id: ToolCallId;
  status: ExecutionStatus;
  result_payload: RawPayloadRef | null;
}
/** A code cell begins to run. */
export interface CodeCellStarted {
  type: "code_cell_started";
  runtime_cell_id: RuntimeCellId;
  model_visible_call_id: ModelVisibleCallId;
  source_js: string;
}
/** A code cell gives the model its first answer. */
export interface CodeCellInitialResponse {
  type: "code_cell_initial_response";
  runtime_cell_id: RuntimeCellId;
  status: CodeCellRuntimeStatus;
  response_payload: RawPayloadRef | null;
}
/** A code cell ends. */
export interface CodeCellEnded {
  type: "code_cell_ended";
  runtime_cell_id: RuntimeCellId;
  status: CodeCellRuntimeStatus;
  response_payload: RawPayloadRef | null;
}
/** A request for a summary of the history goes out. */
export interface CompactionRequestStarted {
  type: "compaction_request_started";
  compaction_id: CompactionId;
  compaction_request_id: CompactionRequestId;
  thread_id: ThreadId;
  codex_turn_id: CodexTurnId;
  model: string;
  provider_name: string;
  request_payload: RawPayloadRef;
}
/** The summary came. */
export interface CompactionRequestCompleted {
  type: "compaction_request_completed";
  compaction_id: CompactionId;
  compaction_request_id: CompactionRequestId;
  response_payload: RawPayloadRef;
}
/** The summary did not come. */
export interface CompactionRequestFailed {
  type: "compaction_request_failed";
  compaction_id: CompactionId;
  compaction_request_id: CompactionRequestId;
  error: string;
}
/** The history was replaced by a shorter one. */
export interface CompactionInstalled {
  type: "compaction_installed";
  compaction_id: CompactionId;
  checkpoint_payload: RawPayloadRef;
}
/** A child's result was handed to its parent. */
export interface AgentResultObserved {
  type: "agent_result_observed";
  edge_id: EdgeId;
  child_thread_id: ThreadId;
  child_codex_turn_id: CodexTurnId;
  parent_thread_id: ThreadId;
  message: string;
  carried_payload: RawPayloadRef | null;
}
/** A protocol event that may help a reader; no rule looks at it. */
export interface ProtocolEventObserved {
  type: "protocol_event_observed";
  event_type: string;
  event_payload: RawPayloadRef;
}
/** Room for what the schema does not name yet. No reducer takes it. */
export interface OtherEvent {
  type: "other";
  kind: string;
  summary: string;
  payloads: RawPayloadRef[];
  metadata: JsonNode;
}

/** What an event says; `type` tells which. */
export type RawTraceEventPayload =
  | RecordingCompleted
  | RolloutStarted
  | RolloutEnded
  | ThreadStarted
  | ThreadEnded
  | ThreadResumed
  | CodexTurnStarted
  | CodexTurnEnded
  | HistoryItemAccepted
  | InferenceStarted
  | InferenceCompleted
  | InferenceFailed
  | InferenceCancelled
  | ToolCallStarted
  | McpToolCallCorrelationAssigned
  | StdinTargetResolved
  | ToolCallRuntimeStarted
  | ToolCallRuntimeEnded
  | ToolCallEnded
  | CodeCellStarted
  | CodeCellInitialResponse
  | CodeCellEnded
  | CompactionRequestStarted
  | CompactionRequestCompleted
  | CompactionRequestFailed
  | CompactionInstalled
  | AgentResultObserved
  | ProtocolEventObserved
  | OtherEvent;

/** Name of an event. */
export type EventType = RawTraceEventPayload["type"];

/** What an event of type `K` says. */
export type EventOf<K extends EventType> = Extract<
  RawTraceEventPayload,
  { type: K }
>;

/** One line of the log. Keys in the order of the disk. */
export interface RawTraceEvent<
  P extends RawTraceEventPayload = RawTraceEventPayload,
> {
  schema_version: number;
  seq: Integer;
  wall_time_unix_ms: UnixMs;
  rollout_id: string;
  thread_id: ThreadId | null;
  codex_turn_id: CodexTurnId | null;
  payload: P;
}

/** An event as the reader hands it on. */
export interface DecodedEvent {
  event: RawTraceEvent;
  /** Every payload reference of the event, in the order of its keys. */
  payloads: readonly RawPayloadRef[];
  /** Physical line in the log, counted from 1, blank lines included. */
  line: number;
}
