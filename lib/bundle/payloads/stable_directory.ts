/**
 * A folder that has not changed for a while. Its files need not be checked one by one before and
 * after they are opened.
 *
 * Replacing a file by a link changes the modification time of the folder. It is therefore sufficient
 * to check the folder before and after reading to know that the opened files are the listed ones. A
 * folder that was changed just now is not stable: a second change could have the same time.
 *
 * @module
 */

/** Milliseconds that a folder must be unchanged; clocks are coarse. */
const MIN_UNCHANGED_MS = 2000;

/** The regular files of a stable folder, and those of them that were opened. */
export class StableDirectory {
  readonly #path: string;
  readonly #changedAt: number;
  readonly #listedAt: number;
  readonly #files: Set<string> = new Set();
  /** In the order of opening; a file that was opened twice is in it twice. */
  readonly #opened: string[] = [];

  private constructor(path: string, changedAt: number, listedAt: number) {
    this.#path = path;
    this.#changedAt = changedAt;
    this.#listedAt = listedAt;
    for (const { name, isFile } of Deno.readDirSync(path)) {
      if (isFile) this.#files.add(name);
    }
  }

  /**
   * Returns the listed folder, `undefined` when it is not stable or cannot be listed.
   *
   * @param info Current information about the folder.
   */
  static list(path: string, info: Deno.FileInfo): StableDirectory | undefined {
    const now = Date.now();
    const changedAt = info.ctime?.getTime();
    if (changedAt === undefined || now - changedAt < MIN_UNCHANGED_MS) {
      return undefined;
    }
    try {
      return new StableDirectory(path, changedAt, now);
    } catch {
      return undefined;
    }
  }

  /** Returns whether a name is that of a regular file, which then counts as opened. */
  opens(name: string): boolean {
    if (!this.#files.has(name)) return false;
    this.#opened.push(name);
    return true;
  }

  /**
   * Returns the name of an opened file that may not be the listed one, `undefined` if there is none.
   *
   * @param info Information about the folder after reading; `undefined` when it no longer exists.
   */
  changedFile(info: Deno.FileInfo | undefined): string | undefined {
    if (info?.ctime?.getTime() === this.#changedAt) return undefined;
    // A recorder may have added files; those that were opened must be as old as the list.
    const latest = this.#listedAt - MIN_UNCHANGED_MS;
    for (const name of new Set(this.#opened)) {
      const file = lstat(`${this.#path}/${name}`);
      const changedAt = file?.ctime?.getTime() ?? Infinity;
      if (file?.isFile !== true || changedAt > latest) return name;
    }
    return undefined;
  }
}

function lstat(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
