/**
 * The body of a Responses item: which parts it is shown as.
 *
 * Parts of JSON keep the spelling of the source, so they are read from the element's own text.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import { type JsonNode, parseExact } from "../../format/json/json_parse.ts";
import {
  canonicalJson,
  compactJson,
  compactJsonText,
  summarizeJson,
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

/** What a body is made from. */
export interface BodySource {
  readonly item: JsonObject;
  readonly element: RawElement;
  readonly rawPayloadId: string;
  readonly rules: ReduceRules;
  readonly markers: PartMarkers;
  /** Whether the item is a receipt's, of which nothing is removed. */
  readonly isReceipt: boolean;
}

/** Recorder's own note inside an item; it is no part of what the model saw. */
const PASSTHROUGH = "internal_chat_message_metadata_passthrough";

/** Label of the reference that stands for a body without anything to show. */
export const EMPTY_CONTENT = "empty_content";

/** Parts of a list of content entries, or the reference that stands for anything else. */
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

/** A reference to the part of the payload that `value` stands for, null when it stands for none. */
export function missingPart(
  label: string,
  value: JsonValue | undefined,
  { markers }: BodySource,
): ConversationPart | null {
  const raw_payload_id = markers.partOf(value);
  return raw_payload_id === undefined
    ? null
    : { type: "payload_ref", label, raw_payload_id };
}

/** Parts of a function call's arguments. */
export function argumentParts(source: BodySource): ConversationPart[] {
  const value = source.item["arguments"];
  if (value === undefined) return [reference("payload", source)];
  if (typeof value !== "string") {
    return [json(compactMember("arguments", source), source)];
  }
  const compact = compactText(value);
  return [
    compact === null ? { type: "text", text: value } : json(compact, source),
  ];
}

/** Parts of a tool's output. */
export function outputParts(source: BodySource): ConversationPart[] {
  const value = source.item["output"];
  if (value === undefined) return [reference("tool_output", source)];
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (Array.isArray(value)) return contentParts("output", source);
  return [json(compactMember("output", source), source)];
}

/** Parts of a custom tool's input: code where it is code. */
export function customInputParts(source: BodySource): ConversationPart[] {
  const { input, name } = source.item;
  if (typeof input !== "string") return jsonItemParts(source);
  return name === "exec"
    ? [{ type: "code", language: "javascript", source: input }]
    : [{ type: "text", text: input }];
}

/** The whole item as one JSON part. */
export function jsonItemParts(source: BodySource): ConversationPart[] {
  return [json(compactJson(exactItem(source)), source)];
}

/** Parts of a message between agents. */
export function agentMessageParts(source: BodySource): ConversationPart[] {
  const { content, id } = source.item;
  if (!Array.isArray(content) || content.length === 0) {
    throw malformed("an agent message without content", source);
  }
  const isKnownId = typeof id === "string" || id === undefined || id === null;
  if (!isKnownId && !source.rules.anyMessageId) {
    throw malformed("an agent message with an id that is no text", source);
  }
  return content.map((entry) => agentMessagePart(entry, source));
}

/** An entry is an object, or a list of its type and its value. */
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

/** A part for what the graph does not hold, with its hash where the schema has one. */
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

/** Compact JSON of a text, `null` when it is not strict JSON. */
function compactText(text: string): string | null {
  try {
    return compactJsonText(text);
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

/** The item as spelled. Removing the recorder's note moves the last key into its place. */
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

/** Refuses an item for what it contains. */
export function malformed(what: string, source: BodySource): ReplayError {
  return new ReplayError(
    "unsupported_item",
    `an item in payload ${
      quote(source.rawPayloadId)
    } is not supported: ${what}`,
    { raw_payload_id: source.rawPayloadId },
  );
}

/** Parts of reasoning: what it says openly, its summary, and the encrypted rest. */
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
      throw malformed("encrypted_content is no text", source);
    }
    parts.push({
      type: "encoded",
      label: "encrypted_content",
      value: encrypted,
    });
  }
  // A model may think without a word of it being told. The reference gives up here.
  if (parts.length === 0 && !source.rules.emptyBodies) {
    parts.push(reference(EMPTY_CONTENT, source));
  }
  return parts;
}

/** A readable part of reasoning, or the reference to the part that is missing in its place. */
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

/** The `text` of every entry of a list, each of which has one of `types`. */
function textsOf(
  list: JsonValue,
  types: readonly string[],
  source: BodySource,
): (JsonValue | undefined)[] {
  if (!Array.isArray(list)) {
    throw malformed("its content or summary is no list", source);
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
