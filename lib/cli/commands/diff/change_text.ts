/**
 * Two values side by side: how wide each is at most, and how much a number changed.
 *
 * @module
 */

import { subtract } from "../../../format/integers.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import { changeOf, countOf } from "../../../text/figures.ts";

/** `+1,200`, `-3`; empty where nothing changed, or where one is not known. */
export function changeText(
  a: Integer | null,
  b: Integer | null,
  spell: (size: Integer) => string = countOf,
): string {
  const change = subtract(b, a);
  if (change === null || Number(change) === 0) return "";
  return changeOf(change, spell);
}

/** Columns of the table beside those of the two sides. */
const OTHERS = 30;
const MIN_WIDTH = 8;

/** Columns that a text may take in a table of both sides. */
export function valueWidth(width: number): number {
  return Math.max(MIN_WIDTH, Math.floor((width - OTHERS) / 2));
}
