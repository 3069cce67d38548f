/**
 * Text made harmless for a terminal, and plain to see on a page.
 *
 * Paths, ids and messages may come from somebody else's bundle. Nothing in them may move the
 * cursor, set a title, start a new line, reverse the reading order or hide.
 *
 * @module
 */

import { beginningOf } from "./beginning.ts";

/**
 * Control characters, line and paragraph separators, bidirectional marks, byte order mark; and
 * what takes no place, so that text could hide in it: zero-width spaces, invisible operators,
 * annotation marks, tags. Not what joins letters or emoji, nor the signs before Arabic and
 * Kaithi numbers, which are seen.
 */
const STEERING =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2065\u{e0000}-\u{e007f}](?<![\u200c\u200d\u0600-\u0605\u06dd\u0890\u0891\u08e2\u{110bd}\u{110cd}])/gu;

/** The same text on one line, every steering character spelled as `\uXXXX`, as JSON does. */
export function visible(text: string): string {
  return text.replace(STEERING, spelled);
}

/** The same text, every steering character spelled but tabs and line feeds: lines stay lines. */
export function visibleLines(text: string): string {
  return text.replace(
    STEERING,
    (character) => /[\t\n]/.test(character) ? character : spelled(character),
  );
}

function spelled(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}

/** The most of one text that a line for a person shows. */
const MOST_CHARACTERS = 300;

/** The beginning of a text that may be of any length. */
export function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  return `${beginningOf(text, MOST_CHARACTERS)}… (${text.length} characters)`;
}
