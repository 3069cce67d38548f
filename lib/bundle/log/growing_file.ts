/**
 * Reads a file that a recorder appends to.
 *
 * A recorder only appends. A file that was replaced or is shorter than before is another one, of which
 * it is unknown what was read already.
 *
 * @module
 */

import { ChangedFileError } from "../../errors.ts";
import type { ByteSource } from "../byte_buffer.ts";
import type { BundleFile } from "../storage/bundle_files.ts";
import type { DiskFiles, FileIdentity } from "../storage/disk_files.ts";
import { isSame } from "../storage/file_info.ts";

/** An open file that may grow. */
export class GrowingFile {
  /** Its bytes, as far as it was when {@linkcode grow} was called last. */
  readonly source: ByteSource;
  readonly #files: DiskFiles;
  readonly #name: string;
  readonly #info: FileIdentity;
  #bytesRead = 0;
  #size = 0;

  /**
   * Reads a file of a folder.
   *
   * @param opened The file, open at its start. The caller closes it.
   * @throws {ChangedFileError} If there is no such file any more.
   */
  constructor(files: DiskFiles, name: string, opened: BundleFile) {
    this.#files = files;
    this.#name = name;
    this.#info = this.#infoNow();
    this.source = {
      readSync: (buffer: Uint8Array) => {
        const left = this.#size - this.#bytesRead;
        if (left <= 0) return null;
        const read = opened.source.readSync(buffer.subarray(0, left));
        this.#bytesRead += read ?? 0;
        return read;
      },
    };
  }

  /**
   * Lets what was written until now be read.
   *
   * @throws {ChangedFileError} If the file was replaced, truncated or removed.
   */
  grow(): void {
    const now = this.#infoNow();
    if (!isSame(now, this.#info)) {
      throw this.#changed("was replaced by another file while it was followed");
    }
    if (now.size < this.#bytesRead) {
      throw this.#changed(
        `was truncated while it was followed: it has ${now.size} bytes, and ` +
          `${this.#bytesRead} were read`,
      );
    }
    this.#size = now.size;
  }

  #infoNow(): FileIdentity {
    const info = this.#files.identityOf(this.#name);
    if (info === undefined) {
      throw this.#changed("was removed while it was followed");
    }
    return info;
  }

  #changed(reason: string): ChangedFileError {
    return new ChangedFileError(reason, { file: this.#name });
  }
}
