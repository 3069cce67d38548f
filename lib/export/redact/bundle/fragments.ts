/**
 * Payloads that are composed of fragments and parts. Schema 3.
 *
 * A record with parts is a list of texts between which the parts are inserted, so that a string
 * may begin in one record and end in another one. Codex inserts parts between strings only; where
 * a fragment ends inside a string, the composed text is walked instead.
 *
 * @module
 */

import type { Edit } from "../text/spellings/edits_between.ts";

/** The fragments of a record; `undefined` where it has none. */
export function fragmentsOf(text: string): string[] | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return Array.isArray(value) && value.every((each) => typeof each === "string")
    ? value
    : undefined;
}

/** Whether one of the fragments but the last ends inside a string. */
export function endInsideString(fragments: readonly string[]): boolean {
  let quotes = 0;
  return fragments.slice(0, -1).some((fragment) => {
    for (let at = 0; at < fragment.length; at++) {
      const code = fragment.charCodeAt(at);
      if (code === 0x5c && quotes % 2 === 1) at++;
      else if (code === 0x22) quotes++;
    }
    return quotes % 2 === 1;
  });
}

/** A stretch of a composed text. */
export interface Piece {
  readonly text: string;
  /** The part that it is from; `undefined` for a fragment. */
  readonly part: string | undefined;
}

/** What edits of a composed text do to its pieces. */
export interface EditedPieces {
  /** The fragments. */
  readonly fragments: string[];
  /** Parts of which an edit took some: what is left of them must not be read. */
  readonly parts: Set<string>;
}

/**
 * Applies edits of strings to the pieces of a composed text. A replacement is in the fragment where
 * its string begins. A string inside a part is left to the record of the part.
 */
export function editPieces(
  pieces: readonly Piece[],
  edits: readonly Edit[],
): EditedPieces {
  const fragments: string[] = [];
  const parts = new Set<string>();
  let start = 0;
  for (const { text, part } of pieces) {
    const end = start + text.length;
    const touching = edits.filter((edit) =>
      edit.start < end && edit.end > start
    );
    if (part !== undefined) {
      if (touching.some((edit) => edit.start < start || edit.end > end)) {
        parts.add(part);
      }
    } else fragments.push(editedFragment(text, start, touching));
    start = end;
  }
  return { fragments, parts };
}

function editedFragment(
  text: string,
  offset: number,
  edits: readonly Edit[],
): string {
  let out = "";
  let copied = 0;
  for (const { start, end, replacement } of edits) {
    const isFirst = start >= offset;
    const from = Math.max(start - offset, 0);
    out += text.slice(copied, from) + (isFirst ? replacement : "");
    copied = Math.min(end - offset, text.length);
  }
  return out + text.slice(copied);
}
