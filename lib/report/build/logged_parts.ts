/**
 * The parts of items of a session log: as `transcript` has them, complete and without a payload.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { openTranscript } from "../../query/transcript/transcript.ts";
import type { TranscriptPart } from "../../query/transcript/transcript_answer.ts";
import type { StringTable } from "../packed_table.ts";
import type { PartRow } from "../report_data.ts";
import { EMPTY_PART } from "../report_rows.ts";

/** The parts of each item. */
export type LoggedParts = ReadonlyMap<
  ConversationItemId,
  readonly TranscriptPart[]
>;

/** Reads the parts of all items; null for a session that is no session log. */
export function loggedParts(session: TraceSession): LoggedParts | null {
  if (session.sessionLog === undefined) return null;
  const parts = new Map<ConversationItemId, readonly TranscriptPart[]>();
  for (const thread of session.trace.threads.keys()) {
    for (const entry of openTranscript(session, { thread })?.entries() ?? []) {
      if (entry.type === "item") parts.set(entry.item.id, entry.parts);
    }
  }
  return parts;
}

/** A part as a row; its texts are stored in `texts`. */
export function loggedPartRow(
  texts: StringTable,
  part: TranscriptPart,
): PartRow {
  const row = { type: part.type, ...EMPTY_PART };
  switch (part.type) {
    case "text":
    case "summary":
      return { ...row, text: texts.intern(part.text) };
    case "encoded":
      return { ...row, text: texts.intern(part.value), label: part.label };
    case "json":
      return { ...row, text: texts.intern(part.json) };
    case "code":
      return { ...row, text: texts.intern(part.text), label: part.language };
    case "payload_ref":
      return { ...row, label: part.label, sha256: part.content_sha256 };
  }
}
