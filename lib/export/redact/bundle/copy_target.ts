/**
 * Where the files of a copy are written.
 *
 * @module
 */

/** Receives the files of a copy, with paths relative to it. */
export interface CopyTarget {
  /** Opens a new file, which the caller closes. */
  create(path: string): CopyWriter;
  /** Writes a file. Its bytes may change afterwards. */
  write(path: string, bytes: Uint8Array): void;
}

/** A file of a copy that is being written. */
export interface CopyWriter extends Disposable {
  /** Appends bytes, which may change afterwards. */
  append(bytes: Uint8Array): void;
  /** Waits until the disk has the content. */
  finish(): void;
}
