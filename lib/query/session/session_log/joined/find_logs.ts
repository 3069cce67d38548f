/**
 * Finds the logs that may be of the session of one: those in its directory, or where Codex keeps a
 * directory for each day, those in the days of the session.
 *
 * @module
 */

import { isGranted } from "../../../../bundle/storage/file_info.ts";
import { pathBelow, splitPath } from "../../../../bundle/storage/disk_path.ts";
import {
  listingOf,
  SESSION_LOG_NAME,
} from "../../../../bundle/storage/find_bundles.ts";
import type { EntryType } from "../../../../bundle/storage/bundle_files.ts";
import type { UnreadSink } from "../../../../bundle/storage/folder_listing.ts";
import {
  earliestFirst,
  type LogCandidate,
  type SessionTime,
  timeInName,
} from "./session_time.ts";

const DAY = 24 * 60 * 60 * 1000;
/** How long after the last line of a session a thread of it may have been made. */
const MAX_DELAY = 60 * 1000;

/**
 * Yields the logs that may be of a session, the earliest thread first. No link is followed.
 *
 * @param path A log of it.
 * @param time When it was; asked again for each log, because each that is of the session may be later.
 */
export function* candidateLogs(
  path: string,
  time: () => SessionTime,
  onUnread: UnreadSink,
): Generator<LogCandidate, void> {
  for (const { folder, day } of dayFolders(path, time, onUnread)) {
    if (day !== null && day > dayOf(time().to + DAY)) return;
    const names = namesIn(folder, "file", onUnread);
    const found = names.filter((name) => SESSION_LOG_NAME.test(name))
      .map((name) => ({ path: below(folder, name), madeAt: timeInName(name) }))
      .sort(earliestFirst);
    for (const each of found) {
      const { from, to } = time();
      const { madeAt } = each;
      if (madeAt === null || madeAt >= from && madeAt <= to + MAX_DELAY) {
        yield each;
      }
    }
  }
}

interface DayFolder {
  readonly folder: string;
  /** `2026/11/29`; null where the folder is of no day. */
  readonly day: string | null;
}

/** The folder of a log, or the folders of the days from the start of its session, in order. */
function* dayFolders(
  path: string,
  time: () => SessionTime,
  onUnread: UnreadSink,
): Generator<DayFolder, void> {
  const { folder } = splitPath(path);
  const own = splitPath(folder);
  const month = splitPath(own.folder);
  const year = splitPath(month.folder);
  const name = [year.name, month.name, own.name].join("/");
  // A relative path without the folder above the years does not allow to leave the day.
  if (!/^\d{4}\/\d\d\/\d\d$/.test(name)) {
    yield { folder, day: null };
    return;
  }
  // Folders are of local days, in names of any time zone.
  const first = [dayOf(time().from - DAY), name].sort()[0] ?? name;
  const years = datesIn(year.folder, onUnread);
  // The folder above may be closed to the program, and that of the log open.
  if (years.length === 0) yield { folder, day: null };
  for (const y of years) {
    if (y < first.slice(0, 4)) continue;
    for (const m of datesIn(below(year.folder, y), onUnread)) {
      if (`${y}/${m}` < first.slice(0, 7)) continue;
      for (const d of datesIn(below(year.folder, `${y}/${m}`), onUnread)) {
        const day = `${y}/${m}/${d}`;
        if (day >= first) yield { folder: below(year.folder, day), day };
      }
    }
  }
}

function datesIn(folder: string, onUnread: UnreadSink): string[] {
  return namesIn(folder, "folder", onUnread).filter((name) =>
    /^\d+$/.test(name)
  );
}

/** The names in a folder that are of a type, sorted; none where it may not be read, which is reported. */
function namesIn(
  folder: string,
  type: EntryType,
  onUnread: UnreadSink,
): string[] {
  if (!isGranted("read", folder)) {
    onUnread(folder, "no read permission");
    return [];
  }
  return listingOf(folder)
    .topEntries((_, reason) => onUnread(folder, reason))
    .flatMap((entry) => entry.type === type ? entry.path : []);
}

function below(folder: string, name: string): string {
  return folder === "." ? name : pathBelow(folder, name);
}

function dayOf(ms: number): string {
  const valid = Math.min(Math.max(ms, 0), MAX_TIME);
  return new Date(valid).toISOString().slice(0, 10).replaceAll("-", "/");
}

/** In the year 9999. */
const MAX_TIME = 253_402_214_400_000;
