/**
 * Which session a session log is of, by its first line.
 *
 * @module
 */

import type { ByteSource } from "../../../bundle/byte_buffer.ts";
import { type Limits, limitsWith } from "../../../bundle/limits.ts";
import { type Line, LineReader } from "../../../bundle/log/line_reader.ts";
import { isUnreadable } from "../../../errors.ts";
import { parentIn } from "./agent_activity.ts";
import { momentIn, textIn } from "./log_line.ts";
import { threadInName } from "./joined/session_time.ts";
import { openLogFile } from "./open_session_log.ts";
import { SessionLogReader } from "./read_session_log.ts";
import type { SessionLogHead } from "./session_log.ts";

/**
 * Returns what the first line of a session log has; null where that is not its metadata, or cannot be
 * read.
 */
export function readLogHead(path: string): SessionLogHead | null {
  try {
    using file = openLogFile(path);
    return headInLog(file.source, path);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}

/**
 * {@linkcode readLogHead} of a log that is open.
 *
 * @param name Its name or path; null also where that has another thread.
 * @throws {Error} If it cannot be read.
 */
export function headInLog(
  source: ByteSource,
  name: string,
): SessionLogHead | null {
  const limits = limitsWith();
  const line = new LineReader(source, limits.line).next();
  const head = line === undefined ? null : headOfLine(line, limits);
  const thread = threadInName(name) ?? head?.thread;
  return head?.thread === thread ? head : null;
}

function headOfLine(
  line: Line,
  limits: Limits,
): SessionLogHead | null {
  const reader = new SessionLogReader(NO_BYTES, limits, () => {});
  const read = reader.read(line);
  if (read === null || read.type !== "session_meta") return null;
  const { payload, at } = read;
  const thread = textIn(payload, "id");
  return thread === null ? null : {
    thread,
    session: textIn(payload, "session_id") ?? thread,
    parent: parentIn(payload),
    startedAt: momentIn(payload["timestamp"]) ?? at,
  };
}

const NO_BYTES: ByteSource = { readSync: () => null };
