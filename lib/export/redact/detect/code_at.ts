/**
 * Characters of texts, by their codes.
 *
 * @module
 */

const { charCodeAt } = String.prototype;

/**
 * Returns the code of a character; `NaN` where there is none. For loops over texts of all kinds
 * (complete, parts of others, joined ones), in which the engine searches for the method of
 * `text.charCodeAt(at)` anew at each character.
 */
export function codeAt(text: string, at: number): number {
  return charCodeAt.call(text, at);
}
