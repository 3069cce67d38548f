/**
 * What the reference's parser refuses and `JSON.parse` lets pass, found without parsing again.
 *
 * For texts that `JSON.parse` has read: nearly always one native search settles it.
 *
 * @module
 */

import { deepOffset, isEscaped } from "./json_depth.ts";
import { MAX_DEPTH, tooDeep } from "./json_parse.ts";
import { JsonSyntaxError } from "./json_scanner.ts";

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
  const deep = deepOffset(text, MAX_DEPTH);
  if (deep >= 0) throw new JsonSyntaxError(tooDeep(), text, deep);
}

/** Whether `text`, which is JSON, is also JSON to the reference. */
export function isStrictJson(text: string): boolean {
  return findLoneSurrogate(text) < 0 && deepOffset(text, MAX_DEPTH) < 0;
}

/** Offset of the first escape that spells half a character, -1 when there is none. */
function findLoneSurrogate(text: string): number {
  if (!text.includes("\\u")) return -1;
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
