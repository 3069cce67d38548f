/**
 * How a shown text relates to the output.
 *
 * @module
 */

import { truncate } from "../../../text/truncate.ts";
import { utf8Length } from "../../../text/utf8_length.ts";
import type { Comparison, Verdict } from "./comparison.ts";

/** What was found: a comparison without its two sides. */
export type Match = Omit<
  Comparison,
  "runtime" | "shown" | "shown_to" | "sent"
>;

/** Characters by which the beginning of an output is found in what was shown. */
const PROBE = 32;
/** Fewer characters than these may agree by chance. */
const MIN_AGREED = 24;
/** Characters of a marker in the answer. */
const MAX_MARKER = 80;

/** Compares the output with the shown text. `sizeOf` returns the size of either in UTF-8. */
export function matchOf(
  output: string,
  shown: string,
  sizeOf: (text: string) => number = utf8Length,
): Match {
  if (output === "") return matched("empty", 0, 0, 0, sizeOf(shown));
  const complete = (verdict: Verdict) => {
    const bytes = sizeOf(output);
    const added = Math.max(0, sizeOf(shown) - bytes);
    return matched(verdict, bytes, 0, 0, added);
  };
  if (output === shown) return complete("identical");
  if (shown.length > output.length && shown.includes(output)) {
    return complete("complete");
  }
  if (plain(shown).includes(plain(output)) && plain(output) !== "") {
    return complete("complete_ignoring_whitespace");
  }
  return cutOf(output, shown, sizeOf) ??
    matched("different", 0, 0, null, null);
}

function matched(
  verdict: Verdict,
  head: number,
  tail: number,
  omitted: number | null,
  added: number | null,
  marker: string | null = null,
): Match {
  return {
    verdict,
    head_bytes: head,
    tail_bytes: tail,
    omitted_bytes: omitted,
    added_bytes: added,
    chunks: 1,
    marker,
    chunk: null,
  };
}

/** Line ends of terminals equal those of text, and spaces at the end are ignored. */
function plain(text: string): string {
  return text.replaceAll("\r\n", "\n").trimEnd();
}

/** The beginning and the end of `output` that are in `shown`, if enough of it is. */
function cutOf(
  output: string,
  shown: string,
  sizeOf: (text: string) => number,
): Match | undefined {
  const probe = output.slice(0, PROBE);
  const at = shown.indexOf(probe);
  const head = at === -1
    ? 0
    : whollyBefore(output, commonStart(output, shown, at));
  const most = Math.min(
    output.length - head,
    shown.length - (at === -1 ? 0 : at + head),
  );
  const tail = whollyAfter(output, commonEnd(output, shown, most));
  if (head + tail < Math.min(MIN_AGREED, output.length / 2)) return undefined;
  const headBytes = utf8Length(output.slice(0, head));
  const tailBytes = utf8Length(output.slice(output.length - tail));
  const between = at === -1
    ? shown.slice(0, shown.length - tail)
    : shown.slice(at + head, shown.length - tail);
  return matched(
    "truncated",
    headBytes,
    tailBytes,
    sizeOf(output) - headBytes - tailBytes,
    sizeOf(shown) - headBytes - tailBytes,
    markerIn(between),
  );
}

function commonStart(output: string, shown: string, from: number): number {
  const most = Math.min(output.length, shown.length - from);
  let length = 0;
  while (
    length < most &&
    output.charCodeAt(length) === shown.charCodeAt(from + length)
  ) length++;
  return length;
}

function commonEnd(output: string, shown: string, most: number): number {
  let length = 0;
  while (
    length < most &&
    output.charCodeAt(output.length - 1 - length) ===
      shown.charCodeAt(shown.length - 1 - length)
  ) length++;
  return length;
}

/** A length that does not end inside a character. */
function whollyBefore(text: string, length: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(length - 1)) && length > 0
    ? length - 1
    : length;
}

/** The same, counted from the end. */
function whollyAfter(text: string, length: number): number {
  return length > 0 && /[\udc00-\udfff]/.test(text.charAt(text.length - length))
    ? length - 1
    : length;
}

function markerIn(between: string): string | null {
  const text = between.slice(0, 4 * MAX_MARKER).trim();
  if (text === "") return null;
  return truncate(text, MAX_MARKER);
}
