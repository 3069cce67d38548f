/**
 * The elements of a list as bytes, encoded once, for lists that begin alike.
 *
 * @module
 */

const FIRST_CAPACITY = 4096;
/** Maximum number of UTF-8 bytes of one UTF-16 unit. */
export const BYTES_PER_UNIT = 3;
const encoder = new TextEncoder();

/** Encoded elements with a separator between them. */
export class EncodedList {
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

  /** Encodes one element more. */
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
