/**
 * Waits for a change of a folder: the system reports it where it may be watched, else time passes.
 *
 * @module
 */

/** Milliseconds from the first report of a change on, in which more are taken as the same. */
const GATHER_MS = 20;

/** A watched folder, without those below it. */
export class FolderWatch implements Disposable {
  readonly #watcher: Deno.FsWatcher | undefined;
  /** The next report. */
  #report: Promise<unknown> | undefined;

  /** Watches a folder, if that is permitted and possible. */
  constructor(folder: string) {
    this.#watcher = watcherOf(folder);
  }

  /** Waits for a change, for at most so many milliseconds. */
  async change(ms: number): Promise<void> {
    if (this.#watcher === undefined) return await pause(ms);
    // What a removed folder or a closed watcher reports is left to the reader of the folder.
    this.#report ??= this.#watcher[Symbol.asyncIterator]().next()
      .catch(() => new Promise(() => {}));
    const { promise: timeout, resolve } = Promise.withResolvers<false>();
    const timer = setTimeout(resolve, ms, false);
    const isReported = await Promise.race([
      this.#report.then(() => true),
      timeout,
    ]);
    clearTimeout(timer);
    if (!isReported) return;
    this.#report = undefined;
    await pause(GATHER_MS);
  }

  /** Ends the watching. */
  [Symbol.dispose](): void {
    this.#watcher?.close();
  }
}

function watcherOf(folder: string): Deno.FsWatcher | undefined {
  try {
    return Deno.watchFs(folder, { recursive: false });
  } catch {
    // Not permitted, not known to the file system, or more than the system watches.
    return undefined;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
