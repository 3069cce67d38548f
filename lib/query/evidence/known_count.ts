/**
 * Counts after losses: that none is known is no evidence that there was none.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import { hidesEvents } from "../../bundle/log/fault_policy.ts";
import { lossesOf } from "./recorded/losses.ts";
import type { TraceSession } from "../session/session.ts";

/**
 * How many there are; after losses, at least so many. Null when none is known and some may be in
 * lost evidence.
 */
export type KnownCount = number | null;

/** Which evidence of a session was lost. */
export interface LostEvidence {
  /** Whether events were lost, or never recorded. */
  readonly events: boolean;
  /** Whether events or payloads were lost. */
  readonly any: boolean;
}

/** All evidence is there. */
export const NOTHING_LOST: LostEvidence = { events: false, any: false };

/** What was lost of two parts together. */
export function bothLost(a: LostEvidence, b: LostEvidence): LostEvidence {
  return { events: a.events || b.events, any: a.any || b.any };
}

const LOST: WeakMap<TraceSession, LostEvidence> = new WeakMap();

/** Which evidence of a session was lost. */
export function lostEvidence(session: TraceSession): LostEvidence {
  const known = LOST.get(session);
  if (known !== undefined) return known;
  const { diagnostics, extent, source } = session;
  // A session log has no events of a recorder: what it counts are minimums.
  const events = source === "session_log" ||
    (extent?.skipped_events ?? 0) > 0 ||
    diagnostics.some(hidesEvents);
  const lost = { events, any: events || lossesOf(session).lost_payloads > 0 };
  LOST.set(session, lost);
  return lost;
}

const LOST_CELLS: WeakMap<TraceSession, boolean> = new WeakMap();

/** Whether a code cell started that is not in the graph: the item with its source was lost. */
export function hasLostCells(session: TraceSession): boolean {
  if (!lostEvidence(session).any) return false;
  const known = LOST_CELLS.get(session);
  if (known !== undefined) return known;
  const { log, trace } = session;
  const started =
    log?.events.filter(({ event }) =>
      event.payload.type === "code_cell_started"
    ).length ?? 0;
  const isLost = started > trace.code_cells.size;
  LOST_CELLS.set(session, isLost);
  return isLost;
}

/** Whether a sum over `known` of `all` objects may be larger: of the others, evidence was lost. */
export function mayHaveMore(
  { events, any }: LostEvidence,
  known: number,
  all: number,
): boolean {
  return events || any && known < all;
}

/** A count or a sum of what is known. */
export function knownCount<T extends Integer>(
  count: T,
  isPartial: boolean,
): T | null {
  return isPartial && Number(count) === 0 ? null : count;
}
