/**
 * The members of one JSON object or array, found in its text: no value is parsed or changed.
 *
 * A document is read level by level, as the reader opens it, so that neither its depth nor its
 * length matters. Numbers, duplicate keys and the order of keys stay as they were written.
 *
 * @module
 */

/** A value inside a JSON text. */
export interface JsonPart {
  /** The key as it is written, with its quotes; null in an array, and for the complete text. */
  readonly key: string | null;
  readonly type: "object" | "array" | "string" | "other";
  readonly start: number;
  readonly end: number;
  /** Number of its own members; 0 for a value without any. */
  readonly size: number;
}

/** Longer texts are shown unchanged. */
const MAX_CHARACTERS = 2_000_000;

/** The value that a text is; undefined where it is no JSON object or array. */
export function jsonIn(text: string): JsonPart | undefined {
  const first = /\S/.exec(text)?.[0];
  if ((first !== "{" && first !== "[") || text.length > MAX_CHARACTERS) {
    return undefined;
  }
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return partsBetween(text, 0, text.length)[0];
}

/** The members of an object or an array. */
export function partsOf(text: string, { start, end }: JsonPart): JsonPart[] {
  return partsBetween(text, start + 1, end - 1);
}

/** The text of a value, as it is written. */
export function sourceOf(text: string, { start, end }: JsonPart): string {
  return text.slice(start, end);
}

/** The text that a JSON string represents. */
export function stringOf(source: string): string {
  return String(JSON.parse(source));
}

const OPEN = new Set(["{", "["]);
const CLOSE = new Set(["}", "]"]);
const SPACE = /\s/;

/** The values between two positions of valid JSON, which are separated by commas. */
function partsBetween(text: string, from: number, to: number): JsonPart[] {
  const parts: JsonPart[] = [];
  let key: string | null = null;
  let at = from;
  while (at < to) {
    const character = text.charAt(at);
    if (SPACE.test(character) || character === ",") {
      at++;
      continue;
    }
    const { end, size } = valueAt(text, at, to);
    const next = skipSpace(text, end, to);
    if (character === '"' && text[next] === ":") {
      key = text.slice(at, end);
      at = next + 1;
      continue;
    }
    parts.push({ key, type: typeOf(character), start: at, end, size });
    key = null;
    at = end;
  }
  return parts;
}

function typeOf(first: string): JsonPart["type"] {
  switch (first) {
    case "{":
      return "object";
    case "[":
      return "array";
    case '"':
      return "string";
    default:
      return "other";
  }
}

/** Where the value at a position ends, and how many members it has. */
function valueAt(
  text: string,
  start: number,
  to: number,
): { end: number; size: number } {
  let depth = 0;
  let size = 0;
  let isEmpty = true;
  let at = start;
  while (at < to) {
    const character = text.charAt(at);
    if (character === '"') {
      at = stringEnd(text, at);
      isEmpty = false;
    } else if (OPEN.has(character)) {
      if (depth > 0) isEmpty = false;
      depth++;
      at++;
    } else if (CLOSE.has(character)) {
      depth--;
      at++;
      if (depth === 0) return { end: at, size: isEmpty ? 0 : size + 1 };
      continue;
    } else if (depth === 0) {
      at = otherEnd(text, at, to);
    } else {
      if (character === ",") {
        if (depth === 1) size++;
      } else if (!SPACE.test(character)) isEmpty = false;
      at++;
    }
    if (depth === 0) return { end: at, size: 0 };
  }
  return { end: to, size: 0 };
}

/** The end of a string: a quote after an even number of backslashes. */
function stringEnd(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote !== -1) {
    let before = quote;
    while (text[before - 1] === "\\") before--;
    if ((quote - before) % 2 === 0) return quote + 1;
    quote = text.indexOf('"', quote + 1);
  }
  return text.length;
}

/** The end of a number, `true`, `false` or `null`. */
function otherEnd(text: string, start: number, to: number): number {
  let at = start;
  while (at < to && !/[\s,\]}]/.test(text.charAt(at))) at++;
  return at;
}

function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && SPACE.test(text.charAt(at))) at++;
  return at;
}
