/**
 * What is aimed at, by length and shape of a session.
 *
 * @module
 */

import type { ShapeName } from "../../support/bundles/long/shape.ts";

/** Which bundle a goal is for. */
export interface GoalKey {
  readonly schema: number;
  readonly shape: ShapeName;
  readonly calls: number;
}

/** Limits; a missing one is not set. */
export interface Goals {
  /** The reference's wall time is at least so many times ours. */
  readonly wallRatio?: number;
  /** The reference's user time is at least so many times our CPU time. */
  readonly cpuRatio?: number;
  /** Our wall time is at most so many times that of reading the bytes. */
  readonly perReading?: number;
  readonly peakMb?: number;
  /** Thousands of characters that go through the JSON parser, for each call. */
  readonly parsedKbPerCall?: number;
}

const COMMON: ReadonlyMap<number, Goals> = new Map([
  [100, { perReading: 3.5, peakMb: 65, parsedKbPerCall: 12 }],
  [400, { perReading: 3, peakMb: 100, parsedKbPerCall: 12 }],
  [1600, { perReading: 2, peakMb: 200, parsedKbPerCall: 12 }],
]);
const AGAINST_FULL: ReadonlyMap<number, Goals> = new Map([
  [100, { wallRatio: 80, cpuRatio: 10 }],
  [400, { wallRatio: 400, cpuRatio: 50 }],
]);
const AGAINST_DELTA: ReadonlyMap<number, Goals> = new Map([
  [1600, { wallRatio: 200, cpuRatio: 75 }],
]);

/** The goals for a bundle. */
export function goalsFor({ schema, shape, calls }: GoalKey): Goals {
  switch (shape) {
    case "default":
      return {
        ...COMMON.get(calls),
        ...(schema === 1 ? AGAINST_FULL.get(calls) : { wallRatio: 15 }),
      };
    case "delta":
      return schema === 1 ? { ...AGAINST_DELTA.get(calls) } : {};
    case "mutate":
      return schema === 1 ? { wallRatio: 80 } : {};
    default:
      return {};
  }
}
