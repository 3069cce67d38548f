/**
 * Id lists that share storage: many lists, each a prefix of one append-only vector.
 *
 * @module
 */

import type { ConversationItemId } from "../format/ids.ts";
import type { ItemIdList } from "./conversation.ts";

/** The vector behind the lists. It only grows: the id at an index never changes. */
export interface ItemIdStorage {
  readonly length: number;
  /** The id at `index`, which is below `length`. */
  idAt(index: number): ConversationItemId;
}

/** The first `length` ids of a storage. Two lists on one storage share their common prefix. */
export class SharedItemIdList implements ItemIdList {
  /** The vector; a view may render it once for all lists on it. */
  readonly storage: ItemIdStorage;
  readonly length: number;

  /** Takes the first `length` ids of `storage`, which must hold as many. */
  constructor(storage: ItemIdStorage, length: number) {
    this.storage = storage;
    this.length = length;
  }

  /** {@inheritDoc ItemIdList.at} */
  at(index: number): ConversationItemId | undefined {
    return index >= 0 && index < this.length
      ? this.storage.idAt(index)
      : undefined;
  }

  /** {@inheritDoc ItemIdList.toJSON} */
  toJSON(): ConversationItemId[] {
    return Array.from(this);
  }

  /** Walks the ids in order. A generator would take several times as long. */
  [Symbol.iterator](): Iterator<ConversationItemId> {
    const { storage, length } = this;
    let at = 0;
    return {
      next: () =>
        at < length
          ? { done: false, value: storage.idAt(at++) }
          : { done: true, value: undefined },
    };
  }
}
