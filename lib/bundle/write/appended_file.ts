/**
 * A file of a recording that has only complete writes, or is repaired before the next one.
 *
 * @module
 */

import { attempt, type BundleStore } from "./store.ts";

/** Appends to a file of a store. */
export class AppendedFile {
  readonly #store: BundleStore;
  readonly #name: string;
  #exists: boolean;
  /** Bytes of the complete writes. */
  #length = 0;
  /** Whether the file may have bytes after them. */
  #isTorn = false;

  /** The first write makes the file, unless it `exists` and is empty. */
  constructor(store: BundleStore, name: string, exists = false) {
    this.#store = store;
    this.#name = name;
    this.#exists = exists;
  }

  /** Whether there is a file. */
  get exists(): boolean {
    return this.#exists;
  }

  /**
   * Appends bytes, which are with the operating system when this returns.
   *
   * @throws {Error} If the store throws. The file then is as before, or is repaired before anything
   * else is appended.
   */
  append(bytes: Uint8Array): void {
    this.repair();
    if (this.#exists) this.#extend(bytes);
    else this.#store.createFile(this.#name, bytes);
    this.#exists = true;
    this.#length += bytes.length;
  }

  /**
   * Removes what was written in part, if there is anything.
   *
   * @throws {Error} If the store throws.
   */
  repair(): void {
    if (!this.#isTorn) return;
    this.#store.truncate(this.#name, this.#length);
    this.#isTorn = false;
  }

  #extend(bytes: Uint8Array): void {
    try {
      this.#store.append(this.#name, bytes);
    } catch (error) {
      this.#isTorn = true;
      // If this fails as well, the next write tries again.
      attempt(() => this.repair());
      throw error;
    }
  }
}
