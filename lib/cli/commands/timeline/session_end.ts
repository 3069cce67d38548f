/**
 * When the session that a command follows is over, and how the program ends then.
 *
 * @module
 */

import type { Follower } from "../../../query/timeline/follow/log_follower.ts";
import { EXIT } from "../../command.ts";

/** Milliseconds after which the log is read again, if no change of it was reported before. */
export const POLL_MS = 200;
/** Milliseconds after the end of a session until events that follow it are no longer waited for. */
const SETTLE_MS = 2000;

/** Whether nothing more is expected of a session in which nothing happened for so many milliseconds. */
export function isOver(session: Follower, idleMs: number): boolean {
  return session.isCompleted || session.hasEnded && idleMs >= SETTLE_MS;
}

/** How the program ends, by the outcome of the session. */
export function exitOf({ outcome, hasLosses }: Follower): number {
  if (outcome !== null && outcome !== "ok") return EXIT.noResult;
  return outcome === null || hasLosses ? EXIT.partial : EXIT.ok;
}
