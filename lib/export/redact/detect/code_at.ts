/**
 * Characters of texts, by their codes.
 *
 * @module
 */

const { charCodeAt } = String.prototype;

/**
 * Returns the code of a character; 0 where there is none. For loops over texts of all kinds
 * (complete, parts of others, joined ones), in which the engine searches for the method of
 * `text.charCodeAt(at)` anew at each character; and once it was called for an offset outside of a
 * text, the engine never compiles it to an access of the memory again.
 */
export function codeAt(text: string, at: number): number {
  return at >= 0 && at < text.length ? charCodeAt.call(text, at) : 0;
}
