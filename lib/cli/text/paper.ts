/**
 * What an answer is written on: how wide it is, and whether it shows colour.
 *
 * @module
 */

import type { Screen } from "../command.ts";
import type { ParsedFlags } from "../flags.ts";
import { UsageError } from "../usage_error.ts";
import { type Paint, paintFor } from "./paint.ts";

/** Where lines for a person go. */
export interface Paper {
  /** Columns of a line. */
  readonly width: number;
  /** Colours, or none. */
  readonly paint: Paint;
}

/** Columns where nothing tells how many there are. */
const USUAL_WIDTH = 80;
const NARROWEST = 40;
const WIDEST = 1000;

/** The paper that the command line asks for: `--width`, `--color`, and what the screen is. */
export function paperFor(flags: ParsedFlags, screen: Screen): Paper {
  return {
    width: widthOf(flags.value("width"), screen.columns),
    paint: paintFor(colorOf(flags.value("color"), screen.color)),
  };
}

function widthOf(given: string | undefined, columns: number | undefined) {
  if (given === undefined) {
    // Some terminals report no columns at all: they do not know how many they have.
    const told = columns === undefined || columns === 0 ? USUAL_WIDTH : columns;
    return Math.min(Math.max(told, NARROWEST), WIDEST);
  }
  const width = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (width >= NARROWEST && width <= WIDEST) return width;
  throw new UsageError(
    `--width must be a number from ${NARROWEST} to ${WIDEST}`,
    "leave it out to take the width of the terminal",
  );
}

function colorOf(given: string | undefined, screen: boolean): boolean {
  switch (given) {
    case undefined:
    case "auto":
      return screen;
    case "always":
      return true;
    case "never":
      return false;
    default:
      throw new UsageError("--color must be auto, always or never");
  }
}
