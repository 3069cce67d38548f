/**
 * Figures as the commands spell them, and two that only the page needs.
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

/** How long something ran; unknown when its end is. */
export function lengthOf(
  { started, ended }: { started: number; ended: number | null },
): string {
  return ended === null ? UNKNOWN : durationOf(ended - started);
}

/** A moment of a session, by how long after its start it was. */
export function offsetOf(ms: number, start: number): string {
  return `+${durationOf(ms - start)}`;
}
