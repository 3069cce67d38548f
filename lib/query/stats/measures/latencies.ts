/**
 * Percentiles by nearest rank: each is a duration that was really measured.
 *
 * @module
 */

import {
  type KnownCount,
  knownCount,
  type LostEvidence,
  NOTHING_LOST,
} from "../../evidence/known_count.ts";

/** How durations are spread. All are null when nothing was measured. */
export interface Latencies {
  /** Durations measured: of what ended, and while the clock did not jump. */
  readonly measured: KnownCount;
  /** Half of them took no longer. */
  readonly p50_ms: number | null;
  /** Nine of ten took no longer. */
  readonly p90_ms: number | null;
  /** Ninety-nine of a hundred took no longer. */
  readonly p99_ms: number | null;
  /** The longest. */
  readonly max_ms: number | null;
  /** All of them added up; those that ran at once count each. */
  readonly total_ms: number | null;
}

/**
 * The spread of some durations by nearest rank: of n durations in order, the p-th percentile is
 * number ⌈p/100 · n⌉.
 */
export function latenciesOf(
  durations: readonly number[],
  lost: LostEvidence = NOTHING_LOST,
): Latencies {
  const sorted = durations.toSorted((a, b) => a - b);
  const at = (percent: number) =>
    sorted[Math.ceil(percent * sorted.length / 100) - 1] ?? null;
  return {
    measured: knownCount(sorted.length, lost.events),
    p50_ms: at(50),
    p90_ms: at(90),
    p99_ms: at(99),
    max_ms: sorted.at(-1) ?? null,
    total_ms: sorted.length === 0
      ? null
      : knownCount(sorted.reduce((sum, each) => sum + each, 0), lost.events),
  };
}
