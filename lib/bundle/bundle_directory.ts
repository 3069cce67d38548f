/**
 * Opens files of a bundle: only regular files, and only inside the bundle.
 *
 * A bundle is untrusted input, and other processes may change it while it is read. A file is checked
 * before it is opened, so that a pipe or a device, which could block forever, is never opened. The
 * opened file must be the checked one, so that a link that replaces it meanwhile has no effect.
 *
 * @module
 */

import { BundleFormatError } from "../errors.ts";

/** Why a file of a bundle is not opened. */
export type Refusal = "outside" | "not a file" | "changed" | "broken link";

/** A file that exists is not opened. */
export class RefusedFileError extends Error {
  override readonly name = "RefusedFileError";
  /** The reason. */
  readonly refusal: Refusal;

  /** The message follows the name of the file. */
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
  /** Its size in bytes, `undefined` if it is unknown. */
  readonly size: number | undefined;
}

/** The folder of a bundle. No path of it leads outside. */
export class BundleDirectory {
  /** The folder, as the user spelled it. */
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
   * @throws {RefusedFileError} If it is not a regular file, or is outside the bundle.
   * @throws The system's error if it cannot be opened.
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
   * Opens a regular file of a listed folder. The caller checks afterwards that the file was not
   * replaced.
   *
   * @throws The system's error if it cannot be opened.
   */
  openListed(path: string): BundleFile {
    const file = Deno.openSync(path);
    return { file, size: undefined, [Symbol.dispose]: () => file.close() };
  }

  /**
   * Returns information about a path. A symbolic link is followed inside the bundle only.
   *
   * @throws {RefusedFileError} If a link leads out of the bundle, or is broken.
   */
  look(path: string): Deno.FileInfo {
    const info = Deno.lstatSync(path);
    return info.isSymlink ? Deno.lstatSync(this.#targetOf(path)) : info;
  }

  /**
   * Returns information about the opened file. This needs permission to read the folder by its real
   * path; without it, the path is checked again instead.
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

/** Returns whether both describe the same file, by device and inode. */
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
 * @throws {BundleFormatError} If it is missing, cannot be read, is not a regular file, or is outside
 * the bundle.
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
    throw new BundleFormatError(reasonOf(cause, folder, file), { file }, {
      cause,
    });
  }
}

function reasonOf(
  cause: unknown,
  { path }: BundleDirectory,
  file: string,
): string {
  if (cause instanceof RefusedFileError) return cause.message;
  if (cause instanceof Deno.errors.PermissionDenied) {
    return "cannot be read: permission denied";
  }
  if (!(cause instanceof Deno.errors.NotFound)) return "cannot be read";
  if (!exists(path)) return "cannot be found: the folder does not exist";
  const packed = PACKED_SUFFIXES.map((suffix) => file + suffix)
    .find((name) => isThere(`${path}/${name}`));
  return packed === undefined
    ? "does not exist, so the folder is no trace bundle"
    : `does not exist, but ${packed} does: unpack it first`;
}

/** Of files that were compressed to save space. */
const PACKED_SUFFIXES = [".gz", ".zst", ".xz", ".bz2"] as const;

function isThere(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch {
    return false;
  }
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
