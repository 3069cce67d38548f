/**
 * Lists of definitions: labels at the left, their lines beside them.
 *
 * @module
 */

import { cut, oneLine, padEnd, widthOf, wrapped } from "./fit.ts";
import type { RenderOptions } from "./render_options.ts";

/** Columns of what facts are called, the gap included. */
const LABEL_WIDTH = 13;

/** A fact, or several that are called the same. */
export interface Fact {
  /** What it is called. */
  readonly label: string;
  /** Its lines, escaped, of at most `besideLabel` columns. */
  readonly lines: readonly string[];
  /** Colours the label; by default it is a heading. */
  readonly style?: (text: string) => string;
}

/** The options for lines beside a label. */
export function besideLabel(render: RenderOptions): RenderOptions {
  return { ...render, width: render.width - LABEL_WIDTH };
}

/** The lines of facts; those without lines are left out. */
export function* sheetLines(
  facts: readonly Fact[],
  { style }: RenderOptions,
): Generator<string> {
  for (const { label, lines, style: colour = style.heading } of facts) {
    for (const [at, line] of lines.entries()) {
      const left = at > 0 ? "" : colour(label);
      yield `${padEnd(left, LABEL_WIDTH)}${line}`.trimEnd();
    }
  }
}

/** A text of a bundle over at most `most` lines; what does not fit is cut with a mark. */
export function fewLines(text: string, width: number, most: number): string[] {
  const lines = wrapped(oneLine(text, width * most), width)
    .map((line) => line.trim());
  if (lines.length <= most) return lines;
  const last = lines.slice(most - 1).join(" ");
  return [...lines.slice(0, most - 1), oneLine(last, width)];
}

/** Pieces set one after the other, broken between pieces where a line is full. */
export function flowed(
  pieces: readonly string[],
  width: number,
  separator = " · ",
): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    const joined = `${last}${separator}${piece}`;
    if (last !== undefined && widthOf(joined) <= width) {
      lines[lines.length - 1] = joined;
    } else lines.push(cut(piece, width));
  }
  return lines;
}
