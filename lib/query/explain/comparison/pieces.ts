/**
 * Finds a text in the ends of several others, one piece after the other.
 *
 * @module
 */

import { utf8Length } from "../../../text/utf8_length.ts";
import type { Match } from "./match.ts";

/** How much of `output` the ends of `texts` hold; `undefined` when they hold none of it. */
export function piecesOf(
  output: string,
  texts: readonly string[],
): Match | undefined {
  let at = 0;
  let pieces = 0;
  for (const text of texts) {
    const length = overlap(output.slice(at, at + text.length), text);
    at += length;
    if (length > 0) pieces++;
  }
  if (at === 0) return undefined;
  const bytes = utf8Length(output.slice(0, at));
  const shown = texts.reduce((sum, text) => sum + utf8Length(text), 0);
  return {
    verdict: "in_pieces",
    head_bytes: bytes,
    tail_bytes: 0,
    omitted_bytes: utf8Length(output) - bytes,
    added_bytes: shown - bytes,
    pieces,
    marker: null,
  };
}

/** The longest beginning of `pattern` that is the end of `text`. */
function overlap(pattern: string, text: string): number {
  const borders = bordersOf(pattern);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (length === pattern.length) length = borders[length - 1] ?? 0;
    while (length > 0 && pattern.charCodeAt(length) !== unit) {
      length = borders[length - 1] ?? 0;
    }
    if (pattern.charCodeAt(length) === unit) length++;
  }
  return length;
}

/** For each beginning of a text, the longest shorter beginning that is also its end. */
function bordersOf(text: string): Int32Array {
  const borders = new Int32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    while (length > 0 && text.charCodeAt(length) !== unit) {
      length = borders[length - 1] ?? 0;
    }
    if (text.charCodeAt(length) === unit) length++;
    borders[at] = length;
  }
  return borders;
}
