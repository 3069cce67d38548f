/**
 * Escapes text of a bundle: control characters, and characters that change the direction of text.
 *
 * @module
 */

import { escapeControlsInLines } from "../../../text/escape.ts";
import { prefixOf } from "../../../text/truncate.ts";

/** The text with unsafe characters written as `\uXXXX`; line ends are kept. */
export function escapeText(text: string): string {
  return escapeControlsInLines(text.replaceAll("\r\n", "\n"));
}

/** The escaped text on one line, truncated to `max` characters. */
export function escapeLine(text: string, max = 200): string {
  // One character more than is kept shows that the text is truncated; the rest is not read.
  const begin = escapeText(text.slice(0, max + 1).trim()).replace(
    /\s*\n\s*/g,
    " ⏎ ",
  );
  if (text.length <= max) return begin;
  return `${prefixOf(begin, max)}…`;
}
