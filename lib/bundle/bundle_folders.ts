/**
 * The bundles below a folder.
 *
 * @module
 */

import { MANIFEST_FILE } from "../format/manifest.ts";
import { FolderListing } from "./folder_listing.ts";

/** Folders inside one another that are looked into; a recorder makes one. */
const MOST_DEPTH = 5;

/**
 * The folders at or below `root` that hold a manifest, in the order of their paths. A bundle is
 * not looked into, and no symbolic link is followed.
 */
export function* bundleFolders(
  root: string,
  depth: number = MOST_DEPTH,
): Generator<string, void> {
  const folder = new FolderListing(root);
  if (folder.has(MANIFEST_FILE)) {
    yield root;
    return;
  }
  if (depth === 0) return;
  for (const { path, type } of folder.topEntries()) {
    if (type !== "folder") continue;
    yield* bundleFolders(`${root.replace(/\/+$/, "")}/${path}`, depth - 1);
  }
}

/** Whether a path is a folder; a link to one counts. */
export function isFolder(path: string): boolean {
  return new FolderListing(path).type() === "folder";
}
