/**
 * A temporary file beside an output, under a name of fixed length and with a lock.
 *
 * The lock is held as long as its process lives. So a file of that name without a lock is what a
 * killed process left behind, and the next one removes it, with the temporary folder of that name.
 *
 * @module
 */

import { pause } from "../pause.ts";
import { isGranted, isSame } from "../storage/file_info.ts";
import { folderOf } from "./output_place.ts";

/** Only the owner may read a trace. */
export const PRIVATE_MODE = 0o600;

/** Names of temporary files. The name of the output is not part of it: it may be as long as allowed. */
const NAME = /^\.rollout-trace-[0-9a-f]{8}\.tmp$/;
/** How often another process may remove the file before its lock is held. */
const MAX_ATTEMPTS = 3;
/** How long a free lock takes where it can only be waited for, in milliseconds. */
const MAX_LOCK_WAIT = 50;

/** A new file that no other process writes to. */
export class TemporaryFile {
  /** Where it is. */
  readonly path: string;
  /** The open file. */
  readonly file: Deno.FsFile;

  private constructor(path: string, file: Deno.FsFile) {
    this.path = path;
    this.file = file;
  }

  /**
   * Makes a file in the folder of `output`; `undefined` where none may be made, by permission of
   * Deno or of the system.
   *
   * @throws {Error} Any other error of the disk.
   */
  static beside(output: string): TemporaryFile | undefined {
    for (let attempt = 1;; attempt++) {
      const path = folderPrefix(output) +
        `.rollout-trace-${crypto.randomUUID().slice(0, 8)}.tmp`;
      // Renaming reads the old name as well.
      if (!isGranted("write", path) || !isGranted("read", path)) return;
      const file = openNew(path);
      if (file === undefined) return;
      tryLock(file);
      if (isAt(file, path) || attempt === MAX_ATTEMPTS) {
        return new TemporaryFile(path, file);
      }
      file.close();
    }
  }

  /** Renames the file to `output`, and closes it. */
  renameTo(output: string): void {
    // Windows does not rename an open file; elsewhere the lock is held until it has its name.
    if (Deno.build.os === "windows") this.file.close();
    const rename = () => Deno.renameSync(this.path, output);
    if (Deno.build.os === "windows") replaceInUse(rename);
    else rename();
    if (Deno.build.os !== "windows") this.file.close();
  }

  /** Closes and removes the file; errors are ignored, because another is thrown already. */
  discard(): void {
    ignoringErrors(() => this.file.close());
    ignoringErrors(() => Deno.removeSync(this.path));
  }
}

/** The temporary folder of the process that holds the lock of a temporary file. */
export function temporaryFolder(file: string): string {
  return `${file}.d`;
}

/** How often it is tried to replace a file that is in use. */
const MAX_REPLACES = 10;
/** Milliseconds between two tries. */
const REPLACE_WAIT = 30;

/**
 * Replaces a file that another program may have open, which Windows refuses: a scanner of viruses or
 * an editor closes it after a moment.
 *
 * @throws {Error} That the file is in use, if it still is; any other error of `replace`.
 */
export function replaceInUse(
  replace: () => void,
  wait: (ms: number) => void = pause,
): void {
  for (let attempt = 1;; attempt++) {
    try {
      return replace();
    } catch (error) {
      if (!isInUse(error)) throw error;
      if (attempt === MAX_REPLACES) {
        throw new Error("another program has it open, or it is read-only", {
          cause: error,
        });
      }
      wait(REPLACE_WAIT);
    }
  }
}

function isInUse(error: unknown): boolean {
  return error instanceof Deno.errors.PermissionDenied ||
    error instanceof Deno.errors.Busy ||
    (error instanceof Error && /\(os error (?:5|32|33)\)/.test(error.message));
}

/** Removes what killed processes left in the folder of `output`, where it may be listed. */
export async function removeLeftovers(output: string): Promise<void> {
  const folder = folderOf(output);
  if (!isGranted("read", folder) || !isGranted("write", folder)) return;
  for (const { name, isFile } of entriesOf(folder)) {
    if (isFile && NAME.test(name)) {
      await removeIfUnlocked(folderPrefix(output) + name);
    }
  }
}

function entriesOf(folder: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(folder)];
  } catch {
    // What is wrong with the folder is reported when the file is written.
    return [];
  }
}

async function removeIfUnlocked(path: string): Promise<void> {
  try {
    // Open for both, which does not block even if a pipe took its place.
    using file = Deno.openSync(path, { read: true, write: true });
    if (!await isUnlocked(file)) return;
    // Before its file, which is what a later run looks for.
    ignoringErrors(() =>
      Deno.removeSync(temporaryFolder(path), { recursive: true })
    );
    Deno.removeSync(path);
  } catch {
    // A file of another user, or another process removed it.
  }
}

/** What every supported Deno, and what only the newer ones have for a lock. */
interface LockableFile {
  lock(exclusive: boolean): Promise<void>;
  tryLockSync?(exclusive: boolean): boolean;
}

/** Whether the lock of a file is free; it is held from then on. */
async function isUnlocked(file: LockableFile): Promise<boolean> {
  // Deno before 2.7 can only wait for a lock.
  if (file.tryLockSync !== undefined) return file.tryLockSync(true);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLate = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), MAX_LOCK_WAIT);
  });
  const isLocked = waitForLock(file);
  try {
    return await Promise.race([isLocked, isLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function waitForLock(file: LockableFile): Promise<boolean> {
  await file.lock(true);
  return true;
}

function openNew(path: string): Deno.FsFile | undefined {
  try {
    return Deno.openSync(path, {
      write: true,
      createNew: true,
      mode: PRIVATE_MODE,
    });
  } catch (error) {
    const isClosed = error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotCapable;
    if (isClosed) return undefined;
    throw error;
  }
}

/** Locks a new file; a file system without locks has no leftovers removed either. */
function tryLock(file: Deno.FsFile): void {
  ignoringErrors(() => file.lockSync(true));
}

/** Whether the open file is still the one at the path. */
function isAt(file: Deno.FsFile, path: string): boolean {
  try {
    return isSame(Deno.lstatSync(path), file.statSync());
  } catch {
    return false;
  }
}

function folderPrefix(output: string): string {
  const folder = folderOf(output);
  return folder === "." ? "" : folder;
}

/** Runs a step and ignores its errors. */
export function ignoringErrors(step: () => void): void {
  try {
    step();
  } catch {
    // Ignored, see above.
  }
}
