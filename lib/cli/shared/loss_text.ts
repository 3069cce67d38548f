/**
 * What was lost of a bundle, in words.
 *
 * @module
 */

import { type Losses, lossesOf } from "../../query/evidence/recorded/losses.ts";
import type { TraceSession } from "../../query/session/session.ts";
import { SESSION_LOG_TEXT } from "../../text/session_log_text.ts";
import { counted, countOf } from "../../text/figures.ts";

/** Returns how much of a session is in an answer about it, in a line for standard error. */
export function partialText(session: TraceSession): string {
  const { events = 0, skipped_events: skipped = 0 } = session.extent ?? {};
  const losses = lossesOf(session);
  if (skipped === 0) {
    return lossText({ ...losses, events, skipped_events: skipped }) ??
      "a text is not as it was recorded";
  }
  const { lost_payloads: lost, payloads } = losses;
  return `${events - skipped} of ${events} events are in this answer${
    lost > 0 ? `; ${lost} of ${counted(payloads, "payload")} lost` : ""
  }`;
}

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
  const pieces = losses.is_session_log ? [SESSION_LOG_TEXT] : [];
  if (lost !== null && lost > 0 && events !== null) {
    const what = losses.is_session_log ? "line" : "event";
    pieces.push(`${countOf(lost)} of ${counted(events, what)} lost`);
  }
  if (payloads > 0) {
    pieces.push(`${countOf(payloads)} of ${counted(all, "payload")} lost`);
  }
  if (gaps) pieces.push("events missing from the log");
  return pieces.length === 0
    ? "part of the log cannot be used"
    : pieces.join(", ");
}
