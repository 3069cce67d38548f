/**
 * What the reference's parser refuses and `JSON.parse` lets pass, found without parsing again.
 *
 * For texts that `JSON.parse` has read: nearly always one native search settles it.
 *
 * @module
 */

import { MAX_DEPTH, tooDeep } from "./json_parse.ts";
import { JsonSyntaxError } from "./json_scanner.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * Checks a text that `JSON.parse` accepts for what the reference does not.
 *
 * @throws {JsonSyntaxError} If it spells an unpaired surrogate, or nests too deep.
 */
export function assertStrictJson(text: string): void {
  const surrogate = findLoneSurrogate(text);
  if (surrogate >= 0) {
    throw new JsonSyntaxError("unpaired surrogate", text, surrogate);
  }
  const deep = findTooDeep(text);
  if (deep >= 0) throw new JsonSyntaxError(tooDeep(), text, deep);
}

/** Whether `text`, which is JSON, is also JSON to the reference. */
export function isStrictJson(text: string): boolean {
  return findLoneSurrogate(text) < 0 && findTooDeep(text) < 0;
}

/** Offset of the first escape that spells half a character, -1 when there is none. */
function findLoneSurrogate(text: string): number {
  if (!text.includes("\\ud") && !text.includes("\\uD")) return -1;
  const candidates = /\\u[dD]/g;
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

/** Offset of the first container beyond the allowed depth, -1 when there is none. */
function findTooDeep(text: string): number {
  if (!hasManyContainers(text)) return -1;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = text.indexOf('"', i + 1);
        while (isEscaped(text, i)) i = text.indexOf('"', i + 1);
        if (i < 0) return -1;
        break;
      case OPEN_BRACKET:
      case OPEN_BRACE:
        if (++depth > MAX_DEPTH) return i;
        break;
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
        depth--;
        break;
    }
  }
  return -1;
}

/** Whether the text has more opening brackets than may be nested, those in strings included. */
function hasManyContainers(text: string): boolean {
  if (text.length < 2 * MAX_DEPTH) return false;
  let count = 0;
  for (const opener of ["{", "["]) {
    for (
      let i = text.indexOf(opener);
      i >= 0;
      i = text.indexOf(opener, i + 1)
    ) {
      if (++count > MAX_DEPTH) return true;
    }
  }
  return false;
}

function isEscaped(text: string, index: number): boolean {
  let first = index;
  while (text.charCodeAt(first - 1) === BACKSLASH) first--;
  return (index - first) % 2 === 1;
}
