/**
 * An id list as bytes: encoded once, although every request prints it from its start again.
 *
 * @module
 */

import type { ItemIdStorage } from "../graph/item_id_list.ts";
import { EncodedList } from "./encoded_list.ts";

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
