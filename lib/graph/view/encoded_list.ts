/**
 * Lists of ids and of objects as bytes, encoded once for all lists that start with the same elements.
 *
 * @module
 */

import type { ItemIdStorage } from "../item_id_list.ts";

const FIRST_CAPACITY = 4096;
/** Maximum number of UTF-8 bytes of one UTF-16 unit. */
export const BYTES_PER_UNIT = 3;
const encoder = new TextEncoder();

/** Encoded elements with a separator between them. */
class EncodedList {
  readonly #separator: string;
  #bytes = new Uint8Array(FIRST_CAPACITY);
  /** The end of the bytes of every element. */
  readonly #ends: number[] = [];

  /** `separator`, in ASCII, is printed between two elements. */
  constructor(separator: string) {
    this.#separator = separator;
  }

  /** How many bytes are kept. */
  get size(): number {
    return this.#bytes.length;
  }

  /** How many bytes the elements take. */
  get used(): number {
    return this.#ends.at(-1) ?? 0;
  }

  /** How many elements are encoded. */
  get length(): number {
    return this.#ends.length;
  }

  /** Encodes one more element. */
  push(element: string): void {
    const text = this.#separator + element;
    const start = this.used;
    const needed = text.length * BYTES_PER_UNIT;
    if (this.#bytes.length - start < needed) {
      const bytes = new Uint8Array(2 * (this.#bytes.length + needed));
      bytes.set(this.#bytes);
      this.#bytes = bytes;
    }
    const free = this.#bytes.subarray(start);
    this.#ends.push(start + encoder.encodeInto(text, free).written);
  }

  /** Forgets all elements but the first `length`. */
  truncate(length: number): void {
    this.#ends.length = length;
  }

  /** The bytes of the first `length` elements. Valid until the list changes. */
  first(length: number): Uint8Array {
    const start = this.#separator.length;
    return this.#bytes.subarray(start, this.#ends[length - 1] ?? start);
  }
}

/** The encoded elements of the last list, for lists that start with the same elements. */
export class ElementBytes {
  readonly #encoded: EncodedList;
  readonly #maxBytes: number;
  readonly #elements: unknown[] = [];

  /** Keeps elements until they take about `maxBytes`. `separator`, in ASCII, is between two. */
  constructor(separator: string, maxBytes: number) {
    this.#encoded = new EncodedList(separator);
    this.#maxBytes = maxBytes;
  }

  /**
   * The first elements of `list` with separators between, and how many they are: all, as long as
   * there is space. Valid until the next call.
   *
   * @param print The text of an element. The same object has the same text.
   */
  first<T>(
    list: readonly T[],
    print: (element: T) => string,
  ): { readonly bytes: Uint8Array; readonly length: number } {
    const elements = this.#elements;
    let length = 0;
    for (const element of list) {
      if (elements[length] !== element) {
        if (length < elements.length) this.#truncate(length);
        if (this.#encoded.used > this.#maxBytes) break;
        elements.push(element);
        this.#encoded.push(print(element));
      }
      length++;
    }
    return { bytes: this.#encoded.first(length), length };
  }

  #truncate(length: number): void {
    this.#elements.length = length;
    this.#encoded.truncate(length);
  }
}

/** The encoded ids of one storage, up to the length of the longest list so far. */
export class IdListBytes {
  readonly #storage: ItemIdStorage;
  readonly #encoded: EncodedList;

  /** `separator`, in ASCII, is printed between two ids. */
  constructor(storage: ItemIdStorage, separator: string) {
    this.#storage = storage;
    this.#encoded = new EncodedList(separator);
  }

  /** How many bytes are kept. */
  get size(): number {
    return this.#encoded.size;
  }

  /** The first `length` ids as JSON strings with separators between. Valid until the next call. */
  first(length: number): Uint8Array {
    for (let i = this.#encoded.length; i < length; i++) {
      this.#encoded.push(JSON.stringify(this.#storage.idAt(i)));
    }
    return this.#encoded.first(length);
  }
}
