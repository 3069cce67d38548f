/**
 * Where the wall clock of a recording jumped, as far as the log shows it.
 *
 * A clock that was set back shows in the times of the events. One that was set forward, or a computer
 * that slept, looks like a long wait: it shows only where Codex measured less with a clock that
 * cannot be set (`duration_ms` of a turn, `duration` of a tool).
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";

/** A jump of the clock between two events. */
export interface ClockJump {
  /** Whether the clock was behind or ahead afterwards. */
  readonly direction: "back" | "forward";
  /** The last event that is certainly before the jump; 0 for the start in the manifest. */
  readonly after_seq: Integer;
  /** The first event that is certainly after it. */
  readonly before_seq: Integer;
  /**
   * How far, in milliseconds: at least this far back, or about this far forward. Null where it may
   * have happened at several places.
   */
  readonly by_ms: Integer | null;
}

/** Finds the jumps in intervals of sequence numbers. */
export class JumpIndex {
  readonly #after: readonly Integer[];
  /** For each jump: the earliest end of it and of all that begin later. */
  readonly #ends: readonly Integer[];

  /** Takes jumps in any order. */
  constructor(jumps: readonly ClockJump[]) {
    const sorted = jumps.toSorted((a, b) => order(a.after_seq, b.after_seq));
    this.#after = sorted.map(({ after_seq }) => after_seq);
    const ends: Integer[] = [];
    for (const { before_seq: end } of sorted.toReversed()) {
      const last = ends.at(-1);
      ends.push(last === undefined || end < last ? end : last);
    }
    this.#ends = ends.reverse();
  }

  /** Whether a jump is between two events. */
  isBetween(from: Integer, to: Integer): boolean {
    const end = this.#ends[countBefore(this.#after, from)];
    return end !== undefined && end <= to;
  }
}

/** How many numbers, which are in order, are less than `limit`. */
export function countBefore(
  sorted: readonly Integer[],
  limit: Integer,
): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const each = sorted[middle];
    if (each !== undefined && each < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function order(a: Integer, b: Integer): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
