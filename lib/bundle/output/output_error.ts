/**
 * Errors of writing an output.
 *
 * @module
 */

import { quote } from "../../errors.ts";

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

/** Faults whose words, as Deno has them, would name a file that the user did not name. */
const DISK_WORDS: readonly (readonly [
  abstract new (message: string) => Error,
  string,
])[] = [
  [Deno.errors.NotFound, "its folder does not exist"],
  [Deno.errors.NotADirectory, "its folder is not a folder"],
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
  const words = DISK_WORDS.find(([type]) => error instanceof type)?.[1];
  const reason = words ?? (error instanceof Error ? error.message : `${error}`);
  return new OutputError(path, reason, { cause: error });
}
