/**
 * Finds bundles and session logs below a folder of the disk.
 *
 * @module
 */

import { MANIFEST_FILE } from "../../format/manifest.ts";
import { DiskFiles, linksOf } from "./disk_files.ts";
import { pathBelow, plainPath, splitPath } from "./disk_path.ts";
import {
  type FolderEntry,
  FolderListing,
  type UnreadSink,
} from "./folder_listing.ts";

/** Files that Codex itself keeps of sessions, in a folder for each day. */
export const SESSION_LOG_NAME = /^rollout-.*\.jsonl$/;

/** What is found below a folder. */
export interface FoundSessions {
  /** Folders of bundles. */
  readonly bundles: readonly string[];
  /** Session logs. */
  readonly logs: readonly string[];
}

/** Maximum depth of the searched folders; a recorder creates one level. */
const MAX_SEARCH_DEPTH = 5;

/**
 * Yields the folders at or below `root` that have a manifest, in the order of their paths, and those
 * to which the system denies access: they may be bundles. Folders inside a bundle are not searched,
 * and no symbolic link is followed.
 *
 * @param onUnread Receives the folders that cannot be searched.
 * @param onLog Receives the session logs that are in the searched folders.
 */
export function* bundleFolders(
  root: string,
  onUnread: UnreadSink = () => {},
  depth: number = MAX_SEARCH_DEPTH,
  onLog: (path: string) => void = () => {},
): Generator<string, void> {
  const folder = listingOf(root);
  if (folder.has(MANIFEST_FILE) || folder.isDenied()) {
    yield root;
    return;
  }
  if (depth === 0) return;
  const start = plainPath(root);
  const links = linksOf(root);
  const entries = folder.topEntries((name, reason) =>
    onUnread(name === "" ? root : pathBelow(start, name), reason)
  );
  const hidden = countHiddenFolders(
    // A folder that appears or vanishes while it is listed is none that is hidden.
    Math.min(links, linksOf(root)),
    entries,
  );
  if (hidden > 0) {
    const names = hidden === 1
      ? "the name of a directory in it is"
      : `${hidden} names of directories in it are`;
    onUnread(root, `${names} not UTF-8`);
  }
  for (const { path, type } of entries) {
    const below = pathBelow(start, path);
    if (type === "file" && SESSION_LOG_NAME.test(path)) onLog(below);
    if (type !== "folder") continue;
    yield* bundleFolders(below, onUnread, depth - 1, onLog);
  }
}

/** Returns the bundles and the session logs at or below `root`, as {@linkcode bundleFolders} does. */
export function foundSessions(
  root: string,
  onUnread: UnreadSink = () => {},
): FoundSessions {
  const logs: string[] = [];
  const bundles = [
    ...bundleFolders(root, onUnread, MAX_SEARCH_DEPTH, (path) => {
      logs.push(path);
    }),
  ];
  return { bundles, logs };
}

/**
 * Returns how many folders in a folder are not listed. Deno before 2.9 omits names that are not UTF-8,
 * but most file systems count the folders: each has a link to the one it is in.
 */
function countHiddenFolders(
  links: number,
  entries: readonly FolderEntry[],
): number {
  const listed = entries.filter(({ path, type }) =>
    type === "folder" || type === "missing" && path.includes("\ufffd")
  );
  return Math.max(0, links - LINKS_OF_FOLDER - listed.length);
}

/** A folder has a link from the one it is in, and one from itself. */
const LINKS_OF_FOLDER = 2;

/** Returns whether a path is named as a session log, and no folder. */
export function isSessionLog(path: string): boolean {
  return SESSION_LOG_NAME.test(splitPath(path).name) && !isFolder(path);
}

/** Returns whether a path is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return listingOf(path).type() === "folder";
}

/** Returns the listing of a folder of the disk. */
export function listingOf(path: string): FolderListing {
  return new FolderListing(new DiskFiles(path));
}
