/**
 * Figures, formatted as the commands format them, and two formats that only the page needs.
 *
 * @module
 */

import { durationOf, UNKNOWN } from "../../../text/figures.ts";

export {
  bytesOf,
  counted,
  countOf,
  durationOf,
  momentOf,
  shareOf,
  UNKNOWN,
} from "../../../text/figures.ts";

/** The duration of something; unknown when its end is unknown. */
export function lengthOf(
  { started, ended }: { started: number; ended: number | null },
): string {
  return ended === null ? UNKNOWN : durationOf(ended - started);
}

/** A time of a session, relative to its start. */
export function offsetOf(ms: number, start: number): string {
  return `+${durationOf(ms - start)}`;
}
