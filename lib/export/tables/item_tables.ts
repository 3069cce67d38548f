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
import {
  handle,
  idOf,
  integer,
  maybe,
  table,
  text,
  timestamp,
} from "./table.ts";

const ITEMS = table<ConversationItem>({
  name: "items",
  meaning:
    "One conversation item that a model received or produced; its texts are in item_parts",
  key: ["item_id"],
  read: ({ session }) => session.trace.conversation_items.values(),
  columns: {
    item_id: text("Its id", (i) => i.item_id),
    handle: handle("item", (i) => i.item_id),
    thread_id: idOf("thread", "Its thread", (i) => i.thread_id),
    turn_id: maybe.idOf(
      "turn",
      "Turn in which it was first seen; the turn itself may be missing",
      (i) => i.codex_turn_id,
    ),
    first_seen_at: timestamp(
      "When it was first seen",
      (i) => i.first_seen_at_unix_ms,
    ),
    accepted_at: maybe.timestamp(
      "When Codex accepted it into its history; null when that was not recorded, always in schema 1",
      (i) => i.accepted_at_unix_ms ?? null,
    ),
    role: text("system, developer, user, assistant, or tool", (i) => i.role),
    channel: maybe.text(
      "Purpose of an assistant's message; null for other roles",
      (i) => i.channel,
    ),
    kind: text("What it is, as message or function_call", (i) => i.kind),
    call_id: maybe.text(
      "The model's id of the call that it makes or answers",
      (i) => i.call_id,
    ),
    responses_item_id: maybe.text(
      "Id that the Responses API assigned",
      (i) => i.responses_item_id ?? null,
    ),
    author: maybe.text(
      "Path of the agent that wrote it; null unless it is a message between agents",
      (i) => i.agent_message?.author ?? null,
    ),
    recipient: maybe.text(
      "Path of the agent addressed",
      (i) => i.agent_message?.recipient ?? null,
    ),
    produced_by_kind: maybe.text(
      "What caused it first, as inference, tool, user_input; null when it is unknown",
      (i) => i.produced_by[0]?.type ?? null,
    ),
    produced_by_id: maybe.text(
      "Id of what caused it; null for user_input and harness",
      (i) => producerId(i.produced_by[0]),
    ),
    parts: integer("Pieces of its body", (i) => i.body.parts.length),
  },
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
  columns: {
    item_id: idOf("item", "Its item", (p) => p.item),
    position: integer(
      "Its place in the item, counted from 0",
      (p) => p.position,
    ),
    type: text(
      "text, summary, encoded, json, code, or payload_ref",
      (p) => p.part.type,
    ),
    label: maybe.text(
      "What sort of value it is; null for texts",
      (p) => "label" in p.part ? p.part.label : null,
    ),
    text: maybe.content(
      "Its text; of json the first 240 bytes; null for payload_ref",
      (p) => textOfPart(p.part),
    ),
    characters: maybe.integer(
      "Length of the text in UTF-16 units",
      (p) => textOfPart(p.part)?.length ?? null,
    ),
    payload_id: maybe.idOf(
      "payload",
      "Payload with the complete value; null for texts",
      (p) => "raw_payload_id" in p.part ? p.part.raw_payload_id : null,
    ),
  },
});

/** These tables. */
export const ITEM_TABLES = [ITEMS, ITEM_PARTS];
