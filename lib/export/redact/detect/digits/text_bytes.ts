/**
 * Whether bytes are text, decided without decoding them: an error takes long.
 *
 * @module
 */

import { BASE64_VALUES } from "../../../../text/encoded_bytes.ts";

/** Decodes digits one by one, up to the first byte that is no text. */
export class TextProbe {
  #bits = 0;
  #count = 0;
  #expected = 0;

  /** Adds a digit. Returns whether the bytes so far are text. */
  add(code: number): boolean {
    this.#bits = (this.#bits << 6 | (BASE64_VALUES[code] ?? 0)) & 0xffffff;
    this.#count += 6;
    if (this.#count < 8) return true;
    this.#count -= 8;
    const byte = this.#bits >> this.#count & 0xff;
    this.#expected = expectedAfter(byte, this.#expected);
    return this.#expected >= 0;
  }
}

/**
 * Whether bytes are text in UTF-8 without control characters; the last one may be truncated. By
 * hand, and before they are decoded: most words are no text, and an error takes long.
 */
export function isText(bytes: Uint8Array): boolean {
  let expected = 0;
  for (const byte of bytes) {
    expected = expectedAfter(byte, expected);
    if (expected < 0) return false;
  }
  return bytes.length > 0;
}

/** How many bytes of a character follow a byte; -1 where it is no text. */
export function expectedAfter(byte: number, expected: number): number {
  if (expected > 0) return (byte & 0xc0) === 0x80 ? expected - 1 : -1;
  if (byte < 0x80) {
    // Those of a terminal are: its bell, a step back, the start of its codes. So are zeros, which are
    // between the variables of an environment, and after the files of an archive.
    const isControl = byte === 0x7f || byte > 0 && byte < 0x07 ||
      byte > 0x0d && byte < 0x20 && byte !== 0x1b;
    return isControl ? -1 : 0;
  }
  if (byte < 0xc2 || byte > 0xf4) return -1;
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
}

/**
 * Whether four bytes begin a text in UTF-16: two characters of ASCII, with a zero after or before
 * each, or one after the mark of the order of bytes.
 */
export function isUtf16(four: number): boolean {
  const [a, b] = [four >>> 16, four & 0xffff];
  return (isLow(a) || a === 0xfffe) && isLow(b) ||
    (isAscii(a) || a === 0xfeff) && isAscii(b);
}

/** Whether two bytes are a character of ASCII, the low byte first. */
function isLow(two: number): boolean {
  return (two & 0xff) === 0 && isAscii(two >> 8);
}

function isAscii(code: number): boolean {
  return code >= 0x20 && code < 0x7f || code === 0x0a || code === 0x0d;
}
