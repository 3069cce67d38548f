/**
 * A folder that nobody has changed for a while: then its files need not be looked at one by one
 * before and after they are opened.
 *
 * Whoever puts a link in the place of a file changes the folder, and the system notes when. So
 * one look at the folder before and one after all reading tell whether the files that were
 * opened are the ones that were listed. A folder that was changed just now is not stable: a
 * second change could bear the same time.
 *
 * @module
 */

/** How long a folder must have been left alone, in milliseconds; clocks are coarse. */
const MIN_UNCHANGED_MS = 2000;

/** The regular files of a stable folder, and those of them that were opened. */
export class StableDirectory {
  readonly #path: string;
  readonly #changedAt: number;
  readonly #listedAt: number;
  readonly #files: Set<string> = new Set();
  /** In the order in which they were opened; one that was opened twice stands twice. */
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
   * Lists a folder, `undefined` when it is not stable or cannot be listed.
   *
   * @param info What a look at the folder told just now.
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

  /** Whether a name is that of a regular file; it counts as opened then. */
  opens(name: string): boolean {
    if (!this.#files.has(name)) return false;
    this.#opened.push(name);
    return true;
  }

  /**
   * The name of a file that may have been another when it was opened, `undefined` when all are
   * the ones that were listed.
   *
   * @param info What a look at the folder told after all reading; nothing when it is gone.
   */
  changedFile(info: Deno.FileInfo | undefined): string | undefined {
    if (info?.ctime?.getTime() === this.#changedAt) return undefined;
    // A recorder may have added files; those that were opened must be as old as the list.
    const latest = this.#listedAt - MIN_UNCHANGED_MS;
    for (const name of new Set(this.#opened)) {
      const file = lookAt(`${this.#path}/${name}`);
      const changedAt = file?.ctime?.getTime() ?? Infinity;
      if (file?.isFile !== true || changedAt > latest) return name;
    }
    return undefined;
  }
}

function lookAt(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.lstatSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
