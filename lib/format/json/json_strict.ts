/**
 * Checks of the text of JSON: nesting, and what the parser of the reference refuses but `JSON.parse`
 * accepts. Parsers need memory and time for every level, even if they refuse the text in the end, so
 * the nesting is checked before a text is parsed.
 *
 * @module
 */

import { MAX_DEPTH, tooDeep } from "./json_parse.ts";
import { JsonSyntaxError } from "./json_scanner.ts";

/**
 * Default limit of the nesting of a value that is skipped: the value of an unknown key, or a payload
 * that is only checked.
 */
export const DEFAULT_MAX_SKIPPED_DEPTH = 1_000_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Whether arrays and objects nest deeper than `depth` anywhere. `text` need not be JSON. */
export function nestsDeeper(text: string, depth: number): boolean {
  return deepOffset(text, depth) >= 0;
}

/** Offset of the first container deeper than `max` levels, -1 when there is none. */
function deepOffset(text: string, max: number): number {
  if (text.length <= max || !hasOpeners(text, max)) return -1;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = text.indexOf('"', i + 1);
        while (i >= 0 && isEscaped(text, i)) i = text.indexOf('"', i + 1);
        if (i < 0) return -1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > max) return i;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
    }
  }
  return -1;
}

/** Whether a text has more than `max` arrays and objects. `text` need not be JSON. */
export function hasMoreObjects(text: string, max: number): boolean {
  if (text.length <= max || !hasOpeners(text, max)) return false;
  return hasMoreTokens(text, "{[", max);
}

/** Whether a text has more than `max` arrays, objects, and elements or members after the first. */
export function hasMoreValues(text: string, max: number): boolean {
  return text.length > max && hasMoreTokens(text, "{[,", max);
}

/** Whether one of `tokens` is in a text more than `max` times, outside of strings. */
function hasMoreTokens(text: string, tokens: string, max: number): boolean {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '"') {
      at = text.indexOf('"', at + 1);
      while (at >= 0 && isEscaped(text, at)) at = text.indexOf('"', at + 1);
      if (at < 0) return false;
    } else if (tokens.includes(char) && ++count > max) return true;
  }
  return false;
}

/** Whether the text has more than `max` opening brackets, including those in strings. */
function hasOpeners(text: string, max: number): boolean {
  let count = 0;
  for (const opener of ["{", "["]) {
    for (
      let i = text.indexOf(opener);
      i >= 0;
      i = text.indexOf(opener, i + 1)
    ) {
      if (++count > max) return true;
    }
  }
  return false;
}

/** Whether the character at `index` is escaped by a backslash. */
function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (index - first) % 2 === 1;
}

/** A text has an escape of half a character, which strict JSON does not allow. */
export class LoneSurrogateError extends JsonSyntaxError {}

/** Returns the text with U+FFFD in place of each escape of half a character. */
export function replaceLoneSurrogates(text: string): string {
  const pieces: string[] = [];
  let done = 0;
  for (
    let at = findLoneSurrogate(text);
    at >= 0;
    at = findLoneSurrogate(text, done)
  ) {
    pieces.push(text.slice(done, at), "\\ufffd");
    done = at + 6;
  }
  pieces.push(text.slice(done));
  return pieces.join("");
}

/**
 * Checks a text that `JSON.parse` accepts for what the reference does not.
 *
 * @throws {JsonSyntaxError} If it spells an unpaired surrogate, or nests too deep.
 */
export function assertStrictJson(text: string): void {
  const surrogate = findLoneSurrogate(text);
  if (surrogate >= 0) {
    throw new LoneSurrogateError("unpaired surrogate", text, surrogate);
  }
  const deep = deepOffset(text, MAX_DEPTH);
  if (deep >= 0) throw new JsonSyntaxError(tooDeep(), text, deep);
}

/** Whether `text`, which is JSON, is also JSON to the reference. */
export function isStrictJson(text: string): boolean {
  return findLoneSurrogate(text) < 0 && deepOffset(text, MAX_DEPTH) < 0;
}

/** Offset of the first escape after `from` that spells half a character, -1 when there is none. */
function findLoneSurrogate(text: string, from = 0): number {
  if (!text.includes("\\u")) return -1;
  const candidates = /\\u[dD]/g;
  candidates.lastIndex = from;
  while (candidates.test(text)) {
    const at = candidates.lastIndex - 3;
    if (isEscaped(text, at)) continue;
    const first = parseInt(text.slice(at + 2, at + 6), 16);
    if (first < 0xd800) continue;
    const second = text.startsWith("\\u", at + 6)
      ? parseInt(text.slice(at + 8, at + 12), 16)
      : 0;
    const paired = first < 0xdc00 && second >= 0xdc00 && second <= 0xdfff;
    if (!paired) return at;
    candidates.lastIndex = at + 12;
  }
  return -1;
}
