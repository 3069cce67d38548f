/**
 * Figures, formatted as the commands format them, and a format that only the page needs.
 *
 * @module
 */

import { durationOf } from "../../../text/figures.ts";

export {
  bytesOf,
  counted,
  countOf,
  durationOf,
  momentOf,
  shareOf,
  UNKNOWN,
} from "../../../text/figures.ts";

/** A time since the start of the session; `?` where that is unknown, as after a jump of the clock. */
export function offsetOf(ms: number | null): string {
  return ms === null ? "?" : `+${durationOf(ms)}`;
}
