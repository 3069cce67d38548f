/**
 * Bytes as texts: as digits, or as what they are in UTF-8 or UTF-16.
 *
 * @module
 */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** In steps whose bytes are a multiple of three, so that the pieces fit together. */
const STEP = 3 * 8192;

/** Returns two lower-case hexadecimal digits for each byte. */
export function hexOf(bytes: Uint8Array): string {
  let text = "";
  // Piece by piece: a text for each byte takes forty times the bytes.
  for (let at = 0; at < bytes.length; at += STEP) {
    text += Array.from(
      bytes.subarray(at, at + STEP),
      (byte) => byte.toString(16).padStart(2, "0"),
    ).join("");
  }
  return text;
}

/** Returns bytes in base64 with padding. */
export function base64Of(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + STEP)));
  }
  return text;
}

/** Returns the text that bytes are in UTF-8; `undefined` where they are none. */
export function utf8Text(bytes: Uint8Array): string | undefined {
  try {
    return utf8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns the text that bytes are in UTF-16, the low byte first; a single last byte is left out. */
export function utf16Text(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8);
  }
  return text;
}

/** Swaps the two bytes of each character in UTF-16, in place. Returns the bytes. */
export function swapBytes(bytes: Uint8Array): Uint8Array {
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    bytes.set([bytes[at + 1] ?? 0, bytes[at] ?? 0], at);
  }
  return bytes;
}

/** Returns the bytes of a text in UTF-16, the low byte first. */
export function utf16Bytes(text: string): Uint8Array {
  return Uint8Array.from(
    { length: 2 * text.length },
    (_, at) => text.charCodeAt(at >> 1) >> 8 * (at % 2),
  );
}

const encoder = new TextEncoder();
/** What is between two lines: line ends, which may be escaped, and indentation. */
const BETWEEN_LINES = /\\[rn]|\s/g;

/** What a digit encodes, by its code; digits of both alphabets. */
export const BASE64_VALUES = new Uint8Array(256);
for (const alphabet of ["+/", "-_"]) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const digits = letters + letters.toLowerCase() + "0123456789" + alphabet;
  for (let at = 0; at < 64; at++) BASE64_VALUES[digits.charCodeAt(at)] = at;
}

/** Returns the bytes of base64 of either alphabet, without white space and padding. */
export function base64Bytes(text: string): Uint8Array {
  const digits = text.replace(BETWEEN_LINES, "").replace(/=/g, "");
  const bytes = new Uint8Array(Math.floor(digits.length * 3 / 4));
  let bits = 0;
  for (let at = 0, next = 0; at < digits.length; at++) {
    bits = (bits << 6 | (BASE64_VALUES[digits.charCodeAt(at)] ?? 0)) & 0xffffff;
    // Of each four digits, all but the first complete a byte.
    if (at % 4 > 0) bytes[next++] = bits >> 6 - 2 * (at % 4);
  }
  return bytes;
}

/** Returns bytes encoded as another run is: its alphabet, its padding. Lines are joined. */
export function encodedAs(raw: string, bytes: Uint8Array): string {
  const encoded = base64Of(bytes);
  const padded = raw.endsWith("=") || raw.length % 4 === 0
    ? encoded
    : encoded.replace(/=+$/, "");
  return /[-_]/.test(raw)
    ? padded.replaceAll("+", "-").replaceAll("/", "_")
    : padded;
}

/**
 * Returns what a text is in base64 wherever it starts in the encoded bytes: without the first and
 * the last digit that its neighbors share. In both alphabets.
 */
export function base64Spellings(text: string): string[] {
  const bytes = encoder.encode(text);
  return [0, 1, 2].flatMap((shift) => {
    const shifted = new Uint8Array(shift + bytes.length);
    shifted.set(bytes, shift);
    const first = Math.ceil(shift * 8 / 6);
    const last = Math.floor(shifted.length * 8 / 6);
    const digits = base64Of(shifted).slice(first, last);
    const other = digits.replaceAll("+", "-").replaceAll("/", "_");
    return digits === other ? [digits] : [digits, other];
  });
}
