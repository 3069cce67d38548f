/**
 * Fits texts: measured as a terminal shows them, truncated or wrapped, always escaped.
 *
 * @module
 */

import { escapeControls } from "../../text/escape.ts";
import { unicode } from "./wrap/unicode.ts";
import { wrapPlain } from "./wrap/wrap_plain.ts";

/**
 * Letters and marks that take one column each, and need no table to be measured: of Latin, Greek and
 * Cyrillic, punctuation, currencies, arrows, mathematics, boxes. No emoji, nothing that joins.
 */
const PLAIN =
  /^[\x20-\x7e\xa1-\xac\xae-\u02ff\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u0481\u048a-\u052f\u2010-\u2027\u2030-\u203b\u203d-\u2048\u204a-\u205e\u20a0-\u20c0\u2190-\u2193\u219a-\u21a8\u2200-\u22ff\u23ce\u2500-\u25fc\u2713\u2717]*$/;

/** Spaces at the end of a line, with colours that end after them. */
const SPACES_AT_END = new RegExp(` +((?:${"\x1b"}\\[\\d+m)*)$`);

/** Columns that a text takes. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : unicode().stringWidth(text);
}

/** Columns that a text takes, or `most` where it takes more; looks no further than it must. */
export function widthUpTo(text: string, most: number): number {
  return isWider(text.slice(0, most + 1), most)
    ? most
    : Math.min(most, widthOf(text));
}

/** Whether a piece of a text alone shows that the text is wider than `width`. */
function isWider(piece: string, width: number): boolean {
  return piece.length > width && PLAIN.test(piece);
}

/** The text cut to `width` columns, with a mark where something is missing. */
export function cut(text: string, width: number): string {
  if (width >= 1 && isWider(text.slice(0, width + 1), width)) {
    return `${text.slice(0, width - 1)}…`;
  }
  // What is truncated needs no measuring: no character is wider than two columns, and
  // few take more than eight units.
  const near = text.length > 16 * width + 64
    ? text.slice(0, 16 * width + 64)
    : text;
  if (near.length === text.length && widthOf(text) <= width) return text;
  if (width < 1) return "";
  const kept = PLAIN.test(near)
    ? near.slice(0, width - 1)
    : unicode().sliceAnsi(near, 0, width - 1);
  return `${kept}…`;
}

/** Lines, each cut to `width` columns. */
export function* cutEach(
  lines: Iterable<string>,
  width: number,
): Iterable<string> {
  for (const line of lines) yield cut(line, width).trimEnd();
}

/** The end of a text, `width` columns of it, with a mark where something is missing before it. */
export function cutStart(text: string, width: number): string {
  if (width >= 1 && isWider(text.slice(-width - 1), width)) {
    return `…${text.slice(text.length - width + 1)}`;
  }
  const columns = widthOf(text);
  if (columns <= width) return text;
  if (width < 1) return "";
  return `…${unicode().sliceAnsi(text, columns - width + 1, columns)}`;
}

/** A text of a bundle on one line of at most `width` columns: breaks shown as `⏎`. */
export function oneLine(text: string, width: number): string {
  const near = text.slice(0, 16 * width + 64);
  const line = near.replace(/\s*\r?\n\s*/g, " ⏎ ").replaceAll("\t", " ");
  return cut(
    escapeControls(line.trim()) + (near.length < text.length ? "…" : ""),
    width,
  );
}

/** A text of a bundle as escaped lines of at most `width` columns; its own breaks are kept. */
export function wrapped(text: string, width: number): string[] {
  return text.split(/\r?\n/).flatMap((line) =>
    wrappedLine(escapeControls(line.replaceAll("\t", "    ")), width)
  );
}

/** An escaped text, perhaps with colors, as lines of at most `width` columns. */
export function rewrapped(text: string, width: number): string[] {
  return wrappedLine(text, width)
    .map((line) => line.replace(SPACES_AT_END, "$1"));
}

function wrappedLine(line: string, width: number): string[] {
  return PLAIN.test(line)
    ? wrapPlain(line, width)
    : unicode().wrapAnsi(line, width, { hard: true, trim: false }).split("\n");
}

/** The text with spaces after it, `width` columns in all, if it is not wider already. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The text with spaces before it, `width` columns in all, if it is not wider already. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}

/** The largest of `values`, but at least `min`; a call of `Math.max` has a limit of arguments. */
export function largest(values: Iterable<number>, min = 0): number {
  let max = min;
  for (const value of values) if (value > max) max = value;
  return max;
}
