/**
 * Reads the text of a `state.json`, which may be at any path.
 *
 * @module
 */

import { BundleFormatError, LimitError } from "../errors.ts";
import { STATE_FILE } from "../format/manifest.ts";
import { ByteBuffer, TextEncodingError } from "./byte_buffer.ts";
import type { Limits } from "./limits.ts";
import { openSeenFile } from "./storage/seen_file.ts";

/** Returns whether a path is a regular file, not the folder of a bundle. */
export function isStateFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    // Opening it as a bundle reports the error.
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Returns the text of a file.
 *
 * @throws {LimitError} If it has more bytes than a payload may have.
 * @throws {BundleFormatError} If it is not UTF-8, or no longer a file.
 */
export function readStateText(path: string, limits: Limits): string {
  const buffer = new ByteBuffer();
  const seen = Deno.statSync(path);
  if (!seen.isFile) throw notAFile();
  using file = openSeenFile(path, seen, false);
  const info = file.statSync();
  if (!info.isFile) throw notAFile();
  const { payload: max } = limits;
  if (info.size > max || !buffer.fill(file, max)) {
    throw new LimitError("payload", max, "has more bytes than", {
      file: STATE_FILE,
    });
  }
  try {
    return buffer.text();
  } catch (cause) {
    if (!(cause instanceof TextEncodingError)) throw cause;
    throw new BundleFormatError(cause.message, { file: STATE_FILE }, { cause });
  }
}

function notAFile(): BundleFormatError {
  return new BundleFormatError("is no regular file", { file: STATE_FILE });
}
