/**
 * Headlines: what something is at the left, its origin at the right.
 *
 * @module
 */

import { cut, widthOf } from "./fit.ts";

/** One line with both ends, or two lines where one has no room for them. */
export function headline(left: string, right: string, width: number): string[] {
  if (right === "") return [cut(left, width)];
  const room = width - widthOf(left) - widthOf(right);
  if (room >= 2) return [left + " ".repeat(room) + right];
  return [cut(left, width), `  ${cut(right, width - 2)}`];
}

/** A rule with words in it, as wide as the page. */
export function rule(words: string, width: number, stroke = "━"): string {
  const start = `${stroke.repeat(2)} ${words} `;
  const rest = stroke.repeat(Math.max(0, width - widthOf(start)));
  return cut(start + rest, width);
}
