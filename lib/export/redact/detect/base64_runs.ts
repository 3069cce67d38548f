/**
 * Base64 and hexadecimal digits inside texts: finds runs of them, decodes those that encode text, and
 * encodes them again.
 *
 * @module
 */

import { base64Of, hexOf, utf8Text } from "../../../text/encoded_bytes.ts";
import { isAlphanumeric } from "../finding.ts";

/** Shorter runs encode no value that is worth it, and are words. */
const MIN_RUN = 16;
/** A run is broken into lines of at least this length. */
const MIN_LINE = 60;
const LINE_FEED = 0x0a;

const encoder = new TextEncoder();

/** 1 for each digit, by its code. */
const IS_DIGIT = new Uint8Array(128);
for (const char of "+/-_") IS_DIGIT[char.charCodeAt(0)] = 1;
for (let code = 0; code < 128; code++) {
  if (isAlphanumeric(code)) IS_DIGIT[code] = 1;
}

/** A run that was decoded. */
export interface Base64Run {
  readonly start: number;
  readonly end: number;
  /** The text that it encodes. */
  readonly decoded: string;
  /** Encodes another text with the same digits. */
  encode(text: string): string;
}

/** Receives a long run that encodes no text: `bytes` is how many it encodes. */
export type OnBinary = (bytes: number, head: Uint8Array) => void;

/** Yields the runs in a text that encode text; digits that are all hexadecimal are read as such. */
export function* base64Runs(
  text: string,
  onBinary: OnBinary = () => {},
): Generator<Base64Run> {
  for (let at = 0; at < text.length;) {
    const end = runEnd(text, at);
    if (end - at >= MIN_RUN) {
      const run = hexRun(text, at, end) ??
        decodedRun(text, at, end, onBinary);
      if (run !== undefined) yield run;
    }
    at = end + 1;
  }
}

/** The end of the run that starts at an offset; the offset itself where none does. */
function runEnd(text: string, start: number): number {
  let line = start;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (IS_DIGIT[code] === 1) continue;
    // Lines of a long run: only the last one may be shorter.
    if (
      code === LINE_FEED && at - line >= MIN_LINE &&
      IS_DIGIT[text.charCodeAt(at + 1)] === 1
    ) {
      line = at + 1;
      continue;
    }
    return at;
  }
  return text.length;
}

const HEX = /(?:0x)?((?:[0-9a-fA-F]{2})+)/y;

function hexRun(
  text: string,
  start: number,
  runEnd: number,
): Base64Run | undefined {
  HEX.lastIndex = start;
  const [, digits = ""] = HEX.exec(text) ?? [];
  if (HEX.lastIndex !== runEnd || digits.length < MIN_RUN) return undefined;
  const bytes = Uint8Array.from(
    digits.match(/../g) ?? [],
    (pair) => parseInt(pair, 16),
  );
  const decoded = isText(bytes) ? utf8Text(bytes) : undefined;
  if (decoded === undefined) return undefined;
  const isUpper = digits === digits.toUpperCase();
  const encode = (changed: string) => {
    const encoded = hexOf(encoder.encode(changed));
    return isUpper ? encoded.toUpperCase() : encoded;
  };
  return {
    start: runEnd - digits.length,
    end: runEnd,
    decoded,
    encode,
  };
}

/** Bytes of a run that encodes no text from which on it is reported. */
const MIN_BINARY = 256;
const PROBE = 24;

function decodedRun(
  text: string,
  start: number,
  runStop: number,
  onBinary: OnBinary,
): Base64Run | undefined {
  let end = runStop;
  while (end < runStop + 2 && text[end] === "=") end++;
  const head = headOf(text, start, Math.min(runStop, start + PROBE));
  if (!isText(head)) {
    const bytes = Math.floor((runStop - start) * 3 / 4);
    if (bytes >= MIN_BINARY) onBinary(bytes, head.slice());
    return undefined;
  }
  const raw = text.slice(start, end);
  const bytes = bytesOf(raw);
  if (bytes === undefined || !isText(bytes)) return undefined;
  const decoded = utf8Text(bytes);
  return decoded === undefined
    ? undefined
    : { start, end, decoded, encode: (changed) => encodedAs(raw, changed) };
}

/** What a digit encodes, by its code; digits of both alphabets. */
const VALUES = new Uint8Array(128);
for (const alphabet of ["+/", "-_"]) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const digits = letters + letters.toLowerCase() + "0123456789" + alphabet;
  for (let at = 0; at < 64; at++) VALUES[digits.charCodeAt(at)] = at;
}
/** Bytes of the head of a run; used again for the next one. */
const HEAD = new Uint8Array(PROBE * 3 / 4);

/** The bytes that the first digits encode. By hand: most runs are words, which encode no text. */
function headOf(text: string, start: number, end: number): Uint8Array {
  let bits = 0;
  let count = 0;
  let length = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === LINE_FEED) continue;
    bits = (bits << 6 | (VALUES[code] ?? 0)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    HEAD[length++] = bits >> count;
  }
  return HEAD.subarray(0, length);
}

/** The bytes of base64 of either alphabet; `undefined` where it is none. */
function bytesOf(text: string): Uint8Array | undefined {
  const plain = text.replace(/\s/g, "").replaceAll("-", "+")
    .replaceAll("_", "/").replace(/=+$/, "");
  if (plain.length % 4 === 1) return bytesOf(plain.slice(0, -1));
  try {
    return Uint8Array.from(atob(plain), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/**
 * Whether bytes are text in UTF-8 without control characters; the last one may be truncated. By
 * hand, and before they are decoded: most words are no text, and an error takes long.
 */
function isText(bytes: Uint8Array): boolean {
  let expected = 0;
  for (const byte of bytes) {
    if (expected > 0) {
      if ((byte & 0xc0) !== 0x80) return false;
      expected--;
    } else if (byte >= 0x80) {
      if (byte < 0xc2 || byte > 0xf4) return false;
      expected = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    } else if (byte === 0x7f || byte < 0x20 && (byte < 0x09 || byte > 0x0d)) {
      return false;
    }
  }
  return bytes.length > 0;
}

/** Encodes a text as another run is: its alphabet, its padding. Lines are joined. */
function encodedAs(raw: string, text: string): string {
  const encoded = base64Of(encoder.encode(text));
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
