/**
 * Execution windows: from when to when something ran.
 *
 * @module
 */

import type { ExecutionStatus } from "../format/vocabulary.ts";
import type { ExecutionWindow } from "../graph/session.ts";
import type { EventContext } from "./records.ts";

/** A window that begins with an event. */
export function startWindow(context: EventContext): ExecutionWindow {
  return {
    started_at_unix_ms: context.at,
    started_seq: context.seq,
    ended_at_unix_ms: null,
    ended_seq: null,
    status: "running",
  };
}

/** Ends a window with an event; an earlier end is overwritten. */
export function endWindow(
  window: ExecutionWindow,
  context: EventContext,
  status: ExecutionStatus,
): void {
  window.ended_at_unix_ms = context.at;
  window.ended_seq = context.seq;
  window.status = status;
}
