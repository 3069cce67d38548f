/**
 * Messages between agents, as the model of the receiver sees them.
 *
 * In newer traces the item has author and recipient. In older ones an assistant message is a
 * delivery if its only text is JSON of an exact form; otherwise it is an ordinary message.
 *
 * @module
 */

import {
  DecodeError,
  type Decoder,
  list,
  nullable,
  required,
  string,
} from "../../format/decode/decode.ts";
import { record } from "../../format/decode/record_decoder.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import { decodeText } from "../decode_payload.ts";

/** A delivered message. */
export interface Delivery {
  /** Agent path of the sender. */
  readonly author: string;
  /** Agent path of the receiver. */
  readonly recipient: string;
  /** The text to compare with the sent one: the encrypted form if there is one. */
  readonly text: string;
}

const SEGMENT = /^[a-z0-9_]+$/;

/** Checks each segment: one pattern for a complete long path would overflow the stack. */
function isAgentPath(path: string): boolean {
  if (path === "/morpheus") return true;
  const [before, root, ...names] = path.split("/");
  return before === "" && root === "root" &&
    names.every((name) => name !== "root" && SEGMENT.test(name));
}

/** Decodes a path in the tree of agents. */
export const agentPath: Decoder<string> = (value) => {
  const path = string(value);
  if (isAgentPath(path)) return path;
  throw new DecodeError("not a path of an agent");
};

/** Returns whether an item may be a delivery. This is fast, and true for few items. */
export function mayDeliver(
  item: ConversationItem,
  textDeliveries: boolean,
): boolean {
  if (item.role !== "assistant" || item.kind !== "message") return false;
  if (item.agent_message !== undefined) return true;
  if (!textDeliveries) return false;
  const [part, ...more] = item.body.parts;
  return part?.type === "text" && more.length === 0 &&
    /^[ \t\r\n]*\{/.test(part.text);
}

/** Returns the message that an item delivers, `null` when it is not a message between agents. */
export function deliveryOf(
  item: ConversationItem,
  textDeliveries: boolean,
): Delivery | null {
  if (!mayDeliver(item, textDeliveries)) return null;
  if (item.agent_message !== undefined) {
    const text = addressedText(item);
    return text === null ? null : { ...item.agent_message, text };
  }
  const [part] = item.body.parts;
  return part?.type === "text" ? parseDelivery(part.text) : null;
}

/** Returns the text of an item with one text, one encrypted part, or a text with its encrypted form. */
function addressedText(item: ConversationItem): string | null {
  const [first, second, ...more] = item.body.parts;
  if (first === undefined || more.length > 0) return null;
  if (second === undefined) {
    if (first.type === "text") return first.text;
    return first.type === "encoded" ? first.value : null;
  }
  return first.type === "text" && second.type === "encoded"
    ? second.value
    : null;
}

interface DeliveryText {
  id: string | null;
  author: string;
  recipient: string;
  other_recipients: string[];
  content: string;
  encrypted_content: string | null;
  trigger_turn: boolean;
}

const DELIVERY_FIELDS = {
  id: nullable(string),
  author: required(agentPath),
  recipient: required(agentPath),
  other_recipients: { decode: list(agentPath), absent: { value: [] } },
  content: required(string),
  encrypted_content: nullable(string),
  trigger_turn: required((value: unknown): boolean => {
    if (typeof value === "boolean") return value;
    throw new DecodeError("expected true or false");
  }),
};
const DELIVERY_KEYS: readonly string[] = Object.keys(DELIVERY_FIELDS);
const deliveryText = record<DeliveryText>(DELIVERY_FIELDS);

function parseDelivery(text: string): Delivery | null {
  try {
    const message = decodeText(text, DELIVERY_KEYS, deliveryText);
    return {
      author: message.author,
      recipient: message.recipient,
      text: message.encrypted_content ?? message.content,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
