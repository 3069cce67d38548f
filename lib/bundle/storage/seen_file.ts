/**
 * Opens a file that was a regular one when it was checked, and never waits for what replaced it.
 *
 * A process may put a pipe in its place between the check and the opening, and opening a pipe waits
 * until another process writes to it. Deno's own API cannot open without waiting, that of Node can.
 * Deno 2.6 loads Node's API at its start; later versions load it when it is used first, which takes
 * longer than many runs. These open with it where a file or its folder was changed of late: renaming
 * and linking change their times.
 *
 * @module
 */

import type { ByteSource } from "../byte_buffer.ts";
import { isOld } from "./file_info.ts";

/** Which file it is, what it is, and how many bytes it has. */
export type OpenedInfo = Pick<Deno.FileInfo, "dev" | "ino" | "size" | "isFile">;

/** An open file of the disk, of which the bytes are read once. The caller disposes it. */
export interface OpenedFile extends ByteSource, Disposable {
  /**
   * Returns information about the open file, whatever its name leads to now.
   *
   * @throws {Deno.errors.NotCapable} If its real path may not be read.
   */
  statSync(): OpenedInfo;
}

/**
 * Opens a file for reading.
 *
 * @param seen What was at the path a moment ago: a regular file.
 * @param isCareful Whether its name may lead to another one at any time.
 * @throws {Deno.errors.NotFound} If there is none now.
 * @throws {Deno.errors.PermissionDenied} If the system refuses it.
 * @throws {Deno.errors.NotCapable} If the permission to read it is missing.
 */
export function openSeenFile(
  path: string,
  seen: Deno.FileInfo,
  isCareful: boolean,
): OpenedFile {
  const mustNotWait = isNodeLoaded() || isCareful || !isOld(seen, Date.now());
  // No pipe is a file of Windows, which has no such flag.
  const flag = mustNotWait && Deno.build.os !== "windows"
    ? nodeFs().constants.O_NONBLOCK
    : undefined;
  return flag === undefined ? Deno.openSync(path) : new NodeFile(path, flag);
}

let loaded: ReturnType<typeof loadNodeFs> | undefined;

/** The modules of Node are loaded when `process` is read first, unless it is a plain value. */
function isNodeLoaded(): boolean {
  return loaded !== undefined ||
    Object.getOwnPropertyDescriptor(globalThis, "process")?.value !== undefined;
}

function nodeFs(): ReturnType<typeof loadNodeFs> {
  return loaded ??= loadNodeFs();
}

function loadNodeFs() {
  return process.getBuiltinModule("node:fs");
}

/** A file that was opened with a flag of the system. */
class NodeFile implements OpenedFile {
  readonly #descriptor: number;

  constructor(path: string, flag: number) {
    this.#descriptor = translated(() => nodeFs().openSync(path, flag));
  }

  readSync(buffer: Uint8Array): number | null {
    // A read of no bytes is not the end of the file.
    if (buffer.length === 0) return 0;
    return translated(() => nodeFs().readSync(this.#descriptor, buffer)) ||
      null;
  }

  statSync(): OpenedInfo {
    const info = translated(() => nodeFs().fstatSync(this.#descriptor));
    const { dev, ino, size } = info;
    return { dev, ino, size, isFile: info.isFile() };
  }

  [Symbol.dispose](): void {
    nodeFs().closeSync(this.#descriptor);
  }
}

/** Runs an access; an error of Node becomes the one that Deno throws for the same reason. */
function translated<T>(access: () => T): T {
  try {
    return access();
  } catch (cause) {
    throw cause instanceof Error ? errorOfDeno(cause) : cause;
  }
}

function errorOfDeno(cause: Error): Error {
  // Deno 2.6 throws its own for some accesses.
  if (!("code" in cause && "errno" in cause)) return cause;
  const name = DENO_ERRORS[`${cause.code}`];
  const error = name === undefined ? Error : Deno.errors[name];
  // Deno adds the number, by which an error of the system is distinguished from a bug.
  const message = `${cause.message} (os error ${
    Math.abs(Number(cause.errno))
  })`;
  return new error(message, { cause });
}

/**
 * Names of the errors of Deno that callers distinguish, by the codes of Node. Names, because this is
 * also loaded by the worker of the viewer, where there is no Deno.
 */
const DENO_ERRORS: Readonly<Partial<Record<string, keyof typeof Deno.errors>>> =
  {
    ENOENT: "NotFound",
    EACCES: "PermissionDenied",
    EPERM: "PermissionDenied",
    ENOTDIR: "NotADirectory",
    EISDIR: "IsADirectory",
    ELOOP: "FilesystemLoop",
    EINTR: "Interrupted",
    EBUSY: "Busy",
  };
