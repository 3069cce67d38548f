/**
 * Text made harmless for a terminal.
 *
 * Paths, ids and messages may come from somebody else's bundle. Nothing in them may move the
 * cursor, set a title, start a new line or reverse the reading order.
 *
 * @module
 */

/**
 * Control characters, line and paragraph separators, bidirectional marks, byte order mark; and
 * what takes no place, so that text could hide in it: zero-width spaces, invisible operators,
 * annotation marks, tags.
 */
const STEERING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** The same text on one line, every steering character spelled as `\uXXXX`, as JSON does. */
export function visible(text: string): string {
  return text.replace(STEERING, spelled);
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
  const kept = text.slice(0, MOST_CHARACTERS).replace(/[\ud800-\udbff]$/, "");
  return `${kept}… (${text.length} characters)`;
}
