/**
 * Finds the session to follow below a folder: the newest, and then the next one.
 *
 * @module
 */

import { DiskFiles } from "../../../bundle/storage/disk_files.ts";
import {
  bundleFolders,
  listingOf,
} from "../../../bundle/storage/find_bundles.ts";
import { readManifest } from "../../../bundle/manifest_file.ts";
import { BundleFormatError, LimitError } from "../../../errors.ts";
import { EVENT_LOG_FILE } from "../../../format/manifest.ts";

/** A bundle below a folder. */
export interface FoundSession {
  /** Its folder. */
  readonly bundle: string;
  /** When the session began. */
  readonly startedAt: number;
}

/** The newest session below `root`; `undefined` where there is none. */
export function newestSession(root: string): FoundSession | undefined {
  return sessionsBelow(root).at(-1);
}

/** The session that began next after another; `undefined` where there is none yet. */
export function sessionAfter(
  root: string,
  last: FoundSession,
): FoundSession | undefined {
  return sessionsBelow(root).find((each) => compare(each, last) > 0);
}

/** The sessions whose manifest is complete and whose log exists, the oldest first. */
function sessionsBelow(root: string): FoundSession[] {
  const found: FoundSession[] = [];
  for (const bundle of bundleFolders(root)) {
    if (!listingOf(bundle).has(EVENT_LOG_FILE)) continue;
    try {
      const manifest = readManifest(new DiskFiles(bundle));
      const startedAt = Number(manifest.started_at_unix_ms);
      found.push({ bundle, startedAt });
    } catch (error) {
      // It may be written at this moment. `list` reports what cannot be read.
      const isUnread = error instanceof BundleFormatError ||
        error instanceof LimitError;
      if (!isUnread) throw error;
    }
  }
  return found.sort(compare);
}

function compare(a: FoundSession, b: FoundSession): number {
  return a.startedAt - b.startedAt ||
    (a.bundle < b.bundle ? -1 : a.bundle > b.bundle ? 1 : 0);
}
