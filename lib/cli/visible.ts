/**
 * Text made harmless for a terminal.
 *
 * Paths, ids and messages may come from somebody else's bundle. Nothing in them may move the
 * cursor, set a title, start a new line or reverse the reading order.
 *
 * @module
 */

/** Control characters, line and paragraph separators, bidirectional marks, byte order mark. */
const STEERING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The same text on one line, every steering character spelled as `\uXXXX`. */
export function visible(text: string): string {
  return text.replace(
    STEERING,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The most of one text that a line for a person shows. */
const MOST_CHARACTERS = 300;

/** The beginning of a text that may be of any length. */
export function shortened(text: string): string {
  if (text.length <= MOST_CHARACTERS) return text;
  const kept = text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… (${text.length} characters)`;
}
