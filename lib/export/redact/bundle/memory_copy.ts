/**
 * A copy in memory, whose files can be read like those of a folder.
 *
 * @module
 */

import { concatBytes } from "../../../bundle/byte_buffer.ts";
import { type FileContent, FileMap } from "../../../bundle/storage/file_map.ts";
import type { CopyTarget, CopyWriter } from "./copy_target.ts";

/** Keeps the files of a copy. */
export class MemoryCopy implements CopyTarget {
  readonly #files = new Map<string, Uint8Array[]>();

  /** {@inheritDoc CopyTarget.create} */
  create(path: string): CopyWriter {
    const chunks: Uint8Array[] = [];
    this.#files.set(path, chunks);
    return {
      append: (bytes) => void chunks.push(bytes.slice()),
      finish: () => {},
      [Symbol.dispose]: () => {},
    };
  }

  /** {@inheritDoc CopyTarget.write} */
  write(path: string, bytes: Uint8Array): void {
    this.#files.set(path, [bytes.slice()]);
  }

  /** Returns the files, as those of a bundle with a name. */
  files(name: string): FileMap {
    const contents = Array.from(
      this.#files,
      ([path, chunks]) => [path, contentOf(concatBytes(chunks))] as const,
    );
    this.#files.clear();
    return new FileMap(name, contents);
  }
}

function contentOf(bytes: Uint8Array): FileContent {
  return {
    size: bytes.length,
    open: () => {
      let at = 0;
      return {
        readSync: (buffer) => {
          if (at >= bytes.length) return null;
          const part = bytes.subarray(at, at + buffer.length);
          buffer.set(part);
          at += part.length;
          return part.length;
        },
      };
    },
  };
}
