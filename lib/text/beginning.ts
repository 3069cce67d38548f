/**
 * Beginnings of texts that may be of any length.
 *
 * @module
 */

/** The first `most` UTF-16 units of `text`, fewer where that would cut a character in half. */
export function beginningOf(text: string, most: number): string {
  return text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
}

/** A text of no more than `most` UTF-16 units, and `…` in place of what is cut off. */
export function cutOff(text: string, most: number): string {
  return text.length <= most ? text : `${beginningOf(text, most)}…`;
}
