/**
 * Bars and lines of bars: how large something is beside others.
 *
 * @module
 */

import { largest } from "./fit.ts";

const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const LEVELS = "▁▂▃▄▅▆▇█";

/** A bar of at most `width` columns: `value` of `most`. What is not 0 is seen. */
export function bar(value: number, most: number, width: number): string {
  if (most <= 0 || value <= 0 || width < 1) return "";
  const eighths = Math.max(1, Math.round(8 * width * value / most));
  return "█".repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? "");
}

/** Values as a line of bars of at most `width` columns; of several in one, the largest. */
export function barLine(values: readonly number[], width: number): string {
  const count = Math.min(width, values.length);
  const most = largest(values);
  let line = "";
  for (let at = 0; at < count; at++) {
    const from = Math.floor(at * values.length / count);
    const to = Math.max(from + 1, Math.floor((at + 1) * values.length / count));
    const value = largest(values.slice(from, to));
    const level = most === 0 ? 0 : Math.ceil(8 * value / most) - 1;
    line += LEVELS[Math.max(0, level)] ?? "";
  }
  return line;
}
