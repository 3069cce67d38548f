/**
 * Errors of writing an output.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import { splitPath } from "../storage/disk_path.ts";
import { isGranted } from "../storage/file_info.ts";

/** The file could not be written. There is no truncated file at its path. */
export class OutputError extends Error {
  override readonly name = "OutputError";
  /** The path that was to be written. */
  readonly path: string;
  /** What to do about it, where more is known than to write somewhere else. */
  readonly hint: string | undefined;

  /** The message has the path and `reason`. */
  constructor(
    path: string,
    reason: string,
    options: ErrorOptions & { readonly hint?: string } = {},
  ) {
    super(`Cannot write ${quote(path)}: ${reason}`, options);
    this.path = path;
    this.hint = options.hint;
  }
}

const NO_FOLDER = "its folder is not a folder";

/** Faults whose words, as Deno has them, would name a file that the user did not name. */
const DISK_WORDS: readonly (readonly [
  abstract new (message: string) => Error,
  string,
])[] = [
  [Deno.errors.NotFound, "its folder does not exist"],
  [Deno.errors.NotADirectory, NO_FOLDER],
  [Deno.errors.PermissionDenied, "the system denies access"],
];

/** Runs one step on the disk; an error is thrown as an error of writing `path`. */
export function onDisk<T>(path: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    throw diskError(path, error);
  }
}

/** An error of the disk as an error of writing `path`; one that is so already, unchanged. */
export function diskError(path: string, error: unknown): OutputError {
  if (error instanceof OutputError) return error;
  const words = isBelowFile(path, error)
    ? NO_FOLDER
    : DISK_WORDS.find(([type]) => error instanceof type)?.[1];
  const reason = words ?? (error instanceof Error ? error.message : `${error}`);
  return new OutputError(path, reason, { cause: error });
}

/** Whether there is a file where the folder should be; to Windows, nothing is there then. */
function isBelowFile(path: string, error: unknown): boolean {
  if (!(error instanceof Deno.errors.NotFound)) return false;
  const { folder } = splitPath(path);
  try {
    return isGranted("read", folder) && Deno.statSync(folder).isFile;
  } catch {
    return false;
  }
}
