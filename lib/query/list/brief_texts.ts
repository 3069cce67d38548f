/**
 * Prompts and answers, out of the payloads of requests and responses.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from "../../format/payload.ts";

/** The last that a user says in a request; what Codex says in the user's name comes before. */
export function promptIn(request: JsonValue): string | null {
  return lastSaid(listIn(request, "input"), "user");
}

/** The last that the model says in a response. */
export function answerIn(response: JsonValue): string | null {
  return lastSaid(listIn(response, "output_items"), "assistant");
}

function listIn(value: JsonValue, key: string): readonly JsonValue[] {
  const list = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function lastSaid(items: readonly JsonValue[], role: string): string | null {
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    if (!isJsonObject(item) || !isMessage(item, role)) continue;
    const text = listIn(item, "content")
      .flatMap((part) => isJsonObject(part) ? part["text"] ?? [] : [])
      .filter((each) => typeof each === "string")
      .join("\n");
    if (text.trim() !== "") return text;
  }
  return null;
}

function isMessage(item: JsonObject, role: string): boolean {
  const { type, role: speaker } = item;
  return speaker === role && (type === "message" || type === undefined);
}
