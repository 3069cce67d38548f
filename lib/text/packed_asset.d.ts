/**
 * What `deno task build` makes of a text: the types of `dist/page.js`, `dist/viewer_worker.js` and
 * `dist/licenses.js`.
 *
 * @module
 */

/** The text, for `unpackText()`. */
export const PACKED: string;
