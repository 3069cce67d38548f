/**
 * Escapes characters of untrusted text that could control a terminal or hide from a reader.
 *
 * Paths, ids and messages may originate in an attacker's bundle. They must not move the cursor, set a
 * title, start a new line, reverse the reading order, or be invisible.
 *
 * @module
 */

/**
 * Control characters, line and paragraph separators, bidirectional marks, byte order mark; and
 * characters without width, which could hide text: zero-width spaces, invisible operators,
 * annotation marks, tags. Not what joins letters or emoji, nor the visible signs before Arabic and
 * Kaithi numbers.
 */
const UNSAFE_CHARACTERS =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u2065\u{e0000}-\u{e007f}](?<![\u200c\u200d\u0600-\u0605\u06dd\u0890\u0891\u08e2\u{110bd}\u{110cd}])/gu;

/** Returns the text on one line, with every unsafe character as `\uXXXX`, as in JSON. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, unicodeEscape);
}

/** Escapes every unsafe character except tabs and line feeds: lines stay lines. */
export function escapeControlsInLines(text: string): string {
  return text.replace(
    UNSAFE_CHARACTERS,
    (character) =>
      /[\t\n]/.test(character) ? character : unicodeEscape(character),
  );
}

function unicodeEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}
