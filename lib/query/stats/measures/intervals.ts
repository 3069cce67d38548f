/**
 * Stretches of time: how long some of them take together, those that overlap counted once.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";

/** From when to when, in milliseconds. */
export interface Interval {
  /** When it begins. */
  readonly from: number;
  /** When it ends; not before it begins. */
  readonly to: number;
}

/** The interval between two moments; clocks may be set back, so that it may be empty. */
export function interval(from: Integer, to: Integer): Interval {
  const begin = Number(from);
  return { from: begin, to: Math.max(begin, Number(to)) };
}

/** The same stretches of time as intervals that do not touch, in order. */
export function united(intervals: readonly Interval[]): Interval[] {
  const found: Interval[] = [];
  for (const each of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last === undefined || each.from > last.to) found.push(each);
    else if (each.to > last.to) {
      found[found.length - 1] = { from: last.from, to: each.to };
    }
  }
  return found;
}

/** How long intervals take that do not overlap. */
export function lengthOf(apart: readonly Interval[]): number {
  return apart.reduce((sum, { from, to }) => sum + to - from, 0);
}

/** The time in both; each list is in order and without overlaps. */
export function shared(
  a: readonly Interval[],
  b: readonly Interval[],
): Interval[] {
  const found: Interval[] = [];
  let atA = 0;
  let atB = 0;
  for (;;) {
    const one = a[atA];
    const other = b[atB];
    if (one === undefined || other === undefined) return found;
    const from = Math.max(one.from, other.from);
    const to = Math.min(one.to, other.to);
    if (to > from) found.push({ from, to });
    if (one.to < other.to) atA++;
    else atB++;
  }
}
