/**
 * An id list as bytes: encoded once, although every request prints it from its start again.
 *
 * @module
 */

import type { ItemIdStorage } from "../graph/item_id_list.ts";

const FIRST_CAPACITY = 4096;
/** Maximum number of UTF-8 bytes of one UTF-16 unit. */
export const BYTES_PER_UNIT = 3;
const encoder = new TextEncoder();

/** The encoded ids of one storage, up to the length of the longest list so far. */
export class IdListBytes {
  readonly #storage: ItemIdStorage;
  readonly #separator: string;
  #bytes = new Uint8Array(FIRST_CAPACITY);
  /** The end of the bytes of every encoded id. */
  readonly #ends: number[] = [];

  /** `separator`, in ASCII, is printed between two ids. */
  constructor(storage: ItemIdStorage, separator: string) {
    this.#storage = storage;
    this.#separator = separator;
  }

  /** How many bytes are kept. */
  get size(): number {
    return this.#bytes.length;
  }

  /** The first `length` ids as JSON strings with separators between. Valid until the next call. */
  first(length: number): Uint8Array {
    let end = this.#ends.at(-1) ?? 0;
    for (let i = this.#ends.length; i < length; i++) {
      end = this.#append(this.#separator + quoted(this.#storage.idAt(i)), end);
      this.#ends.push(end);
    }
    return this.#bytes.subarray(
      this.#separator.length,
      this.#ends[length - 1] ?? this.#separator.length,
    );
  }

  #append(text: string, start: number): number {
    if (this.#bytes.length - start < text.length * BYTES_PER_UNIT) {
      const bytes = new Uint8Array(
        2 * (this.#bytes.length + text.length * BYTES_PER_UNIT),
      );
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    const free = this.#bytes.subarray(start);
    return start + encoder.encodeInto(text, free).written;
  }
}

function quoted(id: string): string {
  return JSON.stringify(id);
}
