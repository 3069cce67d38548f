/**
 * Counts after losses: that none is known is no evidence that there was none.
 *
 * @module
 */

import { hidesEvents } from "../../bundle/log/fault_policy.ts";
import { lossesOf } from "./recorded/losses.ts";
import type { Session } from "../session/session.ts";

/** How many there are; null when none is known and some may be in lost evidence. */
export type KnownCount = number | null;

/** Which evidence of a session was lost. */
export interface LostEvidence {
  /** Whether events were lost. */
  readonly events: boolean;
  /** Whether events or payloads were lost. */
  readonly any: boolean;
}

/** All evidence is there. */
export const NOTHING_LOST: LostEvidence = { events: false, any: false };

/** Which evidence of a session was lost. */
export function lostEvidence(session: Session): LostEvidence {
  const { diagnostics, extent } = session;
  const events = (extent?.skipped_events ?? 0) > 0 ||
    diagnostics.some(hidesEvents);
  return { events, any: events || lossesOf(session).lost_payloads > 0 };
}

/** A count of what is known. */
export function knownCount(count: number, mayHaveMore: boolean): KnownCount {
  return count === 0 && mayHaveMore ? null : count;
}
