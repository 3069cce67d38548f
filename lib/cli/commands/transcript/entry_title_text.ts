/**
 * Pieces of a transcript in words: what they are, and what caused them.
 *
 * @module
 */

import type {
  ItemCause,
  TranscriptCompaction,
  TranscriptDroppedItems,
  TranscriptInheritedHistory,
  TranscriptItem,
  TranscriptPart,
  TranscriptRequest,
  TranscriptUnrecorded,
} from "../../../query/transcript/transcript_answer.ts";
import { escapeControls } from "../../../text/escape.ts";
import { captureText, unrecordedText } from "../../../text/capture_text.ts";
import { bytesOf, counted } from "../../../text/figures.ts";
import { utf8Length } from "../../../text/utf8_length.ts";

/** What an item is; names are text of the bundle. */
export interface ItemWords {
  /** Who speaks, or what it is. */
  readonly lead: string;
  /** The tool, or the agents. */
  readonly name: string | null;
  /** Further notes. */
  readonly aside: string | null;
}

export function wordsOf(entry: TranscriptItem): ItemWords {
  const { kind, role, tool, call_id: aside } = entry;
  switch (kind) {
    case "message":
      return messageWords(entry);
    case "reasoning":
      return { lead: "reasoning", name: null, aside: null };
    case "function_call":
    case "custom_tool_call":
      return { lead: "calls", name: tool ?? "a tool", aside };
    case "function_call_output":
    case "custom_tool_call_output":
      return { lead: "output of", name: tool ?? "a tool", aside };
    case "compaction_marker":
      return { lead: "compaction", name: null, aside: role };
  }
}

function messageWords(
  { role, channel, agent_message: address }: TranscriptItem,
): ItemWords {
  if (address !== null) {
    const { author, recipient } = address;
    const name = `${author} → ${recipient}`;
    return { lead: "agent message", name, aside: null };
  }
  if (channel === "summary") {
    return { lead: "summary of the history before", name: null, aside: null };
  }
  return { lead: role, name: null, aside: channel };
}

/** What caused an item: a phrase for each cause, and the object that is behind it. */
export function causesOf(
  { produced_by, first_request, is_inherited: isInherited }: TranscriptItem,
): { phrase: string; handle: string | null }[] {
  if (isInherited) return [{ phrase: "inherited", handle: null }];
  if (produced_by.length === 0) {
    return first_request === null
      ? []
      : [{ phrase: "first sent in", handle: first_request.handle }];
  }
  return produced_by.map(({ type, object }) => ({
    phrase: phraseOf(type),
    handle: object?.handle ?? null,
  }));
}

function phraseOf(type: ItemCause["type"]): string {
  switch (type) {
    case "user_input":
      return "typed by the user";
    case "harness":
      return "added by the harness";
    case "inference":
      return "answer of";
    case "tool":
    case "code_cell":
    case "compaction":
      return "by";
    case "interaction_edge":
      return "over";
    case "agent":
      return "result of";
  }
}

/** The placeholder of a part without text. */
export function placeholderOf(
  part: Extract<TranscriptPart, { type: "encoded" | "payload_ref" }>,
): string {
  if (part.type === "encoded") {
    const size = utf8Length(part.value);
    return `[${part.label}, ${bytesOf(size)}]`;
  }
  const { label, media_type: media, bytes, payload, capture } = part;
  const notes = [
    capture === null ? label : `${label} ${captureText(capture)}`,
    media,
    bytes === null ? null : bytesOf(bytes),
    payload?.handle ?? null,
  ];
  return `[${notes.filter((each) => each !== null).join(", ")}]`;
}

/** What was not recorded, and why. */
export function unrecordedWords(
  { part, capture, error }: TranscriptUnrecorded,
): { lead: string; why: string } {
  return {
    lead: `unknown ${part}`,
    why: capture === null
      ? escapeControls(error ?? "lost")
      : unrecordedText(capture),
  };
}

/** What is new in a request, and what it no longer has; the words for each. */
export function noveltyWords(
  { new_items: fresh, dropped_items: dropped }: TranscriptRequest,
): { fresh: string; dropped: string | null } {
  return {
    fresh: fresh === null ? "unknown how many new" : `${fresh} new`,
    dropped: dropped === null || dropped === 0 ? null : `${dropped} dropped`,
  };
}

/** How many items left the prompt. */
export function droppedItemsWords({ items }: TranscriptDroppedItems): string {
  return `history rewound or replaced: ${
    counted(items.length, "item")
  } left the prompt`;
}

/** How many items a thread had before it was recorded, and why. */
export function inheritedWords(
  { items, origin }: TranscriptInheritedHistory,
): string {
  const why = origin === null
    ? "origin unknown"
    : `the thread was ${origin === "fork" ? "forked" : "resumed"}`;
  return `${counted(items.length, "inherited item")}, ${why}`;
}

/** How much of a history was removed and added. */
export function compactionWords(
  {
    replaced_items: went,
    replacement_items: added,
    capture,
    unrecorded_replaced_items: lostBefore,
    unrecorded_replacement_items: lostAfter,
  }: TranscriptCompaction,
): string {
  if (capture !== null) return `both histories ${unrecordedText(capture)}`;
  if (lostBefore === null || lostAfter === null) {
    return "how many items were removed and added is unknown";
  }
  const lost = lostBefore + lostAfter;
  return `${counted(went.length + lostBefore, "item")} went, ${
    added.length + lostAfter
  } added${lost === 0 ? "" : `, ${lost} of them not recorded`}`;
}
