/**
 * Tables of conversation items and their parts: every text of a session, once.
 *
 * @module
 */

import type {
  ConversationItem,
  ConversationPart,
  ProducerRef,
} from "../../graph/conversation.ts";
import type { SessionFacts } from "./session_facts.ts";
import { column, maybe, table } from "./table.ts";

const ITEMS = table<ConversationItem>({
  name: "items",
  meaning:
    "One conversation item that a model received or produced; its texts are in item_parts",
  key: ["item_id"],
  read: ({ session }) => session.trace.conversation_items.values(),
  columns: [
    column("item_id", "text", "Its id", (i) => i.item_id),
    column(
      "handle",
      "text",
      "Its short name, as item:1",
      (i, f) => f.handle("item", i.item_id),
    ),
    column("thread_id", "text", "Its thread", (i) => i.thread_id, {
      references: "threads.thread_id",
    }),
    maybe(
      "turn_id",
      "text",
      "Turn in which it was first seen; the turn itself may be missing",
      (i) => i.codex_turn_id,
      { references: "turns.turn_id" },
    ),
    column(
      "first_seen_at",
      "timestamp",
      "When it was first seen",
      (i) => i.first_seen_at_unix_ms,
    ),
    maybe(
      "accepted_at",
      "timestamp",
      "When Codex accepted it into its history; null when that was not recorded, always in schema 1",
      (i) => i.accepted_at_unix_ms ?? null,
    ),
    column(
      "role",
      "text",
      "system, developer, user, assistant, or tool",
      (i) => i.role,
    ),
    maybe(
      "channel",
      "text",
      "Purpose of an assistant's message; null for other roles",
      (i) => i.channel,
    ),
    column(
      "kind",
      "text",
      "What it is, as message or function_call",
      (i) => i.kind,
    ),
    maybe(
      "call_id",
      "text",
      "The model's id of the call that it makes or answers",
      (i) => i.call_id,
    ),
    maybe(
      "responses_item_id",
      "text",
      "Id that the Responses API assigned",
      (i) => i.responses_item_id ?? null,
    ),
    maybe(
      "author",
      "text",
      "Path of the agent that wrote it; null unless it is a message between agents",
      (i) => i.agent_message?.author ?? null,
    ),
    maybe(
      "recipient",
      "text",
      "Path of the agent addressed",
      (i) => i.agent_message?.recipient ?? null,
    ),
    maybe(
      "produced_by_kind",
      "text",
      "What caused it first, as inference, tool, user_input; null when it is unknown",
      (i) => i.produced_by[0]?.type ?? null,
    ),
    maybe(
      "produced_by_id",
      "text",
      "Id of what caused it; null for user_input and harness",
      (i) => producerId(i.produced_by[0]),
    ),
    column(
      "parts",
      "integer",
      "Pieces of its body",
      (i) => i.body.parts.length,
    ),
  ],
});

function producerId(producer: ProducerRef | undefined): string | null {
  switch (producer?.type) {
    case "inference":
      return producer.inference_call_id;
    case "tool":
      return producer.tool_call_id;
    case "code_cell":
      return producer.code_cell_id;
    case "interaction_edge":
      return producer.edge_id;
    case "compaction":
      return producer.compaction_id;
    default:
      return null;
  }
}

interface ItemPart {
  readonly item: string;
  readonly position: number;
  readonly part: ConversationPart;
}

function* itemParts({ session }: SessionFacts): Generator<ItemPart> {
  for (const [item, { body }] of session.trace.conversation_items) {
    let position = 0;
    for (const part of body.parts) yield { item, position: position++, part };
  }
}

/** The text of a part; null where the part only refers to a payload. */
export function textOfPart(part: ConversationPart): string | null {
  switch (part.type) {
    case "text":
    case "summary":
      return part.text;
    case "encoded":
      return part.value;
    case "json":
      return part.summary;
    case "code":
      return part.source;
    case "payload_ref":
      return null;
  }
}

const ITEM_PARTS = table<ItemPart>({
  name: "item_parts",
  meaning: "One piece of an item's body",
  key: ["item_id", "position"],
  read: itemParts,
  columns: [
    column("item_id", "text", "Its item", (p) => p.item, {
      references: "items.item_id",
    }),
    column(
      "position",
      "integer",
      "Its place in the item, counted from 0",
      (p) => p.position,
    ),
    column(
      "type",
      "text",
      "text, summary, encoded, json, code, or payload_ref",
      (p) => p.part.type,
    ),
    maybe(
      "label",
      "text",
      "What sort of value it is; null for texts",
      (p) => "label" in p.part ? p.part.label : null,
    ),
    maybe(
      "text",
      "text",
      "Its text; of json the first 240 bytes; null for payload_ref",
      (p) => textOfPart(p.part),
      { content: true },
    ),
    maybe(
      "characters",
      "integer",
      "Length of the text in UTF-16 units",
      (p) => textOfPart(p.part)?.length ?? null,
    ),
    maybe(
      "payload_id",
      "text",
      "Payload with the complete value; null for texts",
      (p) => "raw_payload_id" in p.part ? p.part.raw_payload_id : null,
      { references: "payloads.payload_id" },
    ),
  ],
});

/** These tables. */
export const ITEM_TABLES = [ITEMS, ITEM_PARTS];
