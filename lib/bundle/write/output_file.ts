/**
 * A result on disk: complete or absent, under the narrowest permissions.
 *
 * There are three methods, chosen by the file at the path and by the permissions:
 *
 * 1. Written beside the path and renamed. A reader sees the old file or the new one, and two
 *    writers at once do not mix.
 * 2. Written in one go, where only the path itself may be written (`--allow-write=FILE`, or a
 *    folder without write access). The content is complete before the file is changed.
 * 3. Written through as it is produced, where the path is a pipe or a device.
 *
 * A symbolic link at a readable path is replaced, never followed: it may be in an untrusted bundle
 * and lead anywhere.
 *
 * @module
 */

import { quote } from "../../errors.ts";

/** Writes a chunk of the content. The caller may reuse the chunk when it returns. */
export type WriteChunk = (chunk: Uint8Array) => void;

/** How the content was written to the path. */
export type OutputMethod = "renamed" | "in one go" | "passed on";

/** The file could not be written. The old file may be removed, but there is no truncated file. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  /** The path that was to be written. */
  readonly path: string;

  /** The message has the path and `reason`; without one, the message of `cause`. */
  constructor(path: string, cause: unknown, reason?: string) {
    const why = reason ?? (cause instanceof Error ? cause.message : cause);
    super(`Cannot write ${quote(path)}: ${why}`, { cause });
    this.path = path;
  }
}

/** Only the owner may read a trace, unless the file replaced was open to others. */
const PRIVATE_MODE = 0o600;

/** Faults whose words, as Deno has them, would name a file that the user did not name. */
const DISK_WORDS: readonly (readonly [
  abstract new (message: string) => Error,
  string,
])[] = [
  [Deno.errors.NotFound, "its folder does not exist"],
  [Deno.errors.NotADirectory, "its folder is not a folder"],
  [Deno.errors.PermissionDenied, "the system denies access"],
];

/** The file at the path before writing. */
type Before =
  | { type: "unknown" }
  | { type: "nothing" }
  | { type: "file"; mode: number | null }
  | { type: "link" }
  | { type: "stream" };

/**
 * Writes what `produce` makes to `path`. When anything fails, in `produce` or on disk, no
 * half of it stays behind.
 *
 * Asks for no permission: the caller has made sure that `path` itself may be written.
 *
 * @throws {OutputError} If the disk does not allow it. What `produce` throws passes through.
 */
export function writeOutput(
  path: string,
  produce: (write: WriteChunk) => void,
): OutputMethod {
  const before = inspect(path);
  if (before.type === "stream") {
    fill(
      path,
      onDisk(path, () => Deno.openSync(path, { write: true })),
      produce,
    );
    return "passed on";
  }
  const beside = openBeside(path, before);
  if (beside === undefined) return writeInOneGo(path, before, produce);
  try {
    fill(path, beside.file, produce);
    onDisk(path, () => Deno.renameSync(beside.path, path));
  } catch (error) {
    ignoringErrors(() => Deno.removeSync(beside.path));
    throw error;
  }
  return "renamed";
}

/** Returns the file at the path; unknown without the permission to read it. */
function inspect(path: string): Before {
  if (!granted("read", path)) return { type: "unknown" };
  const target = statOrNothing(path, Deno.statSync);
  if (target?.isDirectory) {
    throw new OutputError(path, undefined, "it is a folder");
  }
  if (target !== undefined && !target.isFile) return { type: "stream" };
  const itself = statOrNothing(path, Deno.lstatSync);
  if (itself === undefined) return { type: "nothing" };
  if (itself.isSymlink) return { type: "link" };
  return { type: "file", mode: itself.mode };
}

function statOrNothing(
  path: string,
  stat: (path: string) => Deno.FileInfo,
): Deno.FileInfo | undefined {
  return onDisk(path, () => {
    try {
      return stat(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  });
}

/** A new file beside `path`; undefined where there may be none, so that it must go at once. */
function openBeside(
  path: string,
  before: Before,
): { path: string; file: Deno.FsFile } | undefined {
  const name = `${path}.${crypto.randomUUID().slice(0, 8)}.tmp`;
  // Renaming reads the old name as well.
  if (!granted("write", name) || !granted("read", name)) return undefined;
  return onDisk(path, () => {
    try {
      return { path: name, file: openNew(name, before) };
    } catch (error) {
      const closed = error instanceof Deno.errors.PermissionDenied ||
        error instanceof Deno.errors.NotCapable;
      if (closed) return undefined;
      throw error;
    }
  });
}

function openNew(path: string, before: Before): Deno.FsFile {
  const file = Deno.openSync(path, {
    write: true,
    createNew: true,
    mode: PRIVATE_MODE,
  });
  const mode = before.type === "file" ? before.mode : null;
  if (mode !== null && Deno.build.os !== "windows") {
    // By hand, for a mode given at creation passes through the umask. A courtesy only: a file
    // system without modes leaves the file private.
    ignoringErrors(() => Deno.chmodSync(path, mode & 0o777));
  }
  return file;
}

function fill(
  path: string,
  file: Deno.FsFile,
  produce: (write: WriteChunk) => void,
): void {
  try {
    produce((chunk) => onDisk(path, () => writeAll(file, chunk)));
  } finally {
    file.close();
  }
}

/** How much of a result is held before the file in its place is touched. */
const HELD_BYTES = 16 * 1024 * 1024;

function writeInOneGo(
  path: string,
  before: Before,
  produce: (write: WriteChunk) => void,
): OutputMethod {
  using target = new DeferredFile(path, before);
  try {
    produce((chunk) => target.write(chunk));
    target.flush();
  } catch (error) {
    target.undo();
    throw error;
  }
  return target.isRegular ? "in one go" : "passed on";
}

/**
 * A file that is opened as late as memory allows: a result up to {@linkcode HELD_BYTES} is
 * complete before its place is touched.
 */
class DeferredFile implements Disposable {
  readonly #path: string;
  readonly #before: Before;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #file: Deno.FsFile | undefined;
  /** Whether it is a file, and no pipe or device; known once it is open. */
  isRegular = false;

  constructor(path: string, before: Before) {
    this.#path = path;
    this.#before = before;
  }

  write(chunk: Uint8Array): void {
    this.#held.push(chunk.slice());
    this.#heldBytes += chunk.length;
    if (this.#heldBytes > HELD_BYTES) this.flush();
  }

  flush(): void {
    onDisk(this.#path, () => {
      const file = this.#file ??= this.#open();
      for (const chunk of this.#held) writeAll(file, chunk);
    });
    this.#held = [];
    this.#heldBytes = 0;
  }

  /** Leaves nothing half written behind. */
  undo(): void {
    if (!this.isRegular) return;
    ignoringErrors(() => this.#file?.truncateSync(0));
    ignoringErrors(() => Deno.removeSync(this.#path));
  }

  [Symbol.dispose](): void {
    this.#file?.close();
  }

  #open(): Deno.FsFile {
    const file = openTarget(this.#path, this.#before);
    this.isRegular = emptied(file);
    return file;
  }
}

function openTarget(path: string, before: Before): Deno.FsFile {
  if (before.type === "unknown") {
    // The path is not readable, so it is not in the bundle but a choice of the user.
    return Deno.openSync(path, {
      write: true,
      create: true,
      mode: PRIVATE_MODE,
    });
  }
  // A new file in its place: opening the old one could follow a link put there meanwhile.
  if (before.type !== "nothing") Deno.removeSync(path);
  return openNew(path, before);
}

/** Empties a file, and so finds out whether it is one: a pipe or a device cannot be cut. */
function emptied(file: Deno.FsFile): boolean {
  try {
    file.truncateSync(0);
    return true;
  } catch {
    // To ask for the type itself would need permission to read.
    return false;
  }
}

function writeAll(file: Deno.FsFile, chunk: Uint8Array): void {
  for (let at = 0; at < chunk.length;) at += file.writeSync(chunk.subarray(at));
}

/** Runs one step on the disk; an error is thrown as an error of writing `path`. */
function onDisk<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw new OutputError(
      path,
      error,
      DISK_WORDS.find(([type]) => error instanceof type)?.[1],
    );
  }
}

/** Runs a step and ignores its errors: another error is thrown already. */
function ignoringErrors(step: () => void): void {
  try {
    step();
  } catch {
    // Ignored, see above.
  }
}

function granted(name: "read" | "write", path: string): boolean {
  return Deno.permissions.querySync({ name, path }).state === "granted";
}
