/**
 * The body of a reasoning item: what it says openly, its summary, and the encrypted rest.
 *
 * @module
 */

import { isJsonObject, type JsonValue } from "../../format/payload.ts";
import type { ConversationPart } from "../../graph/conversation.ts";
import {
  type BodySource,
  EMPTY_CONTENT,
  malformed,
  missingPart,
  reference,
} from "./normalize_body.ts";

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
