/**
 * What to name instead of a folder that is no bundle, where bundles lie below it.
 *
 * @module
 */

import { bundleFolders } from "../bundle/bundle_folders.ts";
import { FolderListing } from "../bundle/folder_listing.ts";
import { BundleFormatError } from "../errors.ts";
import { MANIFEST_FILE } from "../format/manifest.ts";
import { shellWord } from "./text/command_line.ts";

/** Recorders and collections of recordings nest no deeper; a home folder is soon looked through. */
const MOST_DEPTH = 3;

/** What may have been meant by `place`, which cannot be opened because of `error`. */
export function placeHint(place: string, error: unknown): string | undefined {
  const isFolderless = error instanceof BundleFormatError &&
    error.file === MANIFEST_FILE;
  if (!isFolderless) return undefined;
  const folder = new FolderListing(place);
  switch (folder.type()) {
    case "missing":
      return "is the path right? rollout-trace list FOLDER tells the bundles below a folder";
    case "folder":
      return folder.has(MANIFEST_FILE) ? undefined : belowHint(place);
    default:
      return undefined;
  }
}

function belowHint(place: string): string | undefined {
  const below = bundleFolders(place, MOST_DEPTH);
  const [one, another] = [below.next().value, below.next().value];
  if (typeof one !== "string") return undefined;
  return typeof another === "string"
    ? `bundles lie below it: rollout-trace list ${shellWord(place)}`
    : `did you mean ${shellWord(one)}?`;
}
