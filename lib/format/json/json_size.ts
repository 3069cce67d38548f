/**
 * How many bytes a JSON text has without the white space between its tokens.
 *
 * Recorders indent payloads; what went over the wire was compact. It counts and validates
 * nothing: the bytes must have gone through a parser.
 *
 * @module
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Bytes from `start` to `end`, less the white space outside of strings. */
export function compactSize(
  bytes: Uint8Array,
  start: number = 0,
  end: number = bytes.length,
): number {
  let size = 0;
  let at = start;
  while (at < end) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const opened = at++;
      while (at < end && bytes[at] !== QUOTE) {
        at += bytes[at] === BACKSLASH ? 2 : 1;
      }
      size += ++at - opened;
      continue;
    }
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
      size++;
    }
    at++;
  }
  return size;
}
