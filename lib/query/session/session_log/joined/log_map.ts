/**
 * Session logs that were dropped or unpacked: contents by path, and which of them are of one session.
 *
 * @module
 */

import { limitsWith } from "../../../../bundle/limits.ts";
import type { FileContent } from "../../../../bundle/storage/file_map.ts";
import { isUnreadable } from "../../../../errors.ts";
import type { OpenOptions } from "../../open_bundle.ts";
import type { TraceSession } from "../../session.ts";
import { headInLog } from "../log_head.ts";
import type { SessionLogHead } from "../session_log.ts";
import type { LogFiles, OpenLog } from "./log_files.ts";
import { SessionLogReaders } from "./read_logs.ts";
import {
  earliestFirst,
  type LogCandidate,
  timeInName,
} from "./session_time.ts";

/** A log that was dropped. */
interface DroppedLog {
  readonly path: string;
  readonly content: FileContent;
  /** Null where its first line is not its metadata. */
  readonly head: SessionLogHead | null;
}

/** The logs of one session. */
export class LogMap implements LogFiles {
  /** The path of the log of the root; where that is not there, of the first known ancestor. */
  readonly path: string;
  readonly #logs: ReadonlyMap<string, DroppedLog>;

  /** Takes the logs of one session, at least one. */
  constructor(logs: readonly [DroppedLog, ...DroppedLog[]]) {
    this.path = topOf(logs).path;
    this.#logs = new Map(logs.map((log) => [log.path, log]));
  }

  /** How many logs there are. */
  get size(): number {
    return this.#logs.size;
  }

  /** {@inheritDoc LogFiles.open} */
  open(path: string): OpenLog {
    const log = this.#logs.get(path);
    if (log === undefined) throw new RangeError(`there is no log ${path}`);
    return { source: log.content.open(), [Symbol.dispose]: () => {} };
  }

  /** {@inheritDoc LogFiles.headOf} */
  headOf(path: string): SessionLogHead | null {
    return this.#logs.get(path)?.head ?? null;
  }

  /** {@inheritDoc LogFiles.candidates} Which logs are of the session is known. */
  candidates(): LogCandidate[] {
    return Array.from(
      this.#logs.keys(),
      (path) => ({ path, madeAt: timeInName(path) }),
    ).sort(earliestFirst);
  }

  /** {@inheritDoc LogFiles.nameOf} */
  nameOf(path: string): string {
    return nameOf(path);
  }

  /** {@inheritDoc LogFiles.isSame} */
  isSame(a: string, b: string): boolean {
    return a === b;
  }
}

/**
 * Reads the session of logs that were dropped, as {@linkcode openLoggedSession} reads those of the disk.
 *
 * @throws {BundleFormatError} If the log that it is named by is no session log.
 * @throws {LimitError} If that goes beyond a limit before its metadata.
 */
export function openLogMap(
  logs: LogMap,
  options: OpenOptions = {},
): TraceSession {
  const readers = new SessionLogReaders(
    logs.path,
    logs,
    limitsWith(options.limits),
  );
  readers.findOthers();
  return readers.session();
}

/**
 * Returns the sessions of logs. Those of the threads of one session are together if they are in one
 * folder, or in the folders that Codex keeps for each day.
 *
 * @param logs The logs by their paths, with `/` as separator.
 * @param observe What is read of a log later.
 */
export function sessionsOfLogs(
  logs: ReadonlyMap<string, FileContent>,
  observe: (path: string, content: FileContent) => FileContent,
): LogMap[] {
  const all = Array.from(logs, ([path, content]): DroppedLog => ({
    path,
    content: observe(path, content),
    head: headOf(path, content),
  }));
  const threads = new Groups();
  for (const log of all) {
    if (log.head === null) continue;
    const { thread, session, parent } = log.head;
    threads.join(keyOf(log, thread), keyOf(log, session));
    if (parent !== null) {
      threads.join(keyOf(log, thread), keyOf(log, parent));
    }
  }
  const sessions = Map.groupBy(
    all,
    (log) =>
      log.head === null
        ? log.path
        : threads.groupOf(keyOf(log, log.head.thread)),
  );
  return [...sessions.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : new LogMap([first, ...others])
  );
}

/** Ids, and which of them are of one group. */
class Groups {
  readonly #next = new Map<string, string>();

  groupOf(id: string): string {
    let group = id;
    for (let at = this.#next.get(id); at !== undefined;) {
      // A chain of parents is halved by each walk along it.
      const after = this.#next.get(at);
      if (after !== undefined) this.#next.set(group, after);
      group = at;
      at = after;
    }
    return group;
  }

  join(a: string, b: string): void {
    const [from, to] = [this.groupOf(a), this.groupOf(b)];
    if (from !== to) this.#next.set(from, to);
  }
}

function headOf(path: string, content: FileContent): SessionLogHead | null {
  try {
    return headInLog(content.open(), path);
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return null;
  }
}

/** The log of the root, or the first one whose parent has none. */
function topOf(logs: readonly [DroppedLog, ...DroppedLog[]]): DroppedLog {
  const [first] = logs;
  const threads = new Set(logs.map(({ head }) => head?.thread));
  return logs.find(({ head }) => head?.thread === head?.session) ??
    logs.find(({ head }) => !threads.has(head?.parent ?? "")) ?? first;
}

/** A thread in the folder of a log. */
function keyOf({ path }: DroppedLog, thread: string): string {
  const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
  return `${folder.replace(DAY_FOLDER, "")}\0${thread}`;
}

/** The folders that Codex keeps for each day, as far as they were dropped: `2026/11/29`. */
const DAY_FOLDER = /(?:^|\/)(?:(?:\d{4}\/)?\d\d\/)?\d\d$/;

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
