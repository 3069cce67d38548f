/**
 * Finds bundles below a folder of the disk.
 *
 * @module
 */

import { MANIFEST_FILE } from "../../format/manifest.ts";
import { DiskFiles } from "./disk_files.ts";
import { FolderListing, type UnreadSink } from "./folder_listing.ts";

/** Maximum depth of the searched folders; a recorder creates one level. */
const MAX_SEARCH_DEPTH = 5;

/**
 * Yields the folders at or below `root` that have a manifest, in the order of their paths, and those
 * to which the system denies access: they may be bundles. Folders inside a bundle are not searched,
 * and no symbolic link is followed.
 *
 * @param onUnread Receives the folders that cannot be searched.
 */
export function* bundleFolders(
  root: string,
  onUnread: UnreadSink = () => {},
  depth: number = MAX_SEARCH_DEPTH,
): Generator<string, void> {
  const folder = listingOf(root);
  if (folder.has(MANIFEST_FILE) || folder.isDenied()) {
    yield root;
    return;
  }
  if (depth === 0) return;
  const start = root.replace(/\/+$/, "");
  const entries = folder.topEntries((name, reason) =>
    onUnread(name === "" ? root : `${start}/${name}`, reason)
  );
  for (const { path, type } of entries) {
    if (type !== "folder") continue;
    yield* bundleFolders(`${start}/${path}`, onUnread, depth - 1);
  }
}

/** Returns whether a path is a folder, or a link to one. */
export function isFolder(path: string): boolean {
  return listingOf(path).type() === "folder";
}

/** Returns the listing of a folder of the disk. */
export function listingOf(path: string): FolderListing {
  return new FolderListing(new DiskFiles(path));
}
