/**
 * The elements of lists that share their first elements, as bytes: the prompts of a session are
 * put together from the same parts, with a few more each time.
 *
 * @module
 */

import { EncodedList } from "./encoded_list.ts";

/** The encoded elements of the lists so far that begin as the last one did. */
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
