/**
 * Faults of which nothing tells the reason.
 *
 * @module
 */

import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { Session } from "../session/session.ts";

const NO_REASON = "no reason was recorded";
/** The reasons stand in the log and in payloads. */
const ONLY_BUNDLE = "only the bundle says why";

/** What is said in place of a reason. */
export function untoldReason(
  { log }: Session,
  status: ExecutionStatus,
): string {
  return `${status}; ${log === null ? ONLY_BUNDLE : NO_REASON}`;
}

/** Whether a fault's text tells no reason: two of the kind need not have the same one. */
export function isUntold(text: string): boolean {
  return text.endsWith(`; ${NO_REASON}`) || text.endsWith(`; ${ONLY_BUNDLE}`);
}
