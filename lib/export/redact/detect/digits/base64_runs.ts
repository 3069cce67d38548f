/**
 * Base64 and hexadecimal digits inside texts: finds runs of them, decodes those that encode text, and
 * encodes them again.
 *
 * @module
 */

import { TextCodes } from "../code_at.ts";
import { Offsets } from "../literal_set.ts";
import {
  BASE64_VALUES,
  base64Bytes,
  encodedAs,
  hexOf,
  swapBytes,
  utf16Bytes,
  utf16Text,
  utf8Text,
} from "../../../../text/encoded_bytes.ts";
import { isAlphanumeric } from "../../finding.ts";
import { afterEscape, BACKSLASH, lineAfter } from "./line_ends.ts";
import { expectedAfter, isText, isUtf16, TextProbe } from "./text_bytes.ts";

/** Shorter runs encode no value that is worth it, and are words. */
const MIN_RUN = 16;
/** A run is broken into lines of at least this length. */
const MIN_LINE = 32;
const LETTER_X = 0x78;
/** 1 for a slash, and for what is between two lines, by code. */
const IS_SEPARATOR = new Uint8Array(256);
for (const char of "/\r\n \t\\") IS_SEPARATOR[char.charCodeAt(0)] = 1;

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
      at = afterEscape(codes, at);
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
    yield* runsBetween(text, codes, at, end, onBinary);
  }
}

/** A run; or if it is no text, those of the lines before the first that is none, and of the others. */
function* runsBetween(
  text: string,
  codes: TextCodes,
  start: number,
  end: number,
  onBinary: OnBinary,
): Generator<Base64Run> {
  let report = onBinary;
  for (let at = start; end - at >= MIN_RUN;) {
    const run = hexRun(text, codes, at, end) ??
      decodedRun(text, codes, at, end, report);
    if (run !== undefined) return yield run;
    const stop = textEnd(codes, at, end);
    const lines = stop === undefined
      ? undefined
      : decodedRun(text, codes, at, stop);
    if (stop === undefined || lines === undefined) {
      if (hasSegment(codes, at, end)) yield* segments(text, codes, at, end);
      return;
    }
    yield lines;
    at = lineAfter(codes.bytes, stop);
    report = () => {};
  }
}

/**
 * The end of the last line before what encodes no text; of the last but one, if a character is not
 * complete at the end. `undefined` if there is no line before it.
 */
function textEnd(
  { bytes }: TextCodes,
  start: number,
  end: number,
): number | undefined {
  const decoder = new TextProbe();
  let stop: number | undefined;
  for (let at = start; at < end; at++) {
    const code = bytes[at] ?? 0;
    if (IS_DIGIT[code] === 1) {
      if (!decoder.add(code)) return stop;
      continue;
    }
    if (lineAfter(bytes, at) === at) continue;
    stop = at;
    at = lineAfter(bytes, at) - 1;
  }
  return stop;
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
    from = afterEscape(codes, at + 1);
  }
  return false;
}

function startsAsEither(codes: TextCodes, start: number, end: number): boolean {
  return startsAsText(codes, start, Math.min(end, start + PROBE)) ||
    startsAsHex(codes, start) || startsAsUtf16(codes, start) ||
    codes.bytes[start + 1] === LETTER_X && startsAsHex(codes, start + 2);
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
    at = afterEscape(codes, stop + 1);
  }
}

/** The end of the run that starts at an offset; the offset itself where none does. */
function runEnd({ bytes, length }: TextCodes, start: number): number {
  let line = start;
  for (let at = start; at < length; at++) {
    const code = bytes[at] ?? 0;
    if (IS_DIGIT[code] === 1) continue;
    // Lines of a long run: only the last one may be shorter.
    const next = at - line < MIN_LINE ? at : lineAfter(bytes, at);
    if (next === at || IS_DIGIT[bytes[next] ?? 0] !== 1) return at;
    line = next;
    at = next - 1;
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
  // Most of these digits are words, or hashes, which are known by their first bytes.
  if (end - start < MIN_RUN || !startsAsHex(codes, start)) return undefined;
  const bytes = hexBytes(codes, start, end);
  if (bytes === undefined) return undefined;
  const digits = text.slice(start, end);
  const isUpper = digits === digits.toUpperCase();
  const digitsOf = (changed: Uint8Array) => {
    const encoded = hexOf(changed);
    return isUpper ? encoded.toUpperCase() : encoded;
  };
  if (startsAsHexUtf16(codes, start)) {
    return utf16Run(bytes, start, end, digitsOf);
  }
  const decoded = isText(bytes) ? utf8Text(bytes) : undefined;
  if (decoded === undefined) return undefined;
  const encode = (changed: string) => digitsOf(encoder.encode(changed));
  return { start, end, decoded, encode };
}

function startsAsHex(codes: TextCodes, start: number): boolean {
  return startsAsHexText(codes, start) || startsAsHexUtf16(codes, start);
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
  const bytes = new Uint8Array((end - start) >> 1);
  let count = 0;
  for (let at = start; at < end; at++) {
    const code = digits[at] ?? 0;
    if (IS_DIGIT[code] === 0) {
      if (code === BACKSLASH) at++;
      continue;
    }
    const value = HEX_VALUES[code] ?? NO_HEX;
    if (value === NO_HEX) return undefined;
    const index = count++ >> 1;
    bytes[index] = (bytes[index] ?? 0) << 4 | value;
  }
  return count % 2 === 1 ? undefined : bytes.subarray(0, count >> 1);
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
  const raw = text.slice(start, end);
  const wide = startsAsUtf16(codes, start) &&
    utf16Run(base64Bytes(raw), start, end, (bytes) => encodedAs(raw, bytes));
  if (wide) return wide;
  if (!startsAsText(codes, start, Math.min(runStop, start + PROBE))) {
    const bytes = Math.floor((runStop - start) * 3 / 4);
    if (bytes >= MIN_BINARY) {
      onBinary(bytes, base64Bytes(text.slice(start, start + PROBE)));
    }
    return undefined;
  }
  // Before it is decoded: errors take long.
  if (!startsAsText(codes, start, runStop)) return undefined;
  const decoded = utf8Text(base64Bytes(raw));
  return decoded === undefined ? undefined : {
    start,
    end,
    decoded,
    encode: (changed) => encodedAs(raw, encoder.encode(changed)),
  };
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
    if (IS_DIGIT[code] === 0) {
      // The letter after a backslash is that of an escaped line end.
      if (code === BACKSLASH) at++;
      continue;
    }
    bits = (bits << 6 | (BASE64_VALUES[code] ?? 0)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    expected = expectedAfter(bits >> count & 0xff, expected);
    if (expected < 0) return false;
  }
  return true;
}

/** Whether the first digits of base64 encode text in UTF-16. */
function startsAsUtf16({ bytes }: TextCodes, start: number): boolean {
  const value = (at: number) => BASE64_VALUES[bytes[start + at] ?? 0] ?? 0;
  const high = value(0) << 18 | value(1) << 12 | value(2) << 6 | value(3);
  return isUtf16((high << 8 | value(4) << 2 | value(5) >> 4) >>> 0);
}

/** The same, of hexadecimal ones. */
function startsAsHexUtf16({ bytes }: TextCodes, start: number): boolean {
  let four = 0;
  for (let at = start; at < start + 8; at++) {
    four = four << 4 | (HEX_VALUES[bytes[at] ?? 0] ?? NO_HEX);
  }
  return isUtf16(four >>> 0);
}

/** A run in UTF-16, as the shell of Windows takes commands; `undefined` where it is no text. */
function utf16Run(
  bytes: Uint8Array,
  start: number,
  end: number,
  digitsOf: (bytes: Uint8Array) => string,
): Base64Run | undefined {
  const isBig = bytes[0] === 0 || bytes[0] === 0xfe;
  const inOrder = (each: Uint8Array) => isBig ? swapBytes(each) : each;
  const decoded = utf16Text(inOrder(bytes));
  if (!IS_TEXT.test(decoded)) return undefined;
  const encode = (changed: string) => digitsOf(inOrder(utf16Bytes(changed)));
  return { start, end, decoded, encode };
}

// deno-lint-ignore no-control-regex
const IS_TEXT = /^[^\0-\x06\x0e-\x1a\x1c-\x1f\x7f]*$/;
