/**
 * Reads the text of a `state.json`, wherever it lies.
 *
 * @module
 */

import { BundleFormatError, LimitError } from "../errors.ts";
import { STATE_FILE } from "../format/manifest.ts";
import { ByteBuffer, TextEncodingError } from "./byte_buffer.ts";
import type { Limits } from "./limits.ts";

/** Whether a regular file stands at a path; the folder of a bundle does not. */
export function isStateFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    // Whoever opens it as a bundle tells what is wrong.
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Reads a file whole.
 *
 * @throws {LimitError} If it has more bytes than a payload may have.
 * @throws {BundleFormatError} If it is not UTF-8, or no file any more.
 */
export function readStateText(path: string, limits: Limits): string {
  const buffer = new ByteBuffer();
  using file = Deno.openSync(path, { read: true });
  const info = file.statSync();
  if (!info.isFile) {
    throw new BundleFormatError("is no regular file", { file: STATE_FILE });
  }
  const { payload: most } = limits;
  if (info.size > most || !buffer.fill(file, most)) {
    throw new LimitError("payload", most, "has more bytes than", {
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
