/**
 * Where the logs of a session are: on the disk, or among files that were dropped.
 *
 * @module
 */

import type { ByteSource } from "../../../../bundle/byte_buffer.ts";
import type { UnreadSink } from "../../../../bundle/storage/folder_listing.ts";
import type { SessionLogHead } from "../session_log.ts";
import type { LogCandidate, SessionTime } from "./session_time.ts";

/** A log that is read. The caller disposes it. */
export interface OpenLog extends Disposable {
  /** Its bytes, from its start. */
  readonly source: ByteSource;
}

/** Reads logs by their paths. */
export interface LogFiles {
  /**
   * Opens a log.
   *
   * @throws {BundleFormatError} If it cannot be opened.
   */
  open(path: string): OpenLog;
  /** What the first line of a log has; null where that is not its metadata, or cannot be read. */
  headOf(path: string): SessionLogHead | null;
  /**
   * The logs that may be of a session, the earliest thread first.
   *
   * @param path A log of it.
   * @param time When it was; asked again for each log.
   */
  candidates(
    path: string,
    time: () => SessionTime,
    onUnread: UnreadSink,
  ): Iterable<LogCandidate>;
  /** The name of a log, which diagnostics have. */
  nameOf(path: string): string;
  /** Whether two paths lead to one file. */
  isSame(a: string, b: string): boolean;
}
