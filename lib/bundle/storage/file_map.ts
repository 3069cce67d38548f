/**
 * The files of a bundle that was unpacked or selected: contents by path, without a folder of the disk.
 *
 * @module
 */

import type { ByteSource } from "../byte_buffer.ts";
import {
  type BundleFile,
  type BundleFiles,
  type EntryInfo,
  type EntryType,
  type FilePlace,
  OpenError,
} from "./bundle_files.ts";

export interface FileContent {
  /** Its size in bytes. */
  readonly size: number;
  /** Opens it for reading from its start. */
  open(): ByteSource;
}

/** A folder: its entries by name. */
type Folder = Map<string, Folder | FileContent>;

/** Files by their paths. There are no links, so that no path leads outside. */
export class FileMap implements BundleFiles {
  readonly path: string;
  /** {@inheritDoc BundleFiles.isWindows} The same everywhere: paths have `/` as separator. */
  readonly isWindows = false;
  readonly #root: Folder = new Map();

  /**
   * Takes files, each with its path below the bundle.
   *
   * @param path The name of the bundle.
   * @throws {OpenError} If a path is that of another file, or leads through one.
   */
  constructor(
    path: string,
    files: Iterable<readonly [path: string, content: FileContent]>,
  ) {
    this.path = path;
    for (const [each, content] of files) this.#add(each.split("/"), content);
  }

  #add(names: string[], content: FileContent): void {
    const last = names.pop() ?? "";
    let folder = this.#root;
    for (const name of names) {
      const next = folder.get(name) ?? new Map();
      if (!(next instanceof Map)) throw new OpenError("not a file");
      folder.set(name, next);
      folder = next;
    }
    if (folder.has(last)) throw new OpenError("changed");
    folder.set(last, content);
  }

  /** {@inheritDoc BundleFiles.foldersOf} */
  foldersOf(names: readonly string[]): readonly string[] {
    if (this.#find(names) === undefined) throw new OpenError("missing");
    return names;
  }

  /** {@inheritDoc BundleFiles.open} */
  open({ folders, name }: FilePlace): BundleFile {
    const content = this.#find([...folders, name]);
    if (content === undefined) throw new OpenError("missing");
    if (content instanceof Map) throw new OpenError("not a file");
    const { size } = content;
    return {
      source: content.open(),
      size,
      sizeNow: () => size,
      [Symbol.dispose]: () => {},
    };
  }

  /** {@inheritDoc BundleFiles.checkFolders} Nothing can replace them. */
  checkFolders(): void {}

  /** {@inheritDoc BundleFiles.type} */
  type(): EntryType {
    return "folder";
  }

  /** {@inheritDoc BundleFiles.entryAt} */
  entryAt(path: string): EntryInfo {
    const entry = this.#find(namesOf(path));
    if (entry === undefined) return { type: "missing", size: 0 };
    return entry instanceof Map
      ? { type: "folder", size: 0 }
      : { type: "file", size: entry.size };
  }

  /** {@inheritDoc BundleFiles.namesIn} */
  namesIn(folder: string): readonly string[] {
    const entry = this.#find(namesOf(folder));
    if (!(entry instanceof Map)) throw new OpenError("unreadable");
    return [...entry.keys()];
  }

  /** What is at a path; a file has nothing below it. */
  #find(names: readonly string[]): Folder | FileContent | undefined {
    let at: Folder | FileContent | undefined = this.#root;
    for (const name of names) {
      if (at === undefined) return undefined;
      if (!(at instanceof Map)) throw new OpenError("unreadable");
      at = at.get(name);
    }
    return at;
  }
}

function namesOf(path: string): string[] {
  return path === "" ? [] : path.split("/");
}
