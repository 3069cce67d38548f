/**
 * The bytes of a document as a text, and back: also of one that is not UTF-8, so that every byte
 * that is not replaced stays as it is.
 *
 * @module
 */

import { concatBytes } from "../../../bundle/byte_buffer.ts";
import { utf8Text } from "../../../text/encoded_bytes.ts";

/** A text, and how it becomes bytes again. */
export interface DocumentText {
  readonly text: string;
  /** Whether the bytes are UTF-8; else each is a character. */
  readonly isUtf8: boolean;
  /** Encodes a text that was made of it. */
  encode(text: string): Uint8Array;
}

const encoder = new TextEncoder();
/** Bytes of a truncated character. */
const MAX_CUT = 3;

/** Decodes a document, which a limit of the recorder may have cut inside a character. */
export function documentText(bytes: Uint8Array): DocumentText {
  for (let cut = 0; cut <= Math.min(MAX_CUT, bytes.length); cut++) {
    const end = bytes.length - cut;
    const text = utf8Text(bytes.subarray(0, end));
    if (text === undefined) continue;
    const rest = bytes.slice(end);
    return {
      text,
      isUtf8: true,
      encode: (changed) => joined(encoder.encode(changed), rest),
    };
  }
  return { text: latin1(bytes), isUtf8: false, encode: encodeLatin1 };
}

/** Returns the bytes one after the other. */
export function joined(start: Uint8Array, rest: Uint8Array): Uint8Array {
  return rest.length === 0 ? start : concatBytes([start, rest]);
}

/** Returns the bytes in memory of their own. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.length === bytes.buffer.byteLength ? bytes : bytes.slice();
}

const CHUNK = 8192;

/** One character for each byte. The decoder of that name would not keep all of them. */
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}

function encodeLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}
