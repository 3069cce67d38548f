/**
 * Bundle text made plain to see: what steers reading or printing is spelled out.
 *
 * @module
 */

import { escapeControlsInLines } from "../../../text/escape.ts";
import { prefixOf } from "../../../text/truncate.ts";

/** The same text, every steering character spelled as `\uXXXX`; lines stay lines. */
export function shown(text: string): string {
  return escapeControlsInLines(text.replaceAll("\r\n", "\n"));
}

/** The same text on one line, at most `most` characters of it. */
export function shownLine(text: string, most = 200): string {
  // A little more than is kept, so that a cut is seen; the rest is never looked at.
  const begin = shown(text.slice(0, most + 1).trim()).replace(
    /\s*\n\s*/g,
    " ⏎ ",
  );
  if (text.length <= most) return begin;
  return `${prefixOf(begin, most)}…`;
}
