/**
 * Raw events of the session itself: rollout, threads, turns, history, agents, protocol.
 *
 * @module
 */

import type { CodexTurnId, EdgeId, ThreadId } from "./ids.ts";
import type { JsonNode } from "./json/json_node.ts";
import type { RawPayloadRef } from "./payload.ts";
import type { ExecutionStatus, RolloutStatus } from "./vocabulary.ts";

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
/** A thread begins; the metadata tell whether another thread spawned it. */
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
/** An ended thread goes on. Schema 2. */
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
/** A child's result was handed to its parent. */
export interface AgentResultObserved {
  /** Name of the event. */
  type: "agent_result_observed";
  /** Id the edge is to have. */
  edge_id: EdgeId;
  /** Thread that reports. */
  child_thread_id: ThreadId;
  /** The child's turn that ended with the result. */
  child_codex_turn_id: CodexTurnId;
  /** Thread that is told. */
  parent_thread_id: ThreadId;
  /** What was said. */
  message: string;
  /** The message as the agents exchanged it. */
  carried_payload: RawPayloadRef | null;
}
/** A protocol event that may help a reader; no rule looks at it. */
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
  /** Name that the recorder gave it. */
  kind: string;
  /** A line about it. */
  summary: string;
  /** Payloads that belong to it. */
  payloads: RawPayloadRef[];
  /** Anything else. */
  metadata: JsonNode;
}
