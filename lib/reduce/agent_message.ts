/**
 * Messages between agents as a model sees them: who wrote what to whom.
 *
 * Newer traces address the item itself. In older ones an assistant message is the delivery if
 * its one text is JSON of exactly the right form; any fault makes it an ordinary message.
 *
 * @module
 */

import type { JsonNode } from "../format/json_node.ts";
import { takeNode } from "../format/json_parse.ts";
import { JsonScanner } from "../format/json_scanner.ts";
import type { ConversationItem } from "../graph/conversation.ts";

/** A delivered message. */
export interface Delivery {
  /** Agent path of the sender. */
  readonly author: string;
  /** Agent path of the receiver. */
  readonly recipient: string;
  /** What is compared with the text that was sent: the encrypted form where there is one. */
  readonly text: string;
}

const AGENT_PATH = /^(?:\/morpheus|\/root(?:\/(?!root(?:\/|$))[a-z0-9_]+)*)$/;

/** Whether `text` is a path in the tree of agents. */
export function isAgentPath(text: string): boolean {
  // `$` of a regular expression would not let a line break pass here: there is no m flag.
  return AGENT_PATH.test(text);
}

/** Whether an item can be a delivery at all; cheap, and true for few items. */
export function mayDeliver(item: ConversationItem): boolean {
  if (item.role !== "assistant" || item.kind !== "message") return false;
  if (item.agent_message !== undefined) return true;
  const [part, ...more] = item.body.parts;
  return part?.type === "text" && more.length === 0 &&
    /^[ \t\r\n]*\{/.test(part.text);
}

/** What an item delivers, `null` when it is no message between agents. */
export function deliveryOf(item: ConversationItem): Delivery | null {
  if (!mayDeliver(item)) return null;
  if (item.agent_message !== undefined) {
    const text = addressedText(item);
    return text === null ? null : { ...item.agent_message, text };
  }
  const [part] = item.body.parts;
  return part?.type === "text" ? parseDelivery(part.text) : null;
}

/** One text, one encrypted part, or a text with its encrypted form. */
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

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  "id",
  "author",
  "recipient",
  "other_recipients",
  "content",
  "encrypted_content",
  "trigger_turn",
]);

function parseDelivery(text: string): Delivery | null {
  const message = parseOnce(text);
  if (!(message instanceof Map)) return null;
  const author = message.get("author");
  const recipient = message.get("recipient");
  const content = message.get("content");
  const encrypted = message.get("encrypted_content") ?? null;
  const id = message.get("id") ?? null;
  if (typeof author !== "string" || !isAgentPath(author)) return null;
  if (typeof recipient !== "string" || !isAgentPath(recipient)) return null;
  if (typeof content !== "string") return null;
  if (typeof message.get("trigger_turn") !== "boolean") return null;
  if (encrypted !== null && typeof encrypted !== "string") return null;
  if (id !== null && typeof id !== "string") return null;
  if (!arePaths(message.get("other_recipients"))) return null;
  return { author, recipient, text: encrypted ?? content };
}

function arePaths(node: JsonNode | undefined): boolean {
  if (node === undefined) return true;
  return Array.isArray(node) &&
    node.every((path) => typeof path === "string" && isAgentPath(path));
}

/** The value of a text, `null` when it is not JSON or repeats a key that counts. */
function parseOnce(text: string): JsonNode {
  const scanner = new JsonScanner(text);
  const repeating = new Set<ReadonlyMap<string, JsonNode>>();
  try {
    const node = takeNode(scanner, 1, (object, key) => {
      if (KNOWN_KEYS.has(key)) repeating.add(object);
    });
    scanner.end();
    return node instanceof Map && repeating.has(node) ? null : node;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
