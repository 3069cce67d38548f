/**
 * Opens the files that every bundle has.
 *
 * @module
 */

import { BundleFormatError } from "../errors.ts";
import {
  type BundleFolder,
  type InsideFile,
  RefusedFileError,
} from "./inside_file.ts";

/**
 * Opens a file of a bundle for reading.
 *
 * @throws {BundleFormatError} If it is missing, cannot be read, is no regular file, or lies
 * outside the bundle.
 * @throws {Deno.errors.NotCapable} If the permission to read it is missing.
 */
export function openBundleFile(
  folder: BundleFolder,
  file: string,
): InsideFile {
  try {
    return folder.open(`${folder.path}/${file}`);
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    throw new BundleFormatError(reasonOf(cause, folder), { file }, { cause });
  }
}

function reasonOf(cause: unknown, { path }: BundleFolder): string {
  if (cause instanceof RefusedFileError) return cause.message;
  if (!(cause instanceof Deno.errors.NotFound)) return "cannot be read";
  return exists(path)
    ? "does not exist, so the folder is no trace bundle"
    : "cannot be found: the folder does not exist";
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
