/**
 * What lies in the folder of a bundle, looked at from outside: names, types, sizes. Nothing is
 * opened, and no symbolic link is followed to look further.
 *
 * @module
 */

import { sortUtf8 } from "../format/json/utf8_order.ts";
import { MANIFEST_FILE, PAYLOADS_DIR } from "../format/manifest.ts";

/** What stands at a path. */
export type EntryType = "file" | "folder" | "link" | "other" | "missing";

/** A file or link below a folder. */
export interface FolderEntry {
  /** Path relative to the bundle, with `/` between. */
  readonly path: string;
  /** What it is; links are not followed. */
  readonly type: EntryType;
  /** Bytes of a regular file, else 0. */
  readonly size: number;
}

/** Folders inside one another that are listed; a recorder makes one. */
const MAX_LISTED_DEPTH = 8;

/** The folder of one bundle, to be listed. */
export class FolderListing {
  /** The folder, as the user spelled it. */
  readonly path: string;

  /** Looks at nothing yet. */
  constructor(path: string) {
    this.path = path;
  }

  /** What the bundle itself is; a link to a folder counts as one. */
  type(): EntryType {
    return typeOf(ignoringErrors(() => Deno.statSync(this.path)));
  }

  /** Whether there is an entry of that name. */
  has(name: string): boolean {
    return ignoringErrors(() => Deno.lstatSync(`${this.path}/${name}`)) !==
      undefined;
  }

  /** Entries of the bundle's own folder; none where it cannot be listed. */
  topEntries(): FolderEntry[] {
    return [...this.#entriesIn("")];
  }

  /** Everything but folders below `payloads/`. */
  *payloadEntries(): Generator<FolderEntry, void> {
    const folders = [{ name: PAYLOADS_DIR, depth: 1 }];
    for (let at = folders.pop(); at !== undefined; at = folders.pop()) {
      for (const entry of this.#entriesIn(at.name)) {
        if (entry.type !== "folder") yield entry;
        else if (at.depth < MAX_LISTED_DEPTH) {
          folders.push({ name: entry.path, depth: at.depth + 1 });
        }
      }
    }
  }

  *#entriesIn(folder: string): Generator<FolderEntry, void> {
    const prefix = folder === "" ? "" : `${folder}/`;
    const names = ignoringErrors(() =>
      sortUtf8(
        Array.from(
          Deno.readDirSync(`${this.path}/${folder}`),
          ({ name }) => name,
        ),
      )
    );
    for (const name of names ?? []) {
      const path = prefix + name;
      const info = ignoringErrors(() => Deno.lstatSync(`${this.path}/${path}`));
      const size = info?.isFile ? info.size : 0;
      yield { path, type: typeOf(info), size };
    }
  }
}

function typeOf(info: Deno.FileInfo | undefined): EntryType {
  if (info === undefined) return "missing";
  if (info.isFile) return "file";
  if (info.isDirectory) return "folder";
  return info.isSymlink ? "link" : "other";
}

/** What cannot be looked at is told as missing; a permission that was not given is the user's. */
function ignoringErrors<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}

/** Folders inside one another that are looked into; a recorder makes one. */
const MAX_SEARCH_DEPTH = 5;

/**
 * The folders at or below `root` that hold a manifest, in the order of their paths. A bundle is
 * not looked into, and no symbolic link is followed.
 */
export function* bundleFolders(
  root: string,
  depth: number = MAX_SEARCH_DEPTH,
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
