/**
 * Integers that may be beyond what a number keeps exact, compared and subtracted.
 *
 * @module
 */

import type { Integer } from "./vocabulary.ts";

/**
 * Below 0 where `a` is less than `b`, above where it is more. `number` and `bigint` compare
 * exactly, strings by their UTF-16 units.
 */
export function compared<T extends Integer | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `a` without `b`; null where either is not known. */
export function minus(a: Integer | null, b: Integer | null): Integer | null {
  if (a === null || b === null) return null;
  const exact = BigInt(a) - BigInt(b);
  const rounded = Number(exact);
  return Number.isSafeInteger(rounded) ? rounded : exact;
}
