/**
 * When the threads of a session were made, by their ids.
 *
 * @module
 */

import type { ThreadId } from "../../../../format/ids.ts";

/** The time in which the threads of a session were made; both ends may be moved meanwhile. */
export interface SessionTime {
  /** When its first thread was. */
  readonly from: number;
  /** When its last line was written, as far as it is known. */
  readonly to: number;
}

/** A log that may be of the session. */
export interface LogCandidate {
  /** The file. */
  readonly path: string;
  /** When its thread was made, in Unix ms, by the id in its name; null for an id without a time. */
  readonly madeAt: number | null;
}

/** Sorts logs: those of the earliest threads first, and before them those without a time. */
export function earliestFirst(a: LogCandidate, b: LogCandidate): number {
  return (a.madeAt ?? 0) - (b.madeAt ?? 0);
}

const ID_IN_NAME = /-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.jsonl$/;

/**
 * The thread that a log is of, by its name; null for a name without an id. The log of a fork repeats the
 * metadata of its parent, which would be taken for its own if these are lost.
 */
export function threadInName(name: string): ThreadId | null {
  return ID_IN_NAME.exec(name)?.[1] ?? null;
}

/** When the thread of a log was made, by the id in its name; null for an id without a time. */
export function timeInName(name: string): number | null {
  return timeOfId(threadInName(name) ?? "");
}

/** When a UUID of version 7 was made; null for any other id. */
export function timeOfId(id: string): number | null {
  const [, high = "", low = ""] =
    /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/.exec(id) ?? [];
  return high === "" ? null : parseInt(high + low, 16);
}
