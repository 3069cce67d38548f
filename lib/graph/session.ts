/**
 * Reduced model: threads and turns.
 *
 * @module
 */

import type {
  CodexTurnId,
  ConversationItemId,
  EdgeId,
  ThreadId,
} from "../format/ids.ts";
import type { ExecutionStatus, Integer, UnixMs } from "../format/vocabulary.ts";

/** From when to when something ran, by the clock and by the order of events. */
export interface ExecutionWindow {
  /** When it started. */
  started_at_unix_ms: UnixMs;
  /** Sequence number of the event that started it. */
  started_seq: Integer;
  /** When it ended; null while it runs, or when its end was not recorded. */
  ended_at_unix_ms: UnixMs | null;
  /** Sequence number of the event that ended it. */
  ended_seq: Integer | null;
  /** Whether it runs, and how it ended. */
  status: ExecutionStatus;
}

/** Origin of a thread. */
export type AgentOrigin =
  | { type: "root" }
  /** The metadata with the origin was not recorded. Schema 3. */
  | { type: "unknown" }
  | {
    type: "spawned";
    /** The thread that spawned it; its start may not have been recorded. */
    parent_thread_id: ThreadId;
    /** The edge of the spawn, whether or not the graph holds it. */
    spawn_edge_id: EdgeId;
    task_name: string;
    agent_role: string;
  };

/** One conversation with a model: the root's, or that of an agent it spawned. */
export interface AgentThread {
  /** Its id. */
  thread_id: ThreadId;
  /** Path in the tree of agents, such as `/root/reviewer`. */
  agent_path: string;
  /** Name for people; null when it has none. */
  nickname: string | null;
  /** Its origin. */
  origin: AgentOrigin;
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** Model it was started with; null when not recorded. */
  default_model: string | null;
  /** Every item that the thread's model received or produced, in order of first appearance. */
  conversation_item_ids: readonly ConversationItemId[];
}

/** One turn of a thread: from a user's input until the agent is idle. */
export interface CodexTurn {
  /** Its id. */
  codex_turn_id: CodexTurnId;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** From when to when it ran, and how it ended. */
  execution: ExecutionWindow;
  /** Always empty; the reference reserves it. */
  input_item_ids: readonly ConversationItemId[];
}
