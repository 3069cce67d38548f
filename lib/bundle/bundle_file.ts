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
    throw new BundleFormatError(reasonOf(cause), { file }, { cause });
  }
}

function reasonOf(cause: unknown): string {
  if (cause instanceof RefusedFileError) return cause.message;
  return cause instanceof Deno.errors.NotFound
    ? "does not exist, so the folder is no trace bundle"
    : "cannot be read";
}
