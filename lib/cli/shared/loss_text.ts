/**
 * What was lost of a bundle, in words.
 *
 * @module
 */

import type { Losses } from "../../query/evidence/recorded/losses.ts";
import { counted, countOf } from "../../text/figures.ts";

/** Returns how many events and payloads were lost; null when nothing was. */
export function lossText(
  losses: Losses & {
    readonly events: number | null;
    readonly skipped_events: number | null;
  },
): string | null {
  if (losses.is_complete) return null;
  const { events, skipped_events: lost, has_gaps: gaps } = losses;
  const { lost_payloads: payloads, payloads: all } = losses;
  const pieces: string[] = [];
  if (lost !== null && lost > 0 && events !== null) {
    pieces.push(`${countOf(lost)} of ${counted(events, "event")} lost`);
  }
  if (payloads > 0) {
    pieces.push(`${countOf(payloads)} of ${counted(all, "payload")} lost`);
  }
  if (gaps) pieces.push("events missing from the log");
  return pieces.length === 0
    ? "part of the log cannot be used"
    : pieces.join(", ");
}
