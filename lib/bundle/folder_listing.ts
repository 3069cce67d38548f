/**
 * Lists the folder of a bundle: names, types, sizes. No file is opened, and no symbolic link is
 * followed.
 *
 * @module
 */

import { sortUtf8 } from "../format/json/utf8_order.ts";
import { MANIFEST_FILE, PAYLOADS_DIR } from "../format/manifest.ts";

/** The type of the entry at a path. */
export type EntryType = "file" | "folder" | "link" | "other" | "missing";

/** A file or link below a folder. */
export interface FolderEntry {
  /** Path relative to the bundle, with `/` as separator. */
  readonly path: string;
  /** What it is; links are not followed. */
  readonly type: EntryType;
  /** Bytes of a regular file, else 0. */
  readonly size: number;
}

/** Receives a folder or a name that cannot be read, and the reason. */
export type UnreadSink = (path: string, reason: string) => void;

/** Maximum depth of the listed folders; a recorder creates one level. */
const MAX_LISTED_DEPTH = 8;

/** The folder of one bundle, to be listed. */
export class FolderListing {
  /** The folder, as the user spelled it. */
  readonly path: string;

  /** Reads nothing until it is used. */
  constructor(path: string) {
    this.path = path;
  }

  /** Returns the type of the bundle itself; a link to a folder counts as a folder. */
  type(): EntryType {
    return typeOf(ignoringErrors(() => Deno.statSync(this.path)));
  }

  /** Returns whether there is an entry of that name. */
  has(name: string): boolean {
    return ignoringErrors(() => Deno.lstatSync(`${this.path}/${name}`)) !==
      undefined;
  }

  /** Returns whether the system denies access to the entries of the folder. */
  isDenied(): boolean {
    try {
      Deno.lstatSync(`${this.path}/${MANIFEST_FILE}`);
      return false;
    } catch (error) {
      return error instanceof Deno.errors.PermissionDenied;
    }
  }

  /** Returns the direct entries of the bundle; none if it cannot be listed. */
  topEntries(onUnread: UnreadSink = () => {}): FolderEntry[] {
    return [...this.#entriesIn("", onUnread)];
  }

  /** Yields all entries below `payloads/`, without folders. */
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

  *#entriesIn(
    folder: string,
    onUnread: UnreadSink = () => {},
  ): Generator<FolderEntry, void> {
    const prefix = folder === "" ? "" : `${folder}/`;
    for (const name of this.#namesIn(folder, onUnread)) {
      const path = prefix + name;
      const info = ignoringErrors(() => Deno.lstatSync(`${this.path}/${path}`));
      if (info === undefined && name.includes("\ufffd")) {
        onUnread(path, NOT_UTF8);
      }
      const size = info?.isFile ? info.size : 0;
      yield { path, type: typeOf(info), size };
    }
  }

  #namesIn(folder: string, onUnread: UnreadSink): string[] {
    try {
      return sortUtf8(
        Array.from(
          Deno.readDirSync(`${this.path}/${folder}`),
          ({ name }) => name,
        ),
      );
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) throw error;
      const isDenied = error instanceof Deno.errors.PermissionDenied;
      onUnread(folder, isDenied ? "permission denied" : "cannot be listed");
      return [];
    }
  }
}

/** Why Deno does not open a name; it replaces the bytes that are not UTF-8. */
export const NOT_UTF8 =
  "the name is not UTF-8, which Deno cannot open: rename it, or name a link to it";

function typeOf(info: Deno.FileInfo | undefined): EntryType {
  if (info === undefined) return "missing";
  if (info.isFile) return "file";
  if (info.isDirectory) return "folder";
  return info.isSymlink ? "link" : "other";
}

/** Returns `undefined` if the entry cannot be read, but throws if a permission is missing. */
function ignoringErrors<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}

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
  const folder = new FolderListing(root);
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
  return new FolderListing(path).type() === "folder";
}
