/**
 * What an item says, as far as the graph holds it.
 *
 * @module
 */

import type {
  ConversationItem,
  ConversationPart,
} from "../../graph/conversation.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { captureOfPart } from "../evidence/recorded/captures.ts";
import type { Session } from "../session/session.ts";
import type { TranscriptPart } from "./answer.ts";

/** Bytes from which on the graph cuts JSON and puts {@linkcode CUT} at the end. */
const CUT_FROM = 240;
const CUT = "...";

/** The parts of an item, with JSON cut where the graph cut it. */
export function partsOfItem(
  { body }: ConversationItem,
  session: Session,
): TranscriptPart[] {
  return body.parts.map((part) => partOf(part, session));
}

/** Whether the payload has more than the graph. */
export function lacksSomething({ body }: ConversationItem): boolean {
  return body.parts.some((part) =>
    part.type === "payload_ref" || part.type === "json" && isCut(part.summary)
  );
}

function partOf(
  part: ConversationPart,
  { names, trace }: Session,
): TranscriptPart {
  switch (part.type) {
    case "text":
    case "summary":
    case "encoded":
      return part;
    case "code":
      return { type: "code", language: part.language, text: part.source };
    case "json":
      return {
        type: "json",
        json: part.summary,
        is_truncated: isCut(part.summary),
        payload: names.ref("payload", part.raw_payload_id),
      };
    case "payload_ref":
      return {
        type: "payload_ref",
        label: part.label,
        media_type: null,
        bytes: null,
        content_sha256: part.content_sha256 ?? null,
        payload: names.ref("payload", part.raw_payload_id),
        capture: captureOfPart(trace, part),
      };
  }
}

function isCut(summary: string): boolean {
  if (!summary.endsWith(CUT) || summary.length * 3 < CUT_FROM) return false;
  const bytes = utf8Length(summary) - CUT.length;
  // A character of up to four bytes is not split.
  return bytes <= CUT_FROM && bytes > CUT_FROM - 4;
}
