/**
 * The names under which a page finds its blocks of data.
 *
 * @module
 */

/** Names of blocks; those with a hyphen are followed by a number. */
export const BLOCKS = {
  data: "report",
  texts: "texts-",
  payloads: "payloads-",
  /** The sessions of a page of several. */
  sessions: "sessions",
  /** The comparison of the first session with the one of that number. */
  comparison: "comparison-",
  /** The script of the worker of the viewer. */
  worker: "worker",
  /** That the session was still recorded. */
  watch: "watch",
} as const;

/** What the names of the blocks of a session begin with; sessions are counted from 1. */
export function blockPrefix(session: number): string {
  return session === 1 ? "" : `session-${session}-`;
}

/** The sessions of a page of several. */
export interface PageSessions {
  /** Their names, in order. */
  readonly names: readonly string[];
}

/** A page that is made again and again while its session is recorded. */
export interface PageWatch {
  /** When it was made, in milliseconds since 1970. */
  readonly made_at_unix_ms: number;
  /** Seconds until it is made again, if anything is new then. */
  readonly seconds: number;
}
