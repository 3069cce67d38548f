/**
 * Reduced model: one rollout as a graph.
 *
 * @module
 */

import type {
  CodeCellId,
  CodexTurnId,
  CompactionId,
  CompactionRequestId,
  ConversationItemId,
  EdgeId,
  InferenceCallId,
  RawPayloadId,
  TerminalId,
  TerminalOperationId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { RawPayloadRef } from "../format/payload.ts";
import type { RolloutStatus, UnixMs } from "../format/vocabulary.ts";
import type { ConversationItem } from "./conversation.ts";
import type {
  CodeCell,
  Compaction,
  CompactionRequest,
  InferenceCall,
  InteractionEdge,
  TerminalOperation,
  TerminalSession,
  ToolCall,
} from "./runtime.ts";
import type { AgentThread, CodexTurn } from "./session.ts";

/** Whether the recorder closed the log, and whether it kept every payload completely. */
export type RecordingStatus =
  | "unclosed"
  | "complete"
  | "closed_with_partial_payloads";

/**
 * A reduced rollout: threads, turns, conversation items, what ran, and their relations. Maps hold
 * their entries in order of creation; `state.json` sorts them by key.
 */
export interface RolloutTrace {
  /** Schema by whose rules it was reduced. */
  schema_version: number;
  /** Id of the recording. */
  trace_id: string;
  /** Id of the rollout. */
  rollout_id: string;
  /** When the rollout began. */
  started_at_unix_ms: UnixMs;
  /** When the rollout ended; null when its end was not recorded. */
  ended_at_unix_ms: UnixMs | null;
  /** State of the rollout. */
  status: RolloutStatus;
  /** Whether the recorder closed the log. Schema 2. */
  recording_complete?: boolean;
  /** Whether the recorder closed the log, and whether payloads are partial. Schema 3. */
  recording_status?: RecordingStatus;
  /** Thread that the rollout started with. */
  root_thread_id: ThreadId;
  /** Threads, by id. */
  threads: ReadonlyMap<ThreadId, AgentThread>;
  /** Turns, by id. */
  codex_turns: ReadonlyMap<CodexTurnId, CodexTurn>;
  /** Items that a model received or produced, by id. */
  conversation_items: ReadonlyMap<ConversationItemId, ConversationItem>;
  /** LLM requests, by id. */
  inference_calls: ReadonlyMap<InferenceCallId, InferenceCall>;
  /** Code cells, by id. */
  code_cells: ReadonlyMap<CodeCellId, CodeCell>;
  /** Tool calls, by id. */
  tool_calls: ReadonlyMap<ToolCallId, ToolCall>;
  /** Terminal sessions, by id. */
  terminal_sessions: ReadonlyMap<TerminalId, TerminalSession>;
  /** Terminal operations, by id. */
  terminal_operations: ReadonlyMap<TerminalOperationId, TerminalOperation>;
  /** Compactions, by id. */
  compactions: ReadonlyMap<CompactionId, Compaction>;
  /** Compaction requests, by id. */
  compaction_requests: ReadonlyMap<CompactionRequestId, CompactionRequest>;
  /** Edges between agents, by id. */
  interaction_edges: ReadonlyMap<EdgeId, InteractionEdge>;
  /** Every payload that an event refers to, by id. */
  raw_payloads: ReadonlyMap<RawPayloadId, RawPayloadRef>;
}
