/**
 * Opens the files that every bundle has.
 *
 * @module
 */

import { BundleFormatError } from "../errors.ts";

/**
 * Opens a file of a bundle for reading.
 *
 * @throws {BundleFormatError} If it is missing or cannot be read.
 * @throws {Deno.errors.NotCapable} If the permission to read it is missing.
 */
export function openBundleFile(dir: string, file: string): Deno.FsFile {
  try {
    return Deno.openSync(`${dir}/${file}`, { read: true });
  } catch (cause) {
    if (cause instanceof Deno.errors.NotCapable) throw cause;
    const reason = cause instanceof Deno.errors.NotFound
      ? "does not exist, so the folder is no trace bundle"
      : "cannot be read";
    throw new BundleFormatError(reason, { file }, { cause });
  }
}
