/**
 * Archives of the same bytes for the same content: no user, no time but that of the release.
 *
 * @module
 */

import { gzipSync } from "node:zlib";
import { zipSync } from "fflate";
import { packTar } from "modern-tar";

/** A file of an archive. */
export interface ArchiveFile {
  /** Its path inside, with slashes. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly isProgram: boolean;
}

/** Returns a `.tar.gz`. */
export async function tarGz(
  files: readonly ArchiveFile[],
  date: Date,
): Promise<Uint8Array<ArrayBuffer>> {
  const archive = await packTar(
    files.map(({ path, content, isProgram }) => ({
      header: {
        name: path,
        size: content.length,
        mode: isProgram ? 0o755 : 0o644,
        mtime: date,
      },
      body: new Uint8Array(content),
    })),
  );
  return new Uint8Array(gzipSync(archive, { level: 9 }));
}

/** Returns a `.zip`. */
export function zip(
  files: readonly ArchiveFile[],
  date: Date,
): Uint8Array<ArrayBuffer> {
  const content = Object.fromEntries(
    files.map(({ path, content }) => [path, content]),
  );
  // A zip has local time: noon of the date, so that it is the same date everywhere.
  const mtime = new Date(
    date.getUTCFullYear(),
    date.getUTCMonth(),
    date.getUTCDate(),
    12,
  );
  return new Uint8Array(zipSync(content, { level: 9, mtime }));
}
