/**
 * Faults whose reason is unknown.
 *
 * @module
 */

import type { PayloadCapture } from "../../format/payload.ts";
import { unrecordedText } from "../../text/capture_text.ts";
import type { Session } from "../session/session.ts";

const NO_REASON = "no reason was recorded";
/** The reasons stand in the log and in payloads. */
const ONLY_BUNDLE = "only the bundle says why";
/** The reason is in a payload that the recorder's limits truncated or omitted. */
const REASON_LOST = "its reason was ";

/**
 * What is printed in place of a reason.
 *
 * @param capture What was kept of the payload with the reason, when it was not all of it.
 */
export function untoldReason(
  { log }: Session,
  status: string,
  capture: PayloadCapture | null = null,
): string {
  const why = capture !== null
    ? REASON_LOST + unrecordedText(capture)
    : log === null
    ? ONLY_BUNDLE
    : NO_REASON;
  return `${status}; ${why}`;
}

/** Whether a fault's text tells no reason: two of the kind need not have the same one. */
export function isUntold(text: string): boolean {
  return text.endsWith(`; ${NO_REASON}`) || text.endsWith(`; ${ONLY_BUNDLE}`) ||
    text.includes(`; ${REASON_LOST}`);
}
