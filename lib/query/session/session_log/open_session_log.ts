/**
 * Opens a session log for questions: what Codex itself keeps of a session, without a recorder.
 *
 * @module
 */

import { limitsWith } from "../../../bundle/limits.ts";
import type { BundleFile } from "../../../bundle/storage/bundle_files.ts";
import { DiskFiles } from "../../../bundle/storage/disk_files.ts";
import { splitPath } from "../../../bundle/storage/disk_path.ts";
import { openBundleFile } from "../../../bundle/storage/open_bundle_file.ts";
import { threadInName } from "./joined/session_time.ts";
import { readSessionLog } from "./read_session_log.ts";
import { ObjectNames } from "../names/object_names.ts";
import type { OpenOptions } from "../open_bundle.ts";
import type { TraceSession } from "../session.ts";
import {
  DiagnosticCollector,
  type SessionDiagnostic,
} from "../session_diagnostics.ts";
import type { SessionLog } from "./session_log.ts";

/** Opens the file of a session log; no link is followed. */
export function openLogFile(path: string): BundleFile {
  const { folder, name } = splitPath(path);
  return openBundleFile(new DiskFiles(folder), name);
}

/**
 * Reads a session log, `rollout-….jsonl` below `sessions/` in the home folder of Codex.
 *
 * It has the turns, the items and the token counts of one thread; see {@linkcode openLoggedSession} for
 * all threads of a session. There are neither LLM requests nor
 * payloads, so that answers have much as unknown; the numbers of events are those of its lines.
 *
 * @param path The file.
 * @throws {BundleFormatError} If it is no such file.
 * @throws {LimitError} If it goes beyond a limit before its metadata.
 */
export function openSessionLog(
  path: string,
  options: OpenOptions = {},
): TraceSession {
  using file = openLogFile(path);
  const diagnostics = new DiagnosticCollector();
  const log = readSessionLog(
    file.source,
    limitsWith(options.limits),
    (diagnostic) => diagnostics.add(diagnostic),
    { thread: threadInName(path) },
  );
  return sessionOfLog(path, log, diagnostics.kept);
}

/** A session of what was read of its logs. */
export function sessionOfLog(
  place: string,
  { trace, facts, lines, skippedLines }: Pick<
    SessionLog,
    "trace" | "facts" | "lines" | "skippedLines"
  >,
  diagnostics: readonly SessionDiagnostic[],
): TraceSession {
  return {
    place,
    source: "session_log",
    bundleSchema: null,
    trace,
    names: new ObjectNames(trace),
    log: null,
    payloads: null,
    diagnostics,
    extent: { events: lines, skipped_events: skippedLines },
    sessionLog: facts,
  };
}
