/**
 * Opens files that surely lie inside a bundle and surely are files.
 *
 * A bundle may come from anybody, and somebody may change it while it is read. A file is looked
 * at before it is opened, so that a pipe or a device, which could block for ever, is not opened
 * at all; and the file that was opened must be the one that was looked at, so that a link put in
 * its place meanwhile leads nowhere.
 *
 * @module
 */

import { BundleFormatError } from "../errors.ts";

/** Why a file of a bundle is not opened. */
export type Refusal = "outside" | "not a file" | "changed" | "broken link";

/** A file is not opened, although it may be there. */
export class RefusedFileError extends Error {
  override readonly name = "RefusedFileError";
  /** Why. */
  readonly refusal: Refusal;

  /** Says why, in words that follow the name of the file. */
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(WORDS[refusal], options);
    this.refusal = refusal;
  }
}

const WORDS: Readonly<Record<Refusal, string>> = {
  "outside": "is refused: a symbolic link leads out of the bundle",
  "not a file": "is refused: it is no regular file",
  "changed": "is refused: it was replaced while it was read",
  "broken link": "cannot be read: a broken link",
};

/** An open file of a bundle. */
export interface BundleFile extends Disposable {
  /** The file, open at its start. The caller closes it. */
  readonly file: Deno.FsFile;
  /** How many bytes it has, `undefined` where that was not asked. */
  readonly size: number | undefined;
}

/** The folder of a bundle, as a border that no look-up crosses. */
export class BundleDirectory {
  /** The folder, as the user named it. */
  readonly path: string;
  #realPath: string | undefined;
  #asksPath = false;

  /** Takes the bundle's folder, which may itself be a symbolic link. */
  constructor(path: string) {
    this.path = path;
  }

  /**
   * Opens a regular file.
   *
   * @param path Path of the file, below the folder.
   * @throws {RefusedFileError} If it is no regular file, or lies elsewhere.
   * @throws What the system says if it cannot be opened.
   */
  open(path: string): BundleFile {
    const seen = this.look(path);
    if (!seen.isFile) throw new RefusedFileError("not a file");
    const file = Deno.openSync(path);
    try {
      const opened = this.#opened(file, path);
      if (!opened.isFile || !isSame(seen, opened)) {
        throw new RefusedFileError("changed");
      }
      return { file, size: opened.size, [Symbol.dispose]: () => file.close() };
    } catch (error) {
      file.close();
      throw error;
    }
  }

  /**
   * Opens a file that a list of its folder told to be a regular one. The caller makes sure
   * afterwards that it was that one.
   *
   * @throws What the system says if it cannot be opened.
   */
  openListed(path: string): BundleFile {
    const file = Deno.openSync(path);
    return { file, size: undefined, [Symbol.dispose]: () => file.close() };
  }

  /**
   * What stands at a path; a symbolic link is followed as long as it stays inside.
   *
   * @throws {RefusedFileError} If it leads out of the bundle, or nowhere.
   */
  look(path: string): Deno.FileInfo {
    const info = Deno.lstatSync(path);
    return info.isSymlink ? Deno.lstatSync(this.#targetOf(path)) : info;
  }

  /**
   * The file that was opened. To ask it takes permission to read the folder by its real name;
   * where that is missing, the path is looked at once more instead.
   */
  #opened(file: Deno.FsFile, path: string): Deno.FileInfo {
    if (!this.#asksPath) {
      try {
        return file.statSync();
      } catch (error) {
        if (!(error instanceof Deno.errors.NotCapable)) throw error;
        this.#asksPath = true;
      }
    }
    return this.look(path);
  }

  #targetOf(path: string): string {
    const root = this.#realPath ??= Deno.realPathSync(this.path);
    let target: string;
    try {
      target = Deno.realPathSync(path);
    } catch (cause) {
      throw new RefusedFileError("broken link", { cause });
    }
    if (target === root || target.startsWith(withSeparator(root))) {
      return target;
    }
    throw new RefusedFileError("outside");
  }
}

/** Whether both are about the same file, as far as the system tells files apart. */
export function isSame(a: Deno.FileInfo, b: Deno.FileInfo): boolean {
  return a.ino === b.ino && a.dev === b.dev;
}

function withSeparator(folder: string): string {
  if (/[/\\]$/.test(folder)) return folder;
  return folder.includes("\\") ? `${folder}\\` : `${folder}/`;
}

/**
 * Opens a file of a bundle for reading.
 *
 * @throws {BundleFormatError} If it is missing, cannot be read, is no regular file, or lies
 * outside the bundle.
 * @throws {Deno.errors.NotCapable} If the permission to read it is missing.
 */
export function openBundleFile(
  folder: BundleDirectory,
  file: string,
): BundleFile {
  try {
    return folder.open(`${folder.path}/${file}`);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw new BundleFormatError(reasonOf(cause, folder), { file }, { cause });
  }
}

function reasonOf(cause: unknown, { path }: BundleDirectory): string {
  if (cause instanceof RefusedFileError) return cause.message;
  if (!(cause instanceof Deno.errors.NotFound)) return "cannot be read";
  return exists(path)
    ? "does not exist, so the folder is no trace bundle"
    : "cannot be found: the folder does not exist";
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
