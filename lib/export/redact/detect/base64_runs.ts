/**
 * Base64 and hexadecimal digits inside texts: finds runs of them, decodes those that encode text, and
 * encodes them again.
 *
 * @module
 */

import { TextCodes } from "./code_at.ts";
import { Offsets } from "./literal_set.ts";
import { base64Of, hexOf, utf8Text } from "../../../text/encoded_bytes.ts";
import { isAlphanumeric } from "../finding.ts";

/** Shorter runs encode no value that is worth it, and are words. */
const MIN_RUN = 16;
/** A run is broken into lines of at least this length. */
const MIN_LINE = 32;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const LETTER_X = 0x78;
/** 1 for a slash and for line ends, by code. */
const IS_SEPARATOR = new Uint8Array(256);
for (const char of "/\r\n") IS_SEPARATOR[char.charCodeAt(0)] = 1;

const encoder = new TextEncoder();

/** 1 for each digit, by its code. */
const IS_DIGIT = new Uint8Array(256);
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

/** Where the runs of a text are that may encode text, or are long. */
export class RunOffsets extends Offsets {
  /** The text. */
  readonly codes = new TextCodes();

  /** Reads another text. */
  read(text: string): void {
    const { codes } = this;
    codes.read(text);
    this.length = 0;
    for (let at = runStart(codes, 0); at < codes.length;) {
      const end = runEnd(codes, at);
      if (mayEncode(codes, at, end)) this.add(at);
      at = runStart(codes, end + 1);
    }
  }
}

/**
 * Yields the runs in a text that encode text; digits that are all hexadecimal are read as such.
 *
 * @param runs Where they are, if that is known.
 */
export function* base64Runs(
  text: string,
  onBinary: OnBinary = () => {},
  runs: RunOffsets = runsIn(text),
): Generator<Base64Run> {
  const { codes, values, length } = runs;
  for (let i = 0; i < length; i++) {
    const at = values[i] ?? 0;
    const end = runEnd(codes, at);
    const run = hexRun(text, codes, at, end) ??
      decodedRun(text, codes, at, end, onBinary);
    if (run !== undefined) yield run;
    else if (hasSegment(codes, at, end)) yield* segments(text, codes, at, end);
  }
}

function runsIn(text: string): RunOffsets {
  const runs = new RunOffsets();
  runs.read(text);
  return runs;
}

/** Whether a run, or a segment of it, begins as text does; or it is long enough to be reported. */
function mayEncode(codes: TextCodes, start: number, end: number): boolean {
  const { bytes } = codes;
  if (end - start >= MIN_BINARY) return true;
  if (startsAsEither(codes, start, end)) return true;
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && IS_SEPARATOR[bytes[at] ?? 0] !== 1) continue;
    const isSegment = at - from >= MIN_RUN && at - from < end - start;
    if (isSegment && startsAsEither(codes, from, at)) return true;
    from = at + 1;
  }
  return false;
}

function startsAsEither(codes: TextCodes, start: number, end: number): boolean {
  return startsAsText(codes, start, Math.min(end, start + PROBE)) ||
    startsAsHexText(codes, start) ||
    codes.bytes[start + 1] === LETTER_X && startsAsHexText(codes, start + 2);
}

/**
 * The start of the next run that is long enough, from an offset on before which no run is; the
 * length of the text where there is none. Reads backwards from the last digit that a run would
 * have, so that most characters of words are skipped.
 */
function runStart({ bytes, length }: TextCodes, from: number): number {
  let start = from;
  while (start + MIN_RUN <= length) {
    let at = start + MIN_RUN - 1;
    while (at >= start && IS_DIGIT[bytes[at] ?? 0] === 1) at--;
    if (at < start) return start;
    start = at + 1;
  }
  return length;
}

/** Whether a run has parts between separators, and one of them is long enough: few have. */
function hasSegment({ bytes }: TextCodes, start: number, end: number): boolean {
  let from = start;
  for (let at = start; at <= end; at++) {
    if (at < end && IS_SEPARATOR[bytes[at] ?? 0] !== 1) continue;
    if (at - from >= MIN_RUN && at - from < end - start) return true;
    from = at + 1;
  }
  return false;
}

/** The runs between the slashes and the line ends of a longer one that is no text itself. */
function* segments(
  text: string,
  codes: TextCodes,
  start: number,
  end: number,
): Generator<Base64Run> {
  const { bytes } = codes;
  for (let at = start; at < end;) {
    let stop = at;
    while (stop < end && IS_SEPARATOR[bytes[stop] ?? 0] !== 1) stop++;
    if (stop - at >= MIN_RUN && (at > start || stop < end)) {
      const run = hexRun(text, codes, at, stop) ??
        decodedRun(text, codes, at, stop);
      if (run !== undefined) yield run;
    }
    at = stop + 1;
  }
}

/** The end of the run that starts at an offset; the offset itself where none does. */
function runEnd({ bytes, length }: TextCodes, start: number): number {
  let line = start;
  for (let at = start; at < length; at++) {
    const code = bytes[at] ?? 0;
    if (IS_DIGIT[code] === 1) continue;
    // Lines of a long run: only the last one may be shorter.
    const next = code === CARRIAGE_RETURN ? at + 1 : at;
    if (
      (bytes[next] ?? 0) !== LINE_FEED || at - line < MIN_LINE ||
      IS_DIGIT[bytes[next + 1] ?? 0] !== 1
    ) return at;
    line = next + 1;
    at = next;
  }
  return length;
}

function hexRun(
  text: string,
  codes: TextCodes,
  runStart: number,
  end: number,
): Base64Run | undefined {
  const start = text.startsWith("0x", runStart) ? runStart + 2 : runStart;
  if (end - start < MIN_RUN || (end - start) % 2 === 1) return undefined;
  // Most of these digits are words, or hashes, which are known by their first bytes.
  if (!startsAsHexText(codes, start)) return undefined;
  const bytes = hexBytes(codes, start, end);
  const decoded = bytes && isText(bytes) ? utf8Text(bytes) : undefined;
  if (decoded === undefined) return undefined;
  const digits = text.slice(start, end);
  const isUpper = digits === digits.toUpperCase();
  const encode = (changed: string) => {
    const encoded = hexOf(encoder.encode(changed));
    return isUpper ? encoded.toUpperCase() : encoded;
  };
  return { start, end, decoded, encode };
}

function startsAsHexText({ bytes }: TextCodes, start: number): boolean {
  let expected = 0;
  for (let at = start; at < start + MIN_RUN; at += 2) {
    const high = HEX_VALUES[bytes[at] ?? 0] ?? NO_HEX;
    const low = HEX_VALUES[bytes[at + 1] ?? 0] ?? NO_HEX;
    if (high === NO_HEX || low === NO_HEX) return false;
    expected = expectedAfter(high << 4 | low, expected);
    if (expected < 0) return false;
  }
  return true;
}

/** The bytes of hexadecimal digits; `undefined` where another digit is between them. */
function hexBytes(
  { bytes: digits }: TextCodes,
  start: number,
  end: number,
): Uint8Array | undefined {
  const bytes = new Uint8Array((end - start) / 2);
  for (let at = start; at < end; at++) {
    const value = HEX_VALUES[digits[at] ?? 0] ?? NO_HEX;
    if (value === NO_HEX) return undefined;
    const index = (at - start) >> 1;
    bytes[index] = (bytes[index] ?? 0) << 4 | value;
  }
  return bytes;
}

const NO_HEX = 16;
/** What a hexadecimal digit is, by its code. */
const HEX_VALUES = Uint8Array.from({ length: 256 }, (_, code) => {
  const value = parseInt(String.fromCharCode(code), NO_HEX);
  return Number.isNaN(value) ? NO_HEX : value;
});

/** Bytes of a run that encodes no text from which on it is reported. */
const MIN_BINARY = 256;
const PROBE = 24;

function decodedRun(
  text: string,
  codes: TextCodes,
  start: number,
  runStop: number,
  onBinary: OnBinary = () => {},
): Base64Run | undefined {
  let end = runStop;
  while (end < runStop + 2 && text[end] === "=") end++;
  if (!startsAsText(codes, start, Math.min(runStop, start + PROBE))) {
    const bytes = Math.floor((runStop - start) * 3 / 4);
    if (bytes >= MIN_BINARY) {
      onBinary(bytes, bytesOf(text.slice(start, start + PROBE)));
    }
    return undefined;
  }
  // Before it is decoded: an error takes long.
  if (!startsAsText(codes, start, runStop)) return undefined;
  const raw = text.slice(start, end);
  const decoded = utf8Text(bytesOf(raw));
  return decoded === undefined
    ? undefined
    : { start, end, decoded, encode: (changed) => encodedAs(raw, changed) };
}

/** What a digit encodes, by its code; digits of both alphabets. */
const VALUES = new Uint8Array(256);
for (const alphabet of ["+/", "-_"]) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const digits = letters + letters.toLowerCase() + "0123456789" + alphabet;
  for (let at = 0; at < 64; at++) VALUES[digits.charCodeAt(at)] = at;
}
/**
 * Whether the first digits encode text. By hand, and only to the first byte that is none: most runs
 * are words, which encode no text.
 */
function startsAsText(
  { bytes }: TextCodes,
  start: number,
  end: number,
): boolean {
  let bits = 0;
  let count = 0;
  let expected = 0;
  for (let at = start; at < end; at++) {
    const code = bytes[at] ?? 0;
    if (code === LINE_FEED || code === CARRIAGE_RETURN) continue;
    bits = (bits << 6 | (VALUES[code] ?? 0)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    expected = expectedAfter(bits >> count & 0xff, expected);
    if (expected < 0) return false;
  }
  return true;
}

/** The bytes of base64 of either alphabet, without white space and padding. */
function bytesOf(text: string): Uint8Array {
  const digits = text.replace(/[\s=]/g, "");
  const bytes = new Uint8Array(Math.floor(digits.length * 3 / 4));
  let bits = 0;
  for (let at = 0, next = 0; at < digits.length; at++) {
    bits = (bits << 6 | (VALUES[digits.charCodeAt(at)] ?? 0)) & 0xffffff;
    // Of each four digits, all but the first complete a byte.
    if (at % 4 > 0) bytes[next++] = bits >> 6 - 2 * (at % 4);
  }
  return bytes;
}

/**
 * Whether bytes are text in UTF-8 without control characters; the last one may be truncated. By
 * hand, and before they are decoded: most words are no text, and an error takes long.
 */
function isText(bytes: Uint8Array): boolean {
  let expected = 0;
  for (const byte of bytes) {
    expected = expectedAfter(byte, expected);
    if (expected < 0) return false;
  }
  return bytes.length > 0;
}

/** How many bytes of a character follow a byte; -1 where it is no text. */
function expectedAfter(byte: number, expected: number): number {
  if (expected > 0) return (byte & 0xc0) === 0x80 ? expected - 1 : -1;
  if (byte < 0x80) {
    const isControl = byte === 0x7f ||
      byte < 0x20 && (byte < 0x09 || byte > 0x0d);
    return isControl ? -1 : 0;
  }
  if (byte < 0xc2 || byte > 0xf4) return -1;
  return byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
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
