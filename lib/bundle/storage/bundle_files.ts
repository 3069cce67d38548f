/**
 * Read access to the files of one bundle, wherever they are stored: in a folder, in an archive, in
 * memory. All reading of bundles goes through it, so that it works the same in every runtime.
 *
 * @module
 */

import type { ByteSource } from "../byte_buffer.ts";

/** Why a file of a bundle is not opened. */
export type OpenFault =
  | "outside"
  | "not a file"
  | "changed"
  | "broken link"
  | "missing"
  | "denied"
  | "unreadable";

/** A file of a bundle is not opened. */
export class OpenError extends Error {
  override readonly name = "OpenError";
  /** The reason. */
  readonly fault: OpenFault;

  /** The message follows the name of the file. */
  constructor(fault: OpenFault, options?: ErrorOptions) {
    super(WORDS[fault], options);
    this.fault = fault;
  }
}

const WORDS: Readonly<Record<OpenFault, string>> = {
  "outside": "is refused: a symbolic link leads out of the bundle",
  "not a file": "is refused: it is no regular file",
  "changed": "is refused: it was replaced while it was read",
  "broken link": "cannot be read: a broken link",
  "missing": "does not exist",
  "denied": "cannot be read: permission denied",
  "unreadable": "cannot be read",
};

/** An open file of a bundle. The caller disposes it. */
export interface BundleFile extends Disposable {
  /** Its bytes, from its start. */
  readonly source: ByteSource;
  /** Its size in bytes when it was opened. */
  readonly size: number;
  /** Returns its size now: a recorder may still write to it. */
  sizeNow(): number;
}

/** Where a file of a bundle is. */
export interface FilePlace {
  /** The folders on the way to it, as {@linkcode BundleFiles.foldersOf} returns them. */
  readonly folders: readonly string[];
  /** Its name in the last one. */
  readonly name: string;
}

/** The type of the entry at a path. */
export type EntryType = "file" | "folder" | "link" | "other" | "missing";

/** What is at a path. */
export interface EntryInfo {
  /** What it is; links are not followed. */
  readonly type: EntryType;
  /** Bytes of a regular file, else 0. */
  readonly size: number;
}

/** Read access to the files of one bundle. Nothing outside of the bundle can be opened with it. */
export interface BundleFiles {
  /** The bundle, as the user named it. */
  readonly path: string;
  /** Whether paths are looked up as on Windows, where `\` separates names. */
  readonly isWindows: boolean;
  /**
   * Returns folders of the bundle, its own first, for {@linkcode open}.
   *
   * @param names Names of the folders, from the outermost; none for the bundle's own.
   * @throws {OpenError} If there is no such folder, or it may not be opened.
   */
  foldersOf(names: readonly string[]): readonly string[];
  /**
   * Opens a regular file.
   *
   * @throws {OpenError} If it is missing, cannot be read, is not a regular file, or is outside the
   * bundle.
   * @throws {BundleFormatError} If a folder was replaced, or is changed all the time.
   */
  open(place: FilePlace): BundleFile;
  /**
   * Checks that the folders that files were opened in are still the same.
   *
   * @throws {BundleFormatError} If one was replaced or removed.
   */
  checkFolders(): void;
  /** Returns the type of the bundle itself; a link to a folder counts as a folder. */
  type(): EntryType;
  /**
   * Returns what is at a path below the bundle, with `/` as separator.
   *
   * @throws {OpenError} If access is denied.
   */
  entryAt(path: string): EntryInfo;
  /**
   * Returns the names in a folder, in any order; "" is the bundle itself.
   *
   * @throws {OpenError} If it cannot be listed.
   */
  namesIn(folder: string): readonly string[];
}
