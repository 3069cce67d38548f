/**
 * Texts made to fit: measured as a terminal shows them, cut or wrapped, always harmless.
 *
 * @module
 */

import sliceAnsi from "slice-ansi";
import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";
import { visible } from "../visible.ts";

/** Columns that a text takes. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** The text cut to `width` columns, with a mark where something is missing. */
export function cut(text: string, width: number): string {
  // Nothing that is cut off needs to be measured: no character is wider than two columns, and
  // few take more than eight units.
  const near = text.length > 16 * width + 64
    ? text.slice(0, 16 * width + 64)
    : text;
  if (near.length === text.length && widthOf(text) <= width) return text;
  return width < 1 ? "" : `${sliceAnsi(near, 0, width - 1)}…`;
}

/** A text of a bundle on one line of at most `width` columns: breaks shown as `⏎`. */
export function oneLine(text: string, width: number): string {
  const near = text.slice(0, 16 * width + 64);
  const line = near.replace(/\s*\r?\n\s*/g, " ⏎ ").replaceAll("\t", " ");
  return cut(
    visible(line.trim()) + (near.length < text.length ? "…" : ""),
    width,
  );
}

/** A text of a bundle as harmless lines of at most `width` columns; its own breaks are kept. */
export function wrapped(text: string, width: number): string[] {
  return text.split(/\r?\n/).flatMap((line) =>
    wrapAnsi(visible(line.replaceAll("\t", "    ")), width, {
      hard: true,
      trim: false,
    }).split("\n")
  );
}

/** The text with spaces after it, `width` columns in all, if it is not wider already. */
export function padEnd(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

/** The text with spaces before it, `width` columns in all, if it is not wider already. */
export function padStart(text: string, width: number): string {
  return " ".repeat(Math.max(0, width - widthOf(text))) + text;
}
