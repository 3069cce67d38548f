/**
 * Truncates texts of any length without splitting a character.
 *
 * @module
 */

/** How many UTF-16 units of a text from a bundle a line of output shows. */
const MAX_LINE_UNITS = 300;

/** Returns the first `max` UTF-16 units of `text`, one less where that would split a character. */
export function prefixOf(text: string, max: number): string {
  return text.slice(0, max).replace(/[\ud800-\udbff]$/, "");
}

/** Returns `text`, or its first `max` UTF-16 units and `…` if it is longer. */
export function truncate(text: string, max: number): string {
  return text.length <= max ? text : `${prefixOf(text, max)}…`;
}

/** Truncates a text from a bundle for a line of output, and adds its length if it is longer. */
export function truncateWithLength(text: string): string {
  return text.length <= MAX_LINE_UNITS
    ? text
    : `${truncate(text, MAX_LINE_UNITS)} (${text.length} characters)`;
}
