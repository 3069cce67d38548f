/**
 * Times at the left of a timeline.
 *
 * @module
 */

import { subtract } from "../../../format/integers.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { TimelineAnswer } from "../../../query/timeline/timeline_answer.ts";
import { momentOf } from "../../../text/figures.ts";

/** The time of day of a moment: in UTC `14:03:59.120`, a local one `16:03:59.120+02:00`. */
export function clockOf(at: Integer | null, isLocal: boolean): string {
  if (at === null) return "";
  const moment = momentOf(at, isLocal);
  return /T(.*?)Z?$/.exec(moment)?.[1] ?? moment;
}

/** Time since the start: `0.057`, `1:02.300`, `1:02:03.400`; `?` after a jump of the clock. */
export function sinceOf(
  at: Integer | null,
  seq: Integer | null,
  { started_at_unix_ms: start, clock_jumps: [jump] }: TimelineAnswer,
): string {
  if (at === null) return "";
  if (jump !== undefined && (seq === null || seq >= jump.before_seq)) {
    return "?";
  }
  const ms = Number(subtract(at, start));
  const seconds = (ms % 60_000) / 1000;
  const minutes = Math.floor(ms / 60_000);
  if (minutes === 0) return seconds.toFixed(3);
  const hours = Math.floor(minutes / 60);
  const rest = seconds.toFixed(3).padStart(6, "0");
  if (hours === 0) return `${minutes}:${rest}`;
  return `${hours}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
