/**
 * Unpacks a zip archive, by its directory at the end.
 *
 * @module
 */

import { BlobReader, configure, type Entry, ZipReader } from "@zip.js/zip.js";
import { type UnpackedFiles, UnpackError } from "./unpacked_files.ts";

/**
 * Unpacks an archive.
 *
 * @throws {UnpackError} If it has too much, two files of one path, or an encrypted file.
 * @throws {Error} If it is malformed or truncated.
 */
export async function unpackZip(
  archive: Blob,
  files: UnpackedFiles,
  onProgress: (share: number) => void,
): Promise<void> {
  // It runs in a worker already; the browser decompresses.
  configure({ useWebWorkers: false, useCompressionStream: true });
  const reader = new ZipReader(new BlobReader(archive), {
    checkOverlappingEntry: true,
    checkSignature: true,
    // Paths are checked as those of all archives.
    filenameValidation: "tolerant",
  });
  for await (const entry of reader.getEntriesGenerator()) {
    onProgress(entry.offset / archive.size);
    await unpackEntry(entry, files);
  }
}

async function unpackEntry(entry: Entry, files: UnpackedFiles): Promise<void> {
  const { filename: name, uncompressedSize: size } = entry;
  const type = typeOf(entry);
  const path = files.accept({ name, size, type });
  if (path === undefined || entry.directory) return;
  if (entry.encrypted) throw new UnpackError("is encrypted: unpack it first");
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  await Promise.all([
    files.put(path, size, pipe.readable),
    entry.getData(pipe.writable),
  ]);
}

/** Type bits of a mode of Unix, and that of a symbolic link and of a regular file. */
const TYPE_BITS = 0o170000;
const LINK = 0o120000;
const REGULAR = 0o100000;

function typeOf(
  { directory, externalFileAttributes }: Entry,
): "file" | "folder" | "link" | "other" {
  if (directory) return "folder";
  const type = (externalFileAttributes >>> 16) & TYPE_BITS;
  if (type === LINK) return "link";
  return type === 0 || type === REGULAR ? "file" : "other";
}
