/**
 * The folder of a copy: written beside its place under a temporary name, and renamed when it is
 * complete. Nothing of it stays behind when anything fails.
 *
 * @module
 */

import { withoutSeparators } from "../../../bundle/storage/disk_path.ts";
import { Interruption } from "../../../bundle/output/interruption.ts";
import { OutputBudget } from "../../../bundle/output/output_budget.ts";
import {
  diskError,
  onDisk,
  OutputError,
} from "../../../bundle/output/output_error.ts";
import {
  ignoringErrors,
  PRIVATE_MODE,
  TemporaryFile,
  temporaryFolder,
} from "../../../bundle/output/temporary_file.ts";
import type { Limits } from "../../../bundle/limits.ts";
import { withoutDots } from "./bundle_documents.ts";
import type { CopyTarget, CopyWriter } from "./copy_target.ts";

const FOLDER_MODE = 0o700;
const NEW_FILE = { write: true, createNew: true, mode: PRIVATE_MODE } as const;

/** Writes the files of a copy. */
export class CopyFolder implements CopyTarget, AsyncDisposable {
  /** Where it will be. */
  readonly path: string;
  /** Where it is until then. */
  readonly temporary: string;
  readonly #budget: OutputBudget;
  readonly #interruption = new Interruption();
  /** Its lock is that of the temporary folder, too. */
  readonly #lock: TemporaryFile;
  readonly #made = new Set([""]);
  /** Files that other threads write. */
  #writes: Promise<void>[] = [];
  /** Their bytes: one piece of memory for all, which is used again. */
  #writing: Uint8Array | undefined;
  #used = 0;
  #isDone = false;

  /**
   * Makes the temporary folder.
   *
   * @throws {OutputError} If there is something at the path, or the disk does not allow it.
   */
  constructor(path: string, limits: Partial<Limits> = {}) {
    this.path = withoutSeparators(path);
    this.#budget = new OutputBudget(path, limits);
    let lock: TemporaryFile | undefined;
    try {
      requireNothingAt(this.path);
      this.#lock = lock = lockBeside(this.path);
      this.temporary = temporaryFolder(lock.path);
      onDisk(
        path,
        () => Deno.mkdirSync(this.temporary, { mode: FOLDER_MODE }),
      );
    } catch (error) {
      this.#interruption[Symbol.dispose]();
      lock?.discard();
      throw error;
    }
  }

  /** {@inheritDoc CopyTarget.create} */
  create(path: string): CopyFile {
    return onDisk(this.path, () => {
      const file = Deno.openSync(this.#placeOf(path), NEW_FILE);
      return new CopyFile(file, this.path, this.#budget);
    });
  }

  /**
   * {@inheritDoc CopyTarget.write} Another thread writes it, as far as there is room for its bytes;
   * its errors are thrown by {@linkcode settle}. It is not synchronized with the disk, which would
   * take longer than all else for a bundle with a file for each payload.
   */
  write(path: string, bytes: Uint8Array): void {
    this.#budget.spend(bytes.length);
    const place = onDisk(this.path, () => this.#placeOf(path));
    const kept = this.#kept(bytes);
    if (kept === undefined) {
      onDisk(this.path, () => Deno.writeFileSync(place, bytes, NEW_FILE));
      return;
    }
    const written = Deno.writeFile(place, kept, NEW_FILE);
    // Until it is thrown, an error is no unhandled one.
    written.catch(() => {});
    this.#writes.push(written);
  }

  /** The bytes until they are written; `undefined` where there is no room for them. */
  #kept(bytes: Uint8Array): Uint8Array | undefined {
    const start = this.#used;
    if (bytes.length > MAX_WRITING - start) return undefined;
    this.#used += bytes.length;
    this.#writing ??= new Uint8Array(MAX_WRITING);
    this.#writing.set(bytes, start);
    return this.#writing.subarray(start, this.#used);
  }

  /** Where a file is until the copy has its place; its folder is made. */
  #placeOf(name: string): string {
    const path = withoutDots(name);
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    if (!this.#made.has(folder)) {
      Deno.mkdirSync(`${this.temporary}/${folder}`, {
        recursive: true,
        mode: FOLDER_MODE,
      });
      this.#made.add(folder);
    }
    return `${this.temporary}/${path}`;
  }

  /**
   * Waits until all files are written.
   *
   * @throws {OutputError} If the disk does not allow one.
   */
  async settle(): Promise<void> {
    const writes = this.#writes;
    this.#writes = [];
    // All of them end before an error is thrown: then the folder can be removed.
    const results = await Promise.allSettled(writes);
    this.#used = 0;
    for (const result of results) {
      if (result.status === "rejected") {
        throw diskError(this.path, result.reason);
      }
    }
  }

  /**
   * The same, and lets signals arrive.
   *
   * @throws {OutputError} If the disk does not allow a file.
   * @throws {InterruptedError} If a signal asks the program to end.
   */
  async pause(): Promise<void> {
    // To wait for another thread lets signals arrive as well, and takes less time than a timer.
    if (this.#writes.length > 0) await this.settle();
    else await new Promise((resolve) => setTimeout(resolve));
    this.#interruption.check();
  }

  /**
   * Renames the copy to its path.
   *
   * @throws {OutputError} If there is something now, or the disk does not allow it.
   */
  finish(): void {
    requireNothingAt(this.path);
    onDisk(this.path, () => Deno.renameSync(this.temporary, this.path));
    this.#isDone = true;
  }

  /** Removes what is not finished. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.#writes);
    this.#interruption[Symbol.dispose]();
    if (!this.#isDone) {
      ignoringErrors(() =>
        Deno.removeSync(this.temporary, { recursive: true })
      );
    }
    this.#lock.discard();
  }
}

/** Bytes of all files that other threads write at the same time. */
const MAX_WRITING = 2 * 1024 * 1024;
/** Bytes that are written at once: lines are short. */
const CHUNK = 64 * 1024;

/** An open file of a copy. */
export class CopyFile implements CopyWriter {
  readonly #file: Deno.FsFile;
  readonly #output: string;
  readonly #budget: OutputBudget;
  readonly #chunk = new Uint8Array(CHUNK);
  #used = 0;

  /** Writes to `file`; errors name `output`. */
  constructor(file: Deno.FsFile, output: string, budget: OutputBudget) {
    this.#file = file;
    this.#output = output;
    this.#budget = budget;
  }

  /** {@inheritDoc CopyWriter.append} */
  append(bytes: Uint8Array): void {
    this.#budget.spend(bytes.length);
    if (this.#used + bytes.length > CHUNK) this.#flush();
    if (bytes.length > CHUNK) this.#write(bytes);
    else {
      this.#chunk.set(bytes, this.#used);
      this.#used += bytes.length;
    }
  }

  /** {@inheritDoc CopyWriter.finish} */
  finish(): void {
    this.#flush();
    onDisk(this.#output, () => this.#file.syncSync());
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file.close();
  }

  #flush(): void {
    this.#write(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }

  #write(bytes: Uint8Array): void {
    onDisk(this.#output, () => {
      for (let at = 0; at < bytes.length;) {
        at += this.#file.writeSync(bytes.subarray(at));
      }
    });
  }
}

function lockBeside(path: string): TemporaryFile {
  const file = onDisk(path, () => TemporaryFile.beside(path));
  if (file !== undefined) return file;
  throw new OutputError(path, "no folder may be made beside it");
}

function requireNothingAt(path: string): void {
  const info = onDisk(path, () => {
    try {
      return Deno.lstatSync(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  });
  if (info === undefined) return;
  throw new OutputError(path, "it exists already", {
    hint: "name a directory that does not exist",
  });
}
