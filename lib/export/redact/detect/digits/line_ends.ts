/**
 * What is between the digits of an encoded text: line ends, also escaped ones.
 *
 * @module
 */

import type { TextCodes } from "../code_at.ts";

/** The code of a backslash. */
export const BACKSLASH = 0x5c;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const LETTER_N = 0x6e;
const LETTER_R = 0x72;

/** The start of the line after a line end, which may be escaped; the offset itself where none is. */
export function lineAfter(bytes: Uint8Array, at: number): number {
  let next = at;
  if (bytes[next] === BACKSLASH) {
    if (bytes[next + 1] === LETTER_R && bytes[next + 2] === BACKSLASH) {
      next += 2;
    }
    if (bytes[next + 1] !== LETTER_N) return at;
    return next + 2;
  }
  if (bytes[next] === CARRIAGE_RETURN) next++;
  if (bytes[next] !== LINE_FEED) return at;
  next++;
  const end = next + MAX_INDENT;
  while (next < end && IS_INDENT[bytes[next] ?? 0] === 1) next++;
  return next;
}

/** Spaces and tabs before a line. */
const MAX_INDENT = 64;
const IS_INDENT = new Uint8Array(256);
for (const char of " \t") IS_INDENT[char.charCodeAt(0)] = 1;

/** An offset, or the one after it where the letter of an escape is at it: `\\n`, `\\x`. */
export function afterEscape({ bytes }: TextCodes, at: number): number {
  const isEscape = bytes[at - 1] === BACKSLASH &&
    IS_ESCAPE_LETTER[bytes[at] ?? 0] === 1;
  return isEscape ? at + 1 : at;
}

const IS_ESCAPE_LETTER = new Uint8Array(256);
for (const char of "nrtbfvx") IS_ESCAPE_LETTER[char.charCodeAt(0)] = 1;
