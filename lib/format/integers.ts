/**
 * Exact integers of 64 bits: parsed, checked against a range, compared and subtracted.
 *
 * @module
 */

import type { Integer } from "./vocabulary.ts";

/**
 * Returns a negative number if `a` is less than `b`, a positive one if it is greater, else 0. `number`
 * and `bigint` compare exactly, strings by their UTF-16 units.
 */
export function compareValues<T extends Integer | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Returns `a - b`; null if either is unknown. */
export function subtract(a: Integer | null, b: Integer | null): Integer | null {
  if (a === null || b === null) return null;
  const exact = BigInt(a) - BigInt(b);
  const rounded = Number(exact);
  return Number.isSafeInteger(rounded) ? rounded : exact;
}

/** Returns the time between two moments; null if either is unknown, or if the clock was set back. */
export function elapsed(
  from: Integer | null,
  to: Integer | null,
): Integer | null {
  return from !== null && to !== null && to < from ? null : subtract(to, from);
}

/** An integer type of the reference. */
export type IntegerRange = "u32" | "i32" | "u64" | "i64";

const RANGES: { readonly [R in IntegerRange]: readonly [bigint, bigint] } = {
  u32: [0n, 2n ** 32n - 1n],
  i32: [-(2n ** 31n), 2n ** 31n - 1n],
  u64: [0n, 2n ** 64n - 1n],
  i64: [-(2n ** 63n), 2n ** 63n - 1n],
};
/** More digits than any range has. */
const TOO_LONG = 21;
const INTEGER = /^-?\d+$/;

/**
 * The integer that a JSON number spells; `undefined` when it is spelled with a point or an
 * exponent, or does not fit `range`.
 */
export function toInteger(
  spelling: string,
  range: IntegerRange,
): Integer | undefined {
  if (spelling.length > TOO_LONG || !INTEGER.test(spelling)) return undefined;
  const number = Number(spelling);
  return Number.isSafeInteger(number)
    ? safeInteger(number, range)
    : wideInteger(BigInt(spelling), range);
}

/** `value` if it is an integer that fits `range`, `0` for `-0`. It must not have been rounded. */
export function safeInteger(
  value: number,
  range: IntegerRange,
): number | undefined {
  if (!Number.isSafeInteger(value)) return undefined;
  switch (range) {
    case "u64":
      return value >= 0 ? value + 0 : undefined;
    case "i64":
      return value + 0;
    case "u32":
      return value >= 0 && value <= 0xffff_ffff ? value + 0 : undefined;
    case "i32":
      return value === (value | 0) ? value + 0 : undefined;
  }
}

function wideInteger(value: bigint, range: IntegerRange): bigint | undefined {
  return isInRange(value, range) ? value : undefined;
}

/** Whether an integer fits `range`. */
export function isInRange(value: bigint, range: IntegerRange): boolean {
  const [least, most] = RANGES[range];
  return value >= least && value <= most;
}
