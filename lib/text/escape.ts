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
 * what has no width and could hide text: all that Unicode calls ignorable, among it zero-width
 * spaces, tags, Hangul fillers, joiners and variation selectors. Not the visible signs before
 * Arabic and Kaithi numbers.
 */
const UNSAFE_CHARACTERS =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}](?<![\u0600-\u0605\u06dd\u0890\u0891\u08e2\u{110bd}\u{110cd}])/gu;

/**
 * Variation selectors after a character that has variants: emoji and digits of keycaps,
 * mathematical signs, and ideographs; and joiners after a letter that joins, or an emoji. Another
 * one after it has no effect, and so could hide text.
 */
const WITH_EFFECT =
  /^(?:(?![\d#*])\p{Emoji}[\ufe0e\ufe0f]|[\d#*]\ufe0f(?=\u20e3)|(?![<-~])[\p{Sm}\p{Script=Myanmar}]\ufe00|\p{Script=Han}[\ufe00-\ufe02\u{e0100}-\u{e01ef}]|\p{Script=Mongolian}[\u180b-\u180d\u180f]|(?:\ufe0f|(?!\p{DI}|\p{ASCII})[\p{L}\p{M}\p{Emoji}])[\u200c\u200d])/u;

/** What modifies the character before it. */
const MODIFIER =
  /[\u180b-\u180d\u180f\u200c\u200d\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u;

/** Returns the text on one line, with every unsafe character as `\uXXXX`, as in JSON. */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE_CHARACTERS, escapeUnlessUsed);
}

/** Escapes every unsafe character except tabs and line feeds: lines stay lines. */
export function escapeControlsInLines(text: string): string {
  return text.replace(
    UNSAFE_CHARACTERS,
    (character, at, all) =>
      /[\t\n]/.test(character)
        ? character
        : escapeUnlessUsed(character, at, all),
  );
}

function escapeUnlessUsed(
  character: string,
  at: number,
  text: string,
): string {
  const hasEffect = MODIFIER.test(character) &&
    WITH_EFFECT.test(withNeighbors(text, at));
  return hasEffect ? character : unicodeEscape(character);
}

/** The character at a position, with the one before it and the one after it. */
function withNeighbors(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 2), at);
  const isPair = /^[\ud800-\udbff][\udc00-\udfff]$/.test(before);
  return text.slice(isPair ? at - 2 : Math.max(0, at - 1), at + 3);
}

function unicodeEscape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`,
  ).join("");
}
