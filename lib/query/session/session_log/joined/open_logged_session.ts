/**
 * Opens a session log together with the logs of the other threads of its session.
 *
 * @module
 */

import { limitsWith } from "../../../../bundle/limits.ts";
import { splitPath } from "../../../../bundle/storage/disk_path.ts";
import { isSameFile } from "../../../../bundle/storage/file_info.ts";
import type { OpenOptions } from "../../open_bundle.ts";
import type { TraceSession } from "../../session.ts";
import { readLogHead } from "../log_head.ts";
import { openLogFile } from "../open_session_log.ts";
import { candidateLogs } from "./find_logs.ts";
import type { LogFiles } from "./log_files.ts";
import { SessionLogReaders } from "./read_logs.ts";

/**
 * Reads the session that a log is of: each agent has a log of its own, which names the session and the
 * thread that made it. The others are searched in the directory of the log or, where that is one of the
 * directories that Codex keeps for each day, in those of the days of the session.
 *
 * Whichever log is named, the answers are the same. What cannot be read is in the facts of the session
 * (`logs`), and is no error.
 *
 * @param path The file.
 * @throws {BundleFormatError} If it is no session log.
 * @throws {LimitError} If it goes beyond a limit before its metadata.
 */
export function openLoggedSession(
  path: string,
  options: OpenOptions = {},
): TraceSession {
  const logs = new SessionLogReaders(
    path,
    DISK_LOGS,
    limitsWith(options.limits),
  );
  logs.findOthers();
  return logs.session();
}

const DISK_LOGS: LogFiles = {
  open: openLogFile,
  headOf: readLogHead,
  candidates: candidateLogs,
  nameOf: (path) => splitPath(path).name,
  isSame: isSameFile,
};
