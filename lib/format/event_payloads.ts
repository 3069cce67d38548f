/**
 * Payloads of the raw events, one interface for each type of event.
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
import type { JsonNode } from "./json/json_parse.ts";
import type { RawPayloadRef } from "./payload.ts";
import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
  Integer,
  RolloutStatus,
  ToolCallKind,
  ToolCallSummary,
} from "./vocabulary.ts";

/** The recording is complete: nothing follows. Schema 2. */
export interface RecordingCompleted {
  /** Name of the event. */
  type: "recording_completed";
}
/** A rollout begins. */
export interface RolloutStarted {
  /** Name of the event. */
  type: "rollout_started";
  /** Id of the recording. */
  trace_id: string;
  /** Thread the rollout began with. */
  root_thread_id: ThreadId;
}
/** A rollout ends. */
export interface RolloutEnded {
  /** Name of the event. */
  type: "rollout_ended";
  /** How it ended. */
  status: RolloutStatus;
}
/** A thread starts; its metadata names the thread that spawned it, if any. */
export interface ThreadStarted {
  /** Name of the event. */
  type: "thread_started";
  /** The thread. */
  thread_id: ThreadId;
  /** Path in the tree of agents, such as `/root/reviewer`. */
  agent_path: string;
  /** What the host knows about the thread. */
  metadata_payload: RawPayloadRef | null;
}
/** A thread ends. */
export interface ThreadEnded {
  /** Name of the event. */
  type: "thread_ended";
  /** The thread. */
  thread_id: ThreadId;
  /** How it ended. */
  status: RolloutStatus;
}
/** An ended thread continues. Schema 2. */
export interface ThreadResumed {
  /** Name of the event. */
  type: "thread_resumed";
  /** The thread. */
  thread_id: ThreadId;
}
/** A turn begins. */
export interface CodexTurnStarted {
  /** Name of the event. */
  type: "codex_turn_started";
  /** The turn. */
  codex_turn_id: CodexTurnId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
}
/** A turn ends. */
export interface CodexTurnEnded {
  /** Name of the event. */
  type: "codex_turn_ended";
  /** The turn. */
  codex_turn_id: CodexTurnId;
  /** How it ended. */
  status: ExecutionStatus;
}
/** Codex took a Responses item into its history. Schema 2. */
export interface HistoryItemAccepted {
  /** Name of the event. */
  type: "history_item_accepted";
  /** The Responses id of the item. */
  item_id: string;
  /** The agent message itself, when it was delivered outside a request (a receipt). */
  agent_message_payload: RawPayloadRef | null;
  /** The tool output itself, which is recorded before a request shows it. Schema 3. */
  tool_output_payload: RawPayloadRef | null;
}
/** The result of a child thread is delivered to its parent. */
export interface AgentResultObserved {
  /** Name of the event. */
  type: "agent_result_observed";
  /** Id of the resulting edge. */
  edge_id: EdgeId;
  /** Thread that reports. */
  child_thread_id: ThreadId;
  /** The child's turn that ended with the result. */
  child_codex_turn_id: CodexTurnId;
  /** Thread that gets the result. */
  parent_thread_id: ThreadId;
  /** The result. */
  message: string;
  /** The message as the agents exchanged it. */
  carried_payload: RawPayloadRef | null;
}
/** A protocol event that is kept as evidence; no rule reads it. */
export interface ProtocolEventObserved {
  /** Name of the event. */
  type: "protocol_event_observed";
  /** Name of the protocol event. */
  event_type: string;
  /** The protocol event. */
  event_payload: RawPayloadRef;
}
/** Room for what the schema does not name yet. No reducer takes it. */
export interface OtherEvent {
  /** Name of the event. */
  type: "other";
  /** Its name, chosen by the recorder. */
  kind: string;
  /** A line about it. */
  summary: string;
  /** Payloads that belong to it. */
  payloads: RawPayloadRef[];
  /** Anything else. */
  metadata: JsonNode;
}

/** A request goes to a model. */
export interface InferenceStarted {
  /** Name of the event. */
  type: "inference_started";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** Model asked. */
  model: string;
  /** Who serves the model. */
  provider_name: string;
  /** The request as it was sent. */
  request_payload: RawPayloadRef;
  /** The prompt that Codex prepared for it. Schema 3, where it is required. */
  prepared_prompt_payload: RawPayloadRef | null;
  /** The complete input of a request that continues an unrecorded warm-up. Schema 3. */
  warmup_context_payload: RawPayloadRef | null;
  /**
   * Ids that Codex left out of tool outputs it sent: the index of the output in `input`, and its
   * id. Schema 3.
   */
  stripped_tool_output_ids: readonly (readonly [index: Integer, id: string])[];
}
/** A model answered. */
export interface InferenceCompleted {
  /** Name of the event. */
  type: "inference_completed";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Id of the response, assigned by the provider. */
  response_id: string | null;
  /** Id of the request, assigned by the provider's server. */
  upstream_request_id: string | null;
  /** The response as received. */
  response_payload: RawPayloadRef;
}
/** A request failed, perhaps after part of the answer. */
export interface InferenceFailed {
  /** Name of the event. */
  type: "inference_failed";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Id of the request, assigned by the provider's server. */
  upstream_request_id: string | null;
  /** What went wrong, in the recorder's words. */
  error: string;
  /** What was received before. */
  partial_response_payload: RawPayloadRef | null;
}
/** A request was given up, perhaps after part of the answer. */
export interface InferenceCancelled {
  /** Name of the event. */
  type: "inference_cancelled";
  /** The request. */
  inference_call_id: InferenceCallId;
  /** Id of the request, assigned by the provider's server. */
  upstream_request_id: string | null;
  /** Why, in the recorder's words. */
  reason: string;
  /** What was received before. */
  partial_response_payload: RawPayloadRef | null;
}
/** A request for a summary of the history goes out. */
export interface CompactionRequestStarted {
  /** Name of the event. */
  type: "compaction_request_started";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The request. */
  compaction_request_id: CompactionRequestId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** Turn it belongs to. */
  codex_turn_id: CodexTurnId;
  /** Model asked. */
  model: string;
  /** Who serves the model. */
  provider_name: string;
  /** The request as it was sent. */
  request_payload: RawPayloadRef;
}
/** The response to a compaction request arrives. */
export interface CompactionRequestCompleted {
  /** Name of the event. */
  type: "compaction_request_completed";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The request. */
  compaction_request_id: CompactionRequestId;
  /** The response as received. */
  response_payload: RawPayloadRef;
}
/** A compaction request fails. */
export interface CompactionRequestFailed {
  /** Name of the event. */
  type: "compaction_request_failed";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The request. */
  compaction_request_id: CompactionRequestId;
  /** What went wrong, in the recorder's words. */
  error: string;
}
/** The history was replaced by a shorter one. */
export interface CompactionInstalled {
  /** Name of the event. */
  type: "compaction_installed";
  /** The compaction. */
  compaction_id: CompactionId;
  /** The history before and after. */
  checkpoint_payload: RawPayloadRef;
}

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
  /** The report of the runtime. */
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
  /** The report of the runtime. */
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
/** A code cell returns its first response to the model. */
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
