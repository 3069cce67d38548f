/**
 * Who makes how many requests, and when a thread begins.
 *
 * @module
 */

import type { BenchSession } from "./session.ts";
import type { BenchShape } from "./shape.ts";
import type { BenchThread } from "./thread.ts";

/** How many requests each thread makes, the root first. */
export function shareOut(shape: BenchShape): number[] {
  const { calls, threads, agents } = shape;
  // Where children report back, the root has to outlive them.
  const parts = agents > 0 && threads > 1 ? threads + 1 : threads;
  const share = Math.floor(calls / parts);
  const root = calls - share * (threads - 1);
  return [root, ...Array.from({ length: threads - 1 }, () => share)];
}

/** True when threads begin one after the other, not all at the start. */
export function startsLater(shape: BenchShape): boolean {
  return shape.fork || shape.agents > 0;
}

/** The requests of each thread that should have begun by now but has not. */
export function dueChildren(
  session: BenchSession,
  root: BenchThread,
): number[] {
  const [rootCalls = 0, ...children] = shareOut(session.shape);
  const begun = session.threads.length - 1;
  const due = children.filter((_, i) =>
    !startsLater(session.shape) ||
    root.calls >= Math.max(1, Math.floor((rootCalls * i) / children.length / 2))
  );
  return due.slice(begun);
}
