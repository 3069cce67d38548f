/**
 * What answers about a session log lack, and which logs they are of.
 *
 * @module
 */

import { escapeControls } from "./escape.ts";
import { counted, countOf } from "./figures.ts";

/** In one line. */
export const SESSION_LOG_TEXT = "session log: no requests, no runtime evidence";

/** More than these are counted. */
const MAX_NAMED = 3;

/** The logs of a session; see `SessionLogs`. */
interface Logs {
  readonly read: number;
  readonly missing: readonly {
    readonly thread_id: string;
    readonly agent_path: string | null;
  }[];
  readonly unread: readonly {
    readonly path: string;
    readonly reason: string;
  }[];
}

/**
 * Returns of which logs a session is, in one line; null for the log of a session that has no other, as
 * far as is known.
 */
export function sessionLogsText(
  { read, missing, unread }: Logs,
): string | null {
  const pieces = read === 1
    ? []
    : [`read from ${countOf(read)} session logs, one for each thread`];
  if (missing.length > 0) {
    const names = missing.map(({ thread_id: id, agent_path: path }) =>
      path === null ? `thread ${quoted(id)}` : `${quoted(path)} (${quoted(id)})`
    );
    pieces.push(`no log was found of ${few(names)}`);
  }
  if (unread.length > 0) {
    const reasons = unread.map(({ path, reason }) =>
      `${quoted(path)}: ${reason}`
    );
    pieces.push(`not read: ${few(reasons)}`);
  }
  return pieces.length === 0 ? null : pieces.join("; ");
}

function few(names: readonly string[]): string {
  const more = names.length - MAX_NAMED;
  const named = names.slice(0, MAX_NAMED).join(", ");
  return more > 0 ? `${named} and ${counted(more, "other")}` : named;
}

function quoted(text: string): string {
  return `"${escapeControls(text)}"`;
}
