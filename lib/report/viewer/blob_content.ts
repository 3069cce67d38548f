/**
 * The content of a file that the user selected, read in a worker: only there a browser reads files
 * without waiting for an event.
 *
 * @module
 */

import type { ByteSource } from "../../bundle/byte_buffer.ts";
import type { FileContent } from "../../bundle/storage/file_map.ts";

/** Reads blobs; only workers of a browser have it. */
declare class FileReaderSync {
  readAsArrayBuffer(blob: Blob): ArrayBuffer;
}

/** Bytes that are read first: of many session logs, the first line is all that is asked for. */
const FIRST_CHUNK = 64 * 1024;
/** Bytes that are read at once: each reading asks another process. */
const MAX_CHUNK = 4 * 1024 ** 2;
const NOTHING = new Uint8Array(0);

/** Returns the content of a blob. */
export function blobContent(blob: Blob): FileContent {
  return { size: blob.size, open: () => new BlobSource(blob) };
}

class BlobSource implements ByteSource {
  readonly #blob: Blob;
  readonly #reader = new FileReaderSync();
  /** What was read and not returned yet. */
  #chunk = NOTHING;
  #at = 0;

  constructor(blob: Blob) {
    this.#blob = blob;
  }

  /** Reads as much as there is room for, since a short read is the end of a file. */
  readSync(buffer: Uint8Array): number | null {
    let length = 0;
    while (length < buffer.length) {
      if (this.#chunk.length === 0) this.#chunk = this.#next();
      if (this.#chunk.length === 0) break;
      const piece = this.#chunk.subarray(0, buffer.length - length);
      buffer.set(piece, length);
      length += piece.length;
      this.#chunk = this.#chunk.subarray(piece.length);
    }
    return length === 0 ? null : length;
  }

  #next(): Uint8Array<ArrayBuffer> {
    const length = this.#at === 0 ? FIRST_CHUNK : MAX_CHUNK;
    const piece = this.#blob.slice(this.#at, this.#at + length);
    if (piece.size === 0) return NOTHING;
    const bytes = new Uint8Array(this.#reader.readAsArrayBuffer(piece));
    this.#at += bytes.length;
    return bytes;
  }
}
