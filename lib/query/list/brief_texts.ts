/**
 * The first prompt and the last answer of a session, as its payloads have them.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type PayloadCapture,
  type RawPayloadRef,
} from "../../format/payload.ts";
import { PartMarkers } from "../../reduce/items/part_markers.ts";
import type { BriefAnswer } from "./brief_request.ts";
import type { BriefLog } from "./bundle_brief.ts";

/** A text, as far as it was recorded. */
export interface BriefText {
  /** The text; null when nothing of it was recorded. */
  readonly text: string | null;
  /** What was kept of the payload with the text, or with a part of it; null when all was. */
  readonly capture: PayloadCapture | null;
}

/**
 * The last user message of a request; the messages that Codex adds in the user's role are before it.
 *
 * @param request The payload `ref`, parsed; null where it cannot be read.
 */
export function promptIn(
  ref: RawPayloadRef,
  request: JsonValue,
): BriefText | null {
  return lastMessageOf(ref, listIn(request, "input"), "user");
}

/** The last message of the model in a response; of one that broke off, the last accepted. */
export function answerIn(
  { ref, is_partial: isPartial }: BriefAnswer,
  response: JsonValue,
  accepted: ReadonlySet<string>,
): BriefText | null {
  const items = listIn(response, "output_items");
  const known = isPartial
    ? items.filter((item) =>
      isJsonObject(item) && typeof item["id"] === "string" &&
      accepted.has(item["id"])
    )
    : items;
  return lastMessageOf(ref, known, "assistant");
}

/** The answer that the end of the root's last turn repeats; null where it is unknown. */
export function reportedAnswer(
  { turns, turn_ends: ends }: BriefLog,
  open: (ref: RawPayloadRef) => JsonValue,
): string | null {
  for (const ref of ends) {
    const end = open(ref);
    if (!isJsonObject(end)) return null;
    const { turn_id: turn, last_agent_message: text } = end;
    if (typeof turn !== "string" || !turns.has(turn)) continue;
    return typeof text === "string" ? text : null;
  }
  return null;
}

function listIn(value: JsonValue, key: string): readonly JsonValue[] {
  const list = isJsonObject(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}

function lastMessageOf(
  ref: RawPayloadRef,
  items: readonly JsonValue[],
  role: string,
): BriefText | null {
  if (ref.capture !== undefined) return { text: null, capture: ref.capture };
  const captureAt = capturesIn(ref);
  for (let at = items.length - 1; at >= 0; at--) {
    const item = items[at];
    const lost = captureAt(item);
    if (lost !== null) return { text: null, capture: lost };
    if (!isJsonObject(item) || !isMessage(item, role)) continue;
    const texts = listIn(item, "content").map((part) =>
      isJsonObject(part) ? part["text"] : undefined
    );
    const text = texts.filter((each) => typeof each === "string").join("\n");
    const capture = texts.map(captureAt).find((each) => each !== null) ?? null;
    const isEmpty = text.trim() === "";
    if (!isEmpty || capture !== null) {
      return { text: isEmpty ? null : text, capture };
    }
  }
  return null;
}

/** The capture of the part that a marker refers to; null for an ordinary value. */
function capturesIn(
  ref: RawPayloadRef,
): (value: JsonValue | undefined) => PayloadCapture | null {
  const markers = new PartMarkers(ref);
  const captures = new Map<string, PayloadCapture>();
  const pending = [ref];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { capture, parts, raw_payload_id: id } = next;
    if (capture !== undefined) captures.set(id, capture);
    for (const part of parts ?? []) pending.push(part);
  }
  return (value) => captures.get(markers.partOf(value) ?? "") ?? null;
}

function isMessage(item: JsonObject, role: string): boolean {
  const { type, role: speaker } = item;
  return speaker === role && (type === "message" || type === undefined);
}
