/**
 * Reduced model, what passed between agents.
 *
 * @module
 */

import type {
  ConversationItemId,
  EdgeId,
  RawPayloadId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { UnixMs } from "../format/vocabulary.ts";

/** One end of an edge. */
export type TraceAnchor =
  | { type: "conversation_item"; item_id: ConversationItemId }
  | { type: "tool_call"; tool_call_id: ToolCallId }
  | { type: "thread"; thread_id: ThreadId };

/** What passes along an edge. */
export type InteractionEdgeKind =
  | "spawn_agent"
  | "assign_agent_task"
  | "send_message"
  | "agent_result"
  | "close_agent";

/** How one agent reached another. */
export interface InteractionEdge {
  /** Its id. */
  edge_id: EdgeId;
  /** What passes along it. */
  kind: InteractionEdgeKind;
  /** Where it comes from. */
  source: TraceAnchor;
  /** Where it leads. */
  target: TraceAnchor;
  /** When it was set going. */
  started_at_unix_ms: UnixMs;
  /** When what passed along it had arrived; null when it never did. */
  ended_at_unix_ms: UnixMs | null;
  /** Items that passed along it. */
  carried_item_ids: readonly ConversationItemId[];
  /** Payloads that passed along it. */
  carried_raw_payload_ids: readonly RawPayloadId[];
}
