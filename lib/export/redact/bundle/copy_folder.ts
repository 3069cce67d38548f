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
import type { CopyTarget, CopyWriter } from "./copy_target.ts";

const FOLDER_MODE = 0o700;

/** Writes the files of a copy. */
export class CopyFolder implements CopyTarget, Disposable {
  /** Where it will be. */
  readonly path: string;
  /** Where it is until then. */
  readonly temporary: string;
  readonly #budget: OutputBudget;
  readonly #interruption = new Interruption();
  /** Its lock is that of the temporary folder, too. */
  readonly #lock: TemporaryFile;
  readonly #made = new Set([""]);
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
    const at = path.lastIndexOf("/");
    const folder = path.slice(0, Math.max(0, at));
    return onDisk(this.path, () => {
      if (!this.#made.has(folder)) {
        Deno.mkdirSync(`${this.temporary}/${folder}`, {
          recursive: true,
          mode: FOLDER_MODE,
        });
        this.#made.add(folder);
      }
      const file = Deno.openSync(`${this.temporary}/${path}`, {
        write: true,
        createNew: true,
        mode: PRIVATE_MODE,
      });
      return new CopyFile(file, this.path, this.#budget);
    });
  }

  /**
   * {@inheritDoc CopyTarget.write} It is not synchronized with the disk, which would take longer
   * than all else for a bundle with a file for each payload.
   */
  write(path: string, bytes: Uint8Array): void {
    this.create(path).write(bytes);
  }

  /**
   * Lets signals arrive.
   *
   * @throws {InterruptedError} If one asks the program to end.
   */
  async pause(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve));
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
  [Symbol.dispose](): void {
    this.#interruption[Symbol.dispose]();
    if (!this.#isDone) {
      ignoringErrors(() =>
        Deno.removeSync(this.temporary, { recursive: true })
      );
    }
    this.#lock.discard();
  }
}

/** An open file of a copy. */
export class CopyFile implements CopyWriter {
  readonly #file: Deno.FsFile;
  readonly #output: string;
  readonly #budget: OutputBudget;

  /** Writes to `file`; errors name `output`. */
  constructor(file: Deno.FsFile, output: string, budget: OutputBudget) {
    this.#file = file;
    this.#output = output;
    this.#budget = budget;
  }

  /** Appends bytes. */
  append(bytes: Uint8Array): void {
    this.#budget.spend(bytes.length);
    onDisk(this.#output, () => {
      for (let at = 0; at < bytes.length;) {
        at += this.#file.writeSync(bytes.subarray(at));
      }
    });
  }

  /** Appends all bytes, and closes the file. */
  write(bytes: Uint8Array): void {
    try {
      this.append(bytes);
    } finally {
      this.#file.close();
    }
  }

  /** Waits until the disk has the content, and closes the file. */
  [Symbol.dispose](): void {
    try {
      this.#file.syncSync();
    } catch (error) {
      throw diskError(this.#output, error);
    } finally {
      this.#file.close();
    }
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
