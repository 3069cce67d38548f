/**
 * Jumps of the clock, for a terminal and for the page.
 *
 * @module
 */

import { type Count, durationOf } from "./figures.ts";

export interface JumpFigures {
  /** Whether the clock was behind or ahead afterwards. */
  readonly direction: "back" | "forward";
  /** The last event that is certainly before the jump. */
  readonly after_seq: Count;
  /** The first event that is certainly after it. */
  readonly before_seq: Count;
  /** How far, in milliseconds; null where that is unknown. */
  readonly by_ms: Count | null;
}

/**
 * A jump of the clock in words: `set back by at least 340 ms between seq 3 and 4`. A computer that slept looks
 * like a clock that was set forward.
 */
export function jumpText(
  { direction, after_seq: after, before_seq: before, by_ms: by }: JumpFigures,
): string {
  const where = `between seq ${after} and ${before}`;
  if (direction === "back") {
    const far = by === null ? "" : ` by at least ${durationOf(Number(by))}`;
    return `set back${far} ${where}`;
  }
  return by === null
    ? `maybe set forward ${where}, or the computer slept`
    : `set forward by about ${
      durationOf(Number(by))
    } ${where}, or the computer slept`;
}

/** Jumps in one sentence, and what they mean; null without any. */
export function clockText(jumps: readonly JumpFigures[]): string | null {
  const [first, ...others] = jumps;
  if (first === undefined) return null;
  const more = others.length === 0 ? "" : `, and ${others.length} more`;
  return `${jumpText(first)}${more}: times across it are unknown`;
}
