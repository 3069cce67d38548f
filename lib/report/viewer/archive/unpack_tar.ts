/**
 * Unpacks a tar archive, as it is read.
 *
 * @module
 */

import { createTarDecoder, type TarHeader } from "modern-tar";
import type { Entry, UnpackedFiles } from "./unpacked_files.ts";

/**
 * Unpacks an archive.
 *
 * @throws {UnpackError} If it has too much, or two files of one path.
 * @throws {Error} If it is malformed or truncated.
 */
export async function unpackTar(
  archive: ReadableStream<Uint8Array>,
  files: UnpackedFiles,
): Promise<void> {
  const entries = archive.pipeThrough(createTarDecoder({ strict: true }));
  for await (const { header, body } of entries) {
    const { name, size } = header;
    const path = files.accept({ name, size, type: typeOf(header) });
    if (path === undefined) await body.cancel();
    else await files.put(path, size, body);
  }
}

function typeOf({ type }: TarHeader): Entry["type"] {
  switch (type) {
    case "file":
      return "file";
    case "directory":
      return "folder";
    case "link":
    case "symlink":
      return "link";
    default:
      return "other";
  }
}
