/**
 * The files whose words are checked.
 *
 * @module
 */

import { walkSync } from "@std/fs";
import { join, relative } from "@std/path";
import { PROJECT } from "../paths.ts";

/** Recorded files. */
const SKIPPED: readonly RegExp[] = [
  /^testdata\/[^/]+\//,
];

/** Folders of Git, of the package manager, and of what is built. */
const SKIPPED_FOLDERS = /[/\\](?:\.git|node_modules|dist)(?:$|[/\\])/;

/** Returns the files of a place, which is a file or a folder relative to the project, sorted. */
export function filesOf(place: string): string[] {
  const root = join(PROJECT, place);
  const paths = Deno.statSync(root).isFile
    ? [root]
    : [...walkSync(root, { includeDirs: false, skip: [SKIPPED_FOLDERS] })]
      .map((entry) => entry.path);
  return paths
    .map((path) => relative(PROJECT, path).replaceAll("\\", "/"))
    .filter((path) => !SKIPPED.some((pattern) => pattern.test(path)))
    .sort();
}
