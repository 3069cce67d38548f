/**
 * The bundles that a command line means: those it names, and those below a folder it names.
 *
 * @module
 */

import {
  foundSessions,
  isFolder,
  isSessionLog,
} from "../../bundle/storage/find_bundles.ts";
import { presentInfo } from "../../bundle/storage/file_info.ts";
import { quote } from "../../errors.ts";
import { logsWithoutBundle } from "../../query/session/session_log/recorded_logs.ts";
import type { UnreadFolder } from "../../query/session/answer_document.ts";
import { counted } from "../../text/figures.ts";
import { isInPeriod } from "../../query/list/list_filter.ts";
import { startOf } from "../../query/list/list_bundles.ts";
import { requireAccess } from "../access/permissions.ts";
import { type PathUse, requireBundlePath } from "../access/bundle_path.ts";
import { periodOf } from "../args/filter_flags.ts";
import type { ParsedFlags } from "../args/parse_args.ts";
import { UsageError } from "../args/usage_error.ts";
import type { CommandIo } from "../command.ts";

/** Begins the error of a directory without any session. */
export const NO_SESSION = "no bundle and no session log";

/** Bundles, and whether all of them were named one by one. */
export interface Places {
  /** Every bundle, in the order of the command line. */
  readonly bundles: readonly string[];
  /** Whether there is exactly one, named itself. */
  readonly isOne: boolean;
  /** Directories that could not be searched: there may be more. */
  readonly unread: readonly UnreadFolder[];
  /** Whether there are such directories. */
  readonly hasUnread: boolean;
}

/**
 * The bundles meant by `words`; reports on standard error where none is, and what could not be
 * searched for them.
 *
 * @param takesLogs Whether the session logs below a directory are meant, too.
 * @throws {UsageError} If there is no word.
 * @throws {MissingPermissionError} If one may not be read.
 */
export function placesOf(
  words: readonly string[],
  io: CommandIo,
  use: PathUse = "bundle_or_state",
  takesLogs = use === "session",
): Places {
  if (words.length === 0 || words.includes("")) {
    throw new UsageError(
      "which bundles?",
      "name folders that hold manifest.json, or a folder above them",
    );
  }
  const unread: UnreadFolder[] = [];
  const report = (path: string, reason: string) => {
    unread.push({ path, reason });
    io.stderrLine(`error: ${quote(path)}: ${reason}`);
  };
  const found = words.flatMap((word) => {
    // Of several paths, one that is no bundle does not stop the others.
    const isRefused = use !== "session" && isSessionLog(word);
    if (words.length > 1 && !isRefused) requireAccess("read", word);
    else requireBundlePath(word, use);
    // Anything but a directory is opened as it is, for the best error message.
    if (!isFolder(word)) return [word];
    const { bundles, logs } = foundSessions(word, report);
    return [...bundles, ...takesLogs ? logs : []];
  });
  // Below one folder, each is found once: no link is followed.
  const bundles = words.length === 1 ? found : distinct(found);
  if (bundles.length < found.length) {
    io.stderrLine(
      `note: ${
        counted(found.length - bundles.length, "path")
      } of sessions that were named before left out`,
    );
  }
  if (bundles.length === 0) {
    const what = takesLogs ? NO_SESSION : "no bundle";
    io.stderrLine(`error: ${what} below ${words.map(quote).join(", ")}`);
  }
  const isOne = words.length === 1 && bundles.length === 1 &&
    bundles[0] === words[0];
  return { bundles, isOne, unread, hasUnread: unread.length > 0 };
}

/** The paths that lead to different files or folders; of those to one, the first. */
function distinct(paths: readonly string[]): string[] {
  const seen = new Set<string>();
  return paths.filter((path) => {
    const key = keyOf(path);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** What the paths to one file or folder have in common; the path, where that cannot be read. */
function keyOf(path: string): string {
  try {
    const { dev, ino } = presentInfo(path) ?? {};
    // Not every system numbers its files.
    return dev === undefined || !ino ? `path ${path}` : `${dev} ${ino}`;
  } catch {
    return `path ${path}`;
  }
}

/** The same places, with each session once: a log of one that a bundle has is left out, and reported. */
export function onceEach(places: Places, io: CommandIo): Places {
  const logs = places.bundles.filter(isSessionLog);
  const folders = places.bundles.filter((path) => !isSessionLog(path));
  const kept = logsWithoutBundle(folders, logs);
  reportRecorded(logs.length - kept.length, io);
  if (kept.length === logs.length) return places;
  const isKept = new Set([...folders, ...kept]);
  return {
    ...places,
    bundles: places.bundles.filter((path) => isKept.has(path)),
  };
}

/**
 * The same places with the sessions that began in the period of the flags; reports where none did, and
 * those of which that is unknown.
 */
export function startedIn(
  places: Places,
  flags: ParsedFlags,
  io: CommandIo,
): Places {
  const period = periodOf(flags);
  if (period === null) return places;
  const starts = places.bundles.map((path) => ({ path, start: startOf(path) }));
  const bundles = starts.filter(({ start }) => isInPeriod(start, period))
    .map(({ path }) => path);
  const unknown = starts.filter(({ start }) => start === null).length;
  if (unknown > 0) {
    io.stderrLine(
      `note: ${counted(unknown, "session")} whose start is unknown left out`,
    );
  }
  if (bundles.length === 0 && starts.length > 0) {
    io.stderrLine(
      `none of ${counted(starts.length, "session")} began in that period`,
    );
  }
  return { ...places, bundles, isOne: places.isOne && bundles.length === 1 };
}

/** Reports session logs that are left out. */
export function reportRecorded(logs: number, io: CommandIo): void {
  if (logs === 0) return;
  io.stderrLine(
    `note: ${
      counted(logs, "session log")
    } of sessions that have bundles left out`,
  );
}
