/**
 * Finds the ends of JSON values, and their sizes without white space, in bytes. Inspects structure
 * only and validates nothing else: a parser must read what these functions delimit. The byte after the
 * text must be readable and not white space, so that loops need no check of the end.
 *
 * @module
 */

import { MAX_DEPTH } from "./json_parse.ts";

/** The bytes are not structured as JSON, so a value has no end. */
export class JsonScanError extends SyntaxError {
  override readonly name = "JsonScanError";
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** First offset at or after `at` that is not JSON white space. */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let pos = at;
  for (;;) {
    const byte = bytes[pos];
    if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) pos++;
    else return pos;
  }
}

/** How many bytes are searched before the native search, which pays for long strings only. */
const NEAR = 24;

/** Offset after the string that begins at `at`. */
function stringEnd(bytes: Uint8Array, at: number, end: number): number {
  let pos = at + 1;
  const near = Math.min(pos + NEAR, end);
  while (pos < near) {
    const byte = bytes[pos];
    if (byte === QUOTE) return pos + 1;
    pos += byte === BACKSLASH ? 2 : 1;
  }
  const quote = farQuote(bytes.subarray(pos, end));
  if (quote < 0) throw new JsonScanError(`string at byte ${at} does not end`);
  return pos + quote + 1;
}

/** Offset of the first unescaped quote in the rest of a string, or -1. */
function farQuote(rest: Uint8Array): number {
  for (let quote = rest.indexOf(QUOTE);;) {
    let slashes = 0;
    while (rest[quote - 1 - slashes] === BACKSLASH) slashes++;
    if (quote < 0 || slashes % 2 === 0) return quote;
    quote = rest.indexOf(QUOTE, quote + 1);
  }
}

/**
 * Offset after the value that begins at `at`.
 *
 * @param depth How many containers surround the value.
 * @throws {JsonScanError} If the value does not end, or nests deeper than a parser would follow.
 */
function valueEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  depth: number,
): number {
  const first = bytes[at];
  if (first === QUOTE) return stringEnd(bytes, at, end);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) {
    return containerEnd(bytes, at, end, depth);
  }
  let pos = at;
  while (pos < end && !endsScalar(bytes[pos])) pos++;
  if (pos === at) throw new JsonScanError(`value missing at byte ${at}`);
  return pos;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET ||
    byte === 0x20 ||
    byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function containerEnd(
  bytes: Uint8Array,
  at: number,
  end: number,
  depth: number,
): number {
  let open = depth;
  let pos = at;
  while (pos < end) {
    const byte = bytes[pos];
    if (byte === QUOTE) {
      pos = stringEnd(bytes, pos, end);
      continue;
    }
    pos++;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      if (++open > MAX_DEPTH) {
        throw new JsonScanError("recursion limit exceeded");
      }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--open === depth) return pos;
    }
  }
  throw new JsonScanError(`container at byte ${at} does not end`);
}

/**
 * Walks the members of an object, starting at a key or at the closing brace.
 *
 * @param at Offset after the opening brace, or after a member's comma.
 * @param visit Gets each member before its value is walked; returns whether to continue.
 * @param done Gets the end of each value that was walked.
 * @returns Offset after the closing brace, or -1 when `visit` stopped the walk.
 */
export function walkMembers(
  bytes: Uint8Array,
  at: number,
  end: number,
  visit: (keyStart: number, keyEnd: number, valueStart: number) => boolean,
  done: (valueEnd: number) => void = () => {},
): number {
  let pos = skipSpace(bytes, at);
  if (bytes[pos] === CLOSE_BRACE) return pos + 1;
  for (;;) {
    if (bytes[pos] !== QUOTE) {
      throw new JsonScanError(`key missing at byte ${pos}`);
    }
    const keyStart = pos;
    const keyEnd = stringEnd(bytes, pos, end);
    pos = skipSpace(bytes, keyEnd);
    if (bytes[pos] !== COLON) {
      throw new JsonScanError(`colon missing at byte ${pos}`);
    }
    const valueStart = skipSpace(bytes, pos + 1);
    if (!visit(keyStart, keyEnd, valueStart)) return -1;
    pos = valueEnd(bytes, valueStart, end, 1);
    done(pos);
    pos = skipSpace(bytes, pos);
    if (bytes[pos] === CLOSE_BRACE) return pos + 1;
    if (bytes[pos] !== COMMA) {
      throw new JsonScanError(`comma missing at byte ${pos}`);
    }
    pos = skipSpace(bytes, pos + 1);
  }
}

/**
 * Walks the elements of an array.
 *
 * @param at Offset after the opening bracket, or after an element.
 * @param resumed Whether `at` is after an element, so that a comma or the end must follow.
 * @param depth How many containers surround an element.
 * @param visit Gets each element, and returns where the next one follows: its end, or the end of a
 * later one that need not be walked.
 * @returns Offset after the closing bracket.
 */
export function walkElements(
  bytes: Uint8Array,
  at: number,
  end: number,
  resumed: boolean,
  depth: number,
  visit: (start: number, end: number) => number,
): number {
  let pos = skipSpace(bytes, at);
  if (bytes[pos] === CLOSE_BRACKET) return pos + 1;
  if (resumed) pos = afterComma(bytes, pos);
  for (;;) {
    const start = pos;
    pos = visit(start, valueEnd(bytes, start, end, depth));
    pos = skipSpace(bytes, pos);
    if (bytes[pos] === CLOSE_BRACKET) return pos + 1;
    pos = afterComma(bytes, pos);
  }
}

/**
 * Offset of the element after the comma at `at`.
 *
 * @throws {JsonScanError} If there is no comma.
 */
export function afterComma(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== COMMA) {
    throw new JsonScanError(`comma missing at byte ${at}`);
  }
  return skipSpace(bytes, at + 1);
}

/**
 * Bytes from `start` to `end`, less the white space outside of strings.
 *
 * @throws {JsonScanError} If a string does not end.
 */
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
      const next = stringEnd(bytes, at, end);
      size += next - at;
      at = next;
      continue;
    }
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) {
      size++;
    }
    at++;
  }
  return size;
}
