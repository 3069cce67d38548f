/**
 * Bytes as texts: as digits, or as what they are in UTF-8.
 *
 * @module
 */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** In steps whose bytes are a multiple of three, so that the pieces fit together. */
const STEP = 3 * 8192;

/** Returns two lower-case hexadecimal digits for each byte. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
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

/** Returns the text that bytes are in UTF-16, the low byte first; an odd last byte is left out. */
export function utf16Text(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    text += String.fromCharCode((bytes[at] ?? 0) | (bytes[at + 1] ?? 0) << 8);
  }
  return text;
}

/** Returns the bytes of a text in UTF-16, the low byte first. */
export function utf16Bytes(text: string): Uint8Array {
  return Uint8Array.from(
    { length: 2 * text.length },
    (_, at) => text.charCodeAt(at >> 1) >> 8 * (at % 2),
  );
}
