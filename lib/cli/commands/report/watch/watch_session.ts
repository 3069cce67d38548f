/**
 * Writes the page of a session again and again while it is recorded.
 *
 * @module
 */

import { InterruptedError } from "../../../../bundle/output/interruption.ts";
import type { Limits } from "../../../../bundle/limits.ts";
import { SessionFollower } from "../../../../query/timeline/follow/session_follower.ts";
import { EXIT } from "../../../command.ts";
import { withBundleContext } from "../../../errors/bundle_error.ts";
import { exitOf, isOver, POLL_MS } from "../../timeline/session_end.ts";

/** What passes between two readings of the log. */
export interface WatchClock {
  /** Milliseconds, which never go back. */
  now(): number;
  /**
   * Waits for a change of the bundle, for at most so many milliseconds.
   *
   * @throws {InterruptedError} If a signal arrived.
   */
  wait(ms: number): Promise<void>;
}

/** A session to watch, and its page. */
export interface WatchedSession {
  readonly bundle: string;
  readonly limits: Partial<Limits>;
  /** Milliseconds from one page to the next, at least. */
  readonly periodMs: number;
  /** Writes the page while the session runs, and returns how many events are in it. */
  writePage(): Promise<number>;
  /** Writes the last page, as of a session that is not watched, and returns the exit code. */
  writeLast(): Promise<number>;
}

/**
 * Writes pages until the session ends or a signal arrives, and then the last one. Returns the exit
 * code: that of the signal, else that of the outcome.
 *
 * @throws {BundleFormatError} If the log cannot be read, or was replaced, truncated or removed.
 */
export async function watchSession(
  watched: WatchedSession,
  clock: WatchClock,
): Promise<number> {
  const { bundle, limits } = watched;
  using session = withBundleContext(
    bundle,
    () => new SessionFollower(bundle, limits),
  );
  let interrupted: InterruptedError | undefined;
  try {
    await writeUntilEnd(session, watched, clock);
  } catch (error) {
    if (!(error instanceof InterruptedError)) throw error;
    interrupted = error;
  }
  const code = await watched.writeLast();
  if (interrupted !== undefined) return EXIT.interrupted[interrupted.signal];
  return exitOf(session) || code;
}

async function writeUntilEnd(
  session: SessionFollower,
  { bundle, periodMs, writePage }: WatchedSession,
  clock: WatchClock,
): Promise<void> {
  let changedAt = clock.now();
  let writtenAt = -Infinity;
  let writtenEvents = -1;
  while (true) {
    const before = session.events;
    withBundleContext(bundle, () => session.skip());
    if (session.events !== before) changedAt = clock.now();
    if (isOver(session, clock.now() - changedAt)) return;
    const isDue = clock.now() - writtenAt >= periodMs;
    // A page may have more than was read here: it is made a little later.
    if (isDue && session.events > writtenEvents) {
      writtenEvents = await writePage();
      writtenAt = clock.now();
    }
    await clock.wait(POLL_MS);
  }
}
