/**
 * The licenses of what the program contains: the types of `dist/licenses.js`.
 *
 * @module
 */

/** Names and license texts. */
export const LICENSES: string;
