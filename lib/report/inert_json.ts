/**
 * JSON that may stand inside a page: nothing in it can end the element it stands in.
 *
 * @module
 */

/** What could end the element, begin another, or end a line of script. */
const MARKUP = /[<>&\u2028\u2029]/g;

/** A value as JSON without a character that means something in HTML. */
export function inertJson(value: unknown): string {
  return JSON.stringify(value).replace(
    MARKUP,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
