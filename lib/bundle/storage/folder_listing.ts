/**
 * Lists the folder of a bundle: names, types, sizes. No file is opened, and no symbolic link is
 * followed.
 *
 * @module
 */

import { sortUtf8 } from "../../format/json/utf8_order.ts";
import { MANIFEST_FILE, PAYLOADS_DIR } from "../../format/manifest.ts";
import {
  type BundleFiles,
  type EntryInfo,
  type EntryType,
  OpenError,
} from "./bundle_files.ts";

/** A file or link below a folder. */
export interface FolderEntry extends EntryInfo {
  /** Path relative to the bundle, with `/` as separator. */
  readonly path: string;
}

/** Receives a folder or a name that cannot be read, and the reason. */
export type UnreadSink = (path: string, reason: string) => void;

/** Maximum depth of the listed folders; a recorder creates one level. */
const MAX_LISTED_DEPTH = 8;

/** The folder of one bundle, to be listed. */
export class FolderListing {
  readonly #files: BundleFiles;

  /** Reads nothing until it is used. */
  constructor(files: BundleFiles) {
    this.#files = files;
  }

  /** Returns the type of the bundle itself; a link to a folder counts as a folder. */
  type(): EntryType {
    return ignoringDenial(() => this.#files.type()) ?? "missing";
  }

  /** Returns whether there is an entry of that name. */
  has(name: string): boolean {
    return this.#entryAt(name).type !== "missing";
  }

  /** Returns whether the system denies access to the entries of the folder. */
  isDenied(): boolean {
    return ignoringDenial(() => this.#files.entryAt(MANIFEST_FILE)) ===
      undefined;
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
      const info = this.#entryAt(path);
      if (info.type === "missing" && name.includes("\ufffd")) {
        onUnread(path, NOT_UTF8);
      }
      yield { path, ...info };
    }
  }

  #entryAt(path: string): EntryInfo {
    return ignoringDenial(() => this.#files.entryAt(path)) ??
      { type: "missing", size: 0 };
  }

  #namesIn(folder: string, onUnread: UnreadSink): string[] {
    try {
      return sortUtf8([...this.#files.namesIn(folder)]);
    } catch (error) {
      if (!(error instanceof OpenError)) throw error;
      const isDenied = error.fault === "denied";
      onUnread(folder, isDenied ? "permission denied" : "cannot be listed");
      return [];
    }
  }
}

/** Why Deno does not open a name; it replaces the bytes that are not UTF-8. */
export const NOT_UTF8 =
  "the name is not UTF-8, which Deno cannot open: rename it, or name a link to it";

/** Returns `undefined` if the system denies access to an entry. */
function ignoringDenial<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!(error instanceof OpenError)) throw error;
    return undefined;
  }
}
