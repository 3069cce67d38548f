/**
 * Reduced model: conversation items, and what produced them.
 *
 * @module
 */

import type {
  CodeCellId,
  CodexTurnId,
  CompactionId,
  ConversationItemId,
  EdgeId,
  InferenceCallId,
  ModelVisibleCallId,
  RawPayloadId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { Integer, UnixMs } from "../format/vocabulary.ts";

/** Who speaks in an item. */
export type ConversationRole =
  | "system"
  | "developer"
  | "user"
  | "assistant"
  | "tool";

/** Purpose of an assistant's message. */
export type ConversationChannel =
  | "analysis"
  | "commentary"
  | "final"
  | "summary";

/** What an item is. */
export type ConversationItemKind =
  | "message"
  | "reasoning"
  | "function_call"
  | "function_call_output"
  | "custom_tool_call"
  | "custom_tool_call_output"
  | "compaction_marker";

/** A piece of an item's body. */
export type ConversationPart =
  | { type: "text"; text: string }
  | { type: "summary"; text: string }
  | { type: "encoded"; label: string; value: string }
  /** JSON, truncated to about 240 bytes; the payload has all of it. */
  | { type: "json"; summary: string; raw_payload_id: RawPayloadId }
  | { type: "code"; language: string; source: string }
  | {
    /** Something the graph does not hold, such as an image. */
    type: "payload_ref";
    label: string;
    raw_payload_id: RawPayloadId;
    /** Hash of the element's canonical JSON, lower-case hex. Schema 2. */
    content_sha256?: string;
  };

/** Content of an item. */
export interface ConversationBody {
  /** The pieces, in order. */
  parts: readonly ConversationPart[];
}

/** Who wrote to whom, in a message between agents. */
export interface AgentMessageAddress {
  /** Path of the agent that wrote. */
  author: string;
  /** Path of the agent addressed. */
  recipient: string;
}

/** What caused an item to exist. */
export type ProducerRef =
  | { type: "user_input" }
  | { type: "inference"; inference_call_id: InferenceCallId }
  | { type: "tool"; tool_call_id: ToolCallId }
  | { type: "code_cell"; code_cell_id: CodeCellId }
  | { type: "interaction_edge"; edge_id: EdgeId }
  | { type: "compaction"; compaction_id: CompactionId }
  | { type: "harness" };

/** One item that a model received or produced. */
export interface ConversationItem {
  /** Its id, in order of creation. */
  item_id: ConversationItemId;
  /** The id that the Responses API assigned. Schema 2. */
  responses_item_id?: string;
  /** When Codex accepted it into its history. Schema 2. */
  accepted_at_unix_ms?: UnixMs;
  /** Sequence number of the event that accepted it. Schema 2. */
  accepted_seq?: Integer;
  /** Thread it belongs to. */
  thread_id: ThreadId;
  /** The turn in which it was first seen. */
  codex_turn_id: CodexTurnId | null;
  /** When it was first seen. */
  first_seen_at_unix_ms: UnixMs;
  /** Who speaks. */
  role: ConversationRole;
  /** Purpose of an assistant's message; null for other roles. */
  channel: ConversationChannel | null;
  /** What it is. */
  kind: ConversationItemKind;
  /** Only on messages between agents. */
  agent_message?: AgentMessageAddress;
  /** Its content. */
  body: ConversationBody;
  /** The call it makes or answers; null for anything else. */
  call_id: ModelVisibleCallId | null;
  /** What caused it to exist. */
  produced_by: readonly ProducerRef[];
}

/**
 * A list of item ids that shares its storage with other lists.
 *
 * Every request lists the entire conversation so far: as arrays, these lists would grow with the
 * square of the session.
 */
export interface ItemIdList extends Iterable<ConversationItemId> {
  /** How many ids there are. */
  readonly length: number;
  /** The id at `index`, `undefined` beyond the end. */
  at(index: number): ConversationItemId | undefined;
  /** A plain array of the ids. */
  toJSON(): ConversationItemId[];
}
