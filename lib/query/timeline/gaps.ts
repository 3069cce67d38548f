/**
 * Stretches of time in which nothing ran.
 *
 * @module
 */

import { subtract } from "../../format/integers.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TimelineEntry, TimelineGap } from "./answer.ts";

/**
 * The stretches of at least `least` milliseconds before which everything that was not a whole
 * thread or turn had ended, and in which nothing began.
 *
 * @param entries In order.
 */
export function gapsOf(
  entries: readonly TimelineEntry[],
  least: number,
): TimelineGap[] {
  const gaps: TimelineGap[] = [];
  let latest: Integer | null = null;
  for (const entry of entries) {
    const { started_at_unix_ms: start } = entry;
    if (start === null) continue;
    const duration = subtract(start, latest);
    if (latest !== null && duration !== null && duration >= least) {
      gaps.push({
        before: entry.number,
        from_unix_ms: latest,
        until_unix_ms: start,
        duration_ms: duration,
      });
    }
    const last = lastMoment(entry, start);
    if (latest === null || last > latest) latest = last;
  }
  return gaps;
}

/** The last moment at which an entry accounts for time. */
function lastMoment(
  { kind, ended_at_unix_ms: end }: TimelineEntry,
  start: Integer,
): Integer {
  const isWhole = kind === "thread" || kind === "turn";
  return isWhole || end === null || end < start ? start : end;
}
