/**
 * Opens the manifest or the log of a bundle.
 *
 * @module
 */

import { BundleFormatError } from "../../errors.ts";
import {
  type BundleFile,
  type BundleFiles,
  type EntryType,
  OpenError,
} from "./bundle_files.ts";

/**
 * Opens a file in the folder of a bundle for reading.
 *
 * @throws {BundleFormatError} If it is missing, cannot be read, is not a regular file, or is outside
 * the bundle.
 * @throws {Deno.errors.NotCapable} If the permission to read it is missing.
 */
export function openBundleFile(files: BundleFiles, file: string): BundleFile {
  try {
    return files.open({ folders: files.foldersOf([]), name: file });
  } catch (cause) {
    if (!(cause instanceof OpenError)) throw cause;
    throw new BundleFormatError(reasonOf(cause, files, file), { file }, {
      cause,
    });
  }
}

function reasonOf(
  { fault, message }: OpenError,
  files: BundleFiles,
  file: string,
): string {
  if (fault !== "missing") return message;
  if (quietly(() => files.type()) === "missing") {
    return "cannot be found: the folder does not exist";
  }
  const packed = PACKED_SUFFIXES.map((suffix) => file + suffix)
    .find((name) => quietly(() => files.entryAt(name).type) === "file");
  return packed === undefined
    ? "does not exist, so the folder is no trace bundle"
    : `does not exist, but ${packed} does: unpack it first`;
}

/** Of files that were compressed to save space. */
const PACKED_SUFFIXES = [".gz", ".zst", ".xz", ".bz2"] as const;

/** What only explains an error must not fail itself. */
function quietly(look: () => EntryType): EntryType | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
