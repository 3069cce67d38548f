/**
 * Bundle text made plain to see: what steers reading or printing is spelled out.
 *
 * @module
 */

/** Control characters but tab and line feed, bidirectional marks, separators, byte order mark. */
const STEERING =
  // deno-lint-ignore no-control-regex
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** The same text, every steering character spelled as `\uXXXX`; lines stay lines. */
export function shown(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(
    STEERING,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The same text on one line, at most `most` characters of it. */
export function shownLine(text: string, most = 200): string {
  // A little more than is kept, so that a cut is seen; the rest is never looked at.
  const begin = shown(text.slice(0, most + 1).trim()).replace(
    /\s*\n\s*/g,
    " ⏎ ",
  );
  if (text.length <= most) return begin;
  return `${begin.slice(0, most).replace(/[\ud800-\udbff]$/, "")}…`;
}
