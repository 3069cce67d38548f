/**
 * Reduced model, the whole: one rollout as a graph.
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
import type { SchemaVersion } from "../format/manifest.ts";
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

/**
 * A rollout, reduced: threads and turns, what the models saw, what ran, and how it hangs
 * together. Maps hold their entries in order of creation; `state.json` sorts them by key.
 */
export interface RolloutTrace {
  schema_version: SchemaVersion;
  trace_id: string;
  rollout_id: string;
  started_at_unix_ms: UnixMs;
  ended_at_unix_ms: UnixMs | null;
  status: RolloutStatus;
  /** Whether the recorder closed the log. Schema 2. */
  recording_complete?: boolean;
  root_thread_id: ThreadId;
  threads: ReadonlyMap<ThreadId, AgentThread>;
  codex_turns: ReadonlyMap<CodexTurnId, CodexTurn>;
  conversation_items: ReadonlyMap<ConversationItemId, ConversationItem>;
  inference_calls: ReadonlyMap<InferenceCallId, InferenceCall>;
  code_cells: ReadonlyMap<CodeCellId, CodeCell>;
  tool_calls: ReadonlyMap<ToolCallId, ToolCall>;
  terminal_sessions: ReadonlyMap<TerminalId, TerminalSession>;
  terminal_operations: ReadonlyMap<TerminalOperationId, TerminalOperation>;
  compactions: ReadonlyMap<CompactionId, Compaction>;
  compaction_requests: ReadonlyMap<CompactionRequestId, CompactionRequest>;
  interaction_edges: ReadonlyMap<EdgeId, InteractionEdge>;
  raw_payloads: ReadonlyMap<RawPayloadId, RawPayloadRef>;
}
