/**
 * The body of a Responses item: the parts that the graph has of it.
 *
 * JSON parts keep the spelling of the source, so they are read from the text of the element.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import { type JsonNode, parseExact } from "../../format/json/json_parse.ts";
import {
  canonicalJson,
  compactJson,
  summarizeJson,
  summarizeJsonText,
} from "../../format/json/json_print.ts";
import { sha256Hex } from "../../format/sha256.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RawElement,
} from "../../format/payload.ts";
import type { ConversationPart } from "../../graph/conversation.ts";
import type { PartMarkers } from "./part_markers.ts";
import type { ReduceRules } from "../rules.ts";

/** The element that a body is made from. */
export interface BodySource {
  readonly item: JsonObject;
  readonly element: RawElement;
  readonly rawPayloadId: string;
  readonly rules: ReduceRules;
  readonly markers: PartMarkers;
  /** Whether the item is from a receipt: then no key is removed. */
  readonly isReceipt: boolean;
}

/** Key of metadata that the recorder adds to an item; the model did not see them. */
const PASSTHROUGH = "internal_chat_message_metadata_passthrough";

/** Label of the payload reference in a body without content. */
export const EMPTY_CONTENT = "empty_content";

/** Returns the parts of a list of content entries, or a payload reference for any other value. */
export function contentParts(
  key: string,
  source: BodySource,
): ConversationPart[] {
  const content = source.item[key];
  if (!Array.isArray(content)) return [reference("content", source)];
  const parts: ConversationPart[] = [];
  content.forEach((entry, index) => {
    const part = contentPart(entry, key, index, source);
    if (part !== null) parts.push(part);
  });
  if (parts.length === 0 && !source.rules.emptyBodies) {
    parts.push(reference(EMPTY_CONTENT, source));
  }
  return parts;
}

function contentPart(
  entry: JsonValue,
  key: string,
  index: number,
  source: BodySource,
): ConversationPart | null {
  const fields = isJsonObject(entry) ? entry : {};
  const type = fields["type"];
  if (type === "input_text" || type === "output_text" || type === "text") {
    const text = fields["text"];
    if (typeof text === "string") return { type: "text", text };
    return missingPart("text", text, source);
  }
  const label = typeof type === "string" ? type : "content";
  if (!source.rules.contentHashes) return reference(label, source);
  const list = member(exactItem(source), key);
  const node = Array.isArray(list) ? list[index] : undefined;
  const content_sha256 = sha256Hex(canonicalJson(node ?? null));
  return {
    type: "payload_ref",
    label,
    raw_payload_id: source.markers.partOf(fields["image_url"]) ??
      source.rawPayloadId,
    content_sha256,
  };
}

/** Returns a reference to the missing part that `value` is the marker of; null if it is none. */
function missingPart(
  label: string,
  value: JsonValue | undefined,
  { markers }: BodySource,
): ConversationPart | null {
  const raw_payload_id = markers.partOf(value);
  return raw_payload_id === undefined
    ? null
    : { type: "payload_ref", label, raw_payload_id };
}

/** Returns the parts for the arguments of a function call. */
export function argumentParts(source: BodySource): ConversationPart[] {
  const value = source.item["arguments"];
  if (value === undefined) return [reference("payload", source)];
  if (typeof value !== "string") {
    return [json(compactMember("arguments", source), source)];
  }
  const summary = summaryOf(value);
  if (summary === null) return [{ type: "text", text: value }];
  return [{ type: "json", summary, raw_payload_id: source.rawPayloadId }];
}

/** Returns the parts for the output of a tool. */
export function outputParts(source: BodySource): ConversationPart[] {
  const value = source.item["output"];
  if (value === undefined) return [reference("tool_output", source)];
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (Array.isArray(value)) return contentParts("output", source);
  return [json(compactMember("output", source), source)];
}

/** Returns the parts for the input of a custom tool: code for `exec`, else text. */
export function customInputParts(source: BodySource): ConversationPart[] {
  const { input, name } = source.item;
  if (typeof input !== "string") return jsonItemParts(source);
  return name === "exec"
    ? [{ type: "code", language: "javascript", source: input }]
    : [{ type: "text", text: input }];
}

/** Returns the complete item as one JSON part. */
export function jsonItemParts(source: BodySource): ConversationPart[] {
  return [json(compactJson(exactItem(source)), source)];
}

/** Returns the parts of a message between agents. */
export function agentMessageParts(source: BodySource): ConversationPart[] {
  const { content, id } = source.item;
  if (!Array.isArray(content) || content.length === 0) {
    throw malformed("an agent message without content", source);
  }
  const isKnownId = typeof id === "string" || id === undefined || id === null;
  if (!isKnownId && !source.rules.anyMessageId) {
    throw malformed("an agent message with an id that is not a string", source);
  }
  return content.map((entry) => agentMessagePart(entry, source));
}

/** Returns the part of an entry: an object, or a list of its type and its value. */
function agentMessagePart(
  entry: JsonValue,
  source: BodySource,
): ConversationPart {
  const isList = Array.isArray(entry) && entry.length === 2;
  const fields = isJsonObject(entry) ? entry : {};
  const type = isList ? entry[0] : fields["type"];
  const value = isList
    ? entry[1]
    : fields[type === "input_text" ? "text" : "encrypted_content"];
  const missing = type === "input_text"
    ? missingPart("text", value, source)
    : null;
  if (missing !== null) return missing;
  if (typeof value === "string") {
    if (type === "input_text") return { type: "text", text: value };
    if (type === "encrypted_content") {
      return { type: "encoded", label: "encrypted_content", value };
    }
  }
  throw malformed(
    "an agent message with an entry that is not supported",
    source,
  );
}

/** Returns a payload reference for content that the graph does not hold. */
export function reference(
  label: string,
  source: BodySource,
  content_sha256?: string,
): ConversationPart {
  const part = {
    type: "payload_ref",
    label,
    raw_payload_id: source.rawPayloadId,
  } as const;
  return content_sha256 === undefined || !source.rules.contentHashes
    ? part
    : { ...part, content_sha256 };
}

function json(compact: string, source: BodySource): ConversationPart {
  return {
    type: "json",
    summary: summarizeJson(compact),
    raw_payload_id: source.rawPayloadId,
  };
}

/** Returns the summary of a JSON text, `null` when it is not strict JSON. */
function summaryOf(text: string): string | null {
  try {
    return summarizeJsonText(text);
  } catch {
    return null;
  }
}

function compactMember(key: string, source: BodySource): string {
  return compactJson(member(exactItem(source), key) ?? null);
}

function member(node: JsonNode, key: string): JsonNode | undefined {
  return node instanceof Map ? node.get(key) : undefined;
}

/** Returns the item as it is spelled. The last key takes the place of the removed metadata. */
export function exactItem(source: BodySource): JsonNode {
  const node = parseExact(source.element.source());
  if (!(node instanceof Map) || !node.has(PASSTHROUGH)) return node;
  if (source.isReceipt) return node;
  const entries = [...node];
  const at = entries.findIndex(([key]) => key === PASSTHROUGH);
  const last = entries.pop();
  if (last !== undefined && at < entries.length) entries[at] = last;
  return new Map(entries);
}

/** Returns the error for an item with unsupported content. */
function malformed(what: string, source: BodySource): ReplayError {
  return new ReplayError(
    "unsupported_item",
    `an item in payload ${
      quote(source.rawPayloadId)
    } is not supported: ${what}`,
    { raw_payload_id: source.rawPayloadId },
  );
}

/** Returns the parts of reasoning: readable text, summary, and the encrypted content. */
export function reasoningParts(source: BodySource): ConversationPart[] {
  const { content, summary, encrypted_content: encrypted } = source.item;
  const parts: ConversationPart[] = [];
  if (content !== undefined && content !== null) {
    for (const text of textsOf(content, ["reasoning_text", "text"], source)) {
      parts.push(openPart("text", "content", text, source));
    }
  }
  if (summary !== undefined) {
    for (const text of textsOf(summary, ["summary_text"], source)) {
      parts.push(openPart("summary", "summary", text, source));
    }
  }
  if (encrypted !== undefined && encrypted !== null) {
    if (typeof encrypted !== "string") {
      throw malformed("encrypted_content is not a string", source);
    }
    parts.push({
      type: "encoded",
      label: "encrypted_content",
      value: encrypted,
    });
  }
  // Reasoning may have no recorded content. The reference reducer fails here.
  if (parts.length === 0 && !source.rules.emptyBodies) {
    parts.push(reference(EMPTY_CONTENT, source));
  }
  return parts;
}

/** Returns a readable part of reasoning, or the reference to the missing part in its place. */
function openPart(
  type: "text" | "summary",
  label: "content" | "summary",
  text: JsonValue | undefined,
  source: BodySource,
): ConversationPart {
  if (typeof text === "string") return { type, text };
  const part = missingPart(label, text, source);
  if (part !== null) return part;
  throw malformed(UNSUPPORTED_ENTRY, source);
}

const UNSUPPORTED_ENTRY = "an entry of its content or summary is not supported";

/** Returns the `text` of every entry of a list. Each entry must have one of `types`. */
function textsOf(
  list: JsonValue,
  types: readonly string[],
  source: BodySource,
): (JsonValue | undefined)[] {
  if (!Array.isArray(list)) {
    throw malformed("its content or summary is not a list", source);
  }
  return list.map((entry) => {
    const fields = isJsonObject(entry) ? entry : {};
    const { type, text } = fields;
    if (typeof type !== "string" || !types.includes(type)) {
      throw malformed(UNSUPPORTED_ENTRY, source);
    }
    return text;
  });
}
