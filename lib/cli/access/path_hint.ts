/**
 * Hints for a path that is not a bundle: bundles below it.
 *
 * @module
 */

import { bundleFolders, listingOf } from "../../bundle/storage/find_bundles.ts";
import { BundleFormatError } from "../../errors.ts";
import { MANIFEST_FILE } from "../../format/manifest.ts";
import { shellWord } from "../text/shell_word.ts";
import { MISSING_HINT } from "./path_error.ts";

/** Recorders and collections of recordings nest no deeper; even a home directory is scanned fast. */
const MAX_DEPTH = 3;

/** The hint for a path that cannot be opened because of `error`; `undefined` where there is none. */
export function pathHint(path: string, error: unknown): string | undefined {
  const isManifestError = error instanceof BundleFormatError &&
    error.file === MANIFEST_FILE;
  if (!isManifestError) return undefined;
  const folder = listingOf(path);
  switch (folder.type()) {
    case "missing":
      return MISSING_HINT;
    case "folder":
      return folder.has(MANIFEST_FILE) ? undefined : belowHint(path);
    default:
      return undefined;
  }
}

function belowHint(path: string): string | undefined {
  const below = bundleFolders(path, undefined, MAX_DEPTH);
  const [one, another] = [below.next().value, below.next().value];
  if (typeof one !== "string") return undefined;
  return typeof another === "string"
    ? `there are bundles below it: rollout-trace list ${shellWord(path)}`
    : `did you mean ${shellWord(one)}?`;
}
