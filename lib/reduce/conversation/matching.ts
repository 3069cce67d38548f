/**
 * Matches the elements of a new list with the items of the last snapshot of a thread.
 *
 * A list usually repeats the snapshot from its start. As long as it does, each element needs one
 * comparison of two integers. The index is built at the first element that differs.
 *
 * @module
 */

import type { NormalizedItem } from "../items/content_class.ts";
import type { ItemHistory, ItemRecord } from "../state/item_record.ts";

/** Returns whether an element is an item: same content, and no two different Responses ids. */
export function isSameItem(
  record: ItemRecord,
  element: NormalizedItem,
): boolean {
  if (record.contentClass !== element.contentClass) return false;
  const known = record.item.responses_item_id;
  return known === undefined || element.responsesId === null ||
    known === element.responsesId;
}

/** How the elements of a list may match items of the snapshot. */
export interface MatchingMode {
  /** Whether the item at the same index is tried first. */
  readonly positional: boolean;
  /** Whether it must not be matched by an earlier element. */
  readonly exclusive: boolean;
}

/** Matches the elements of one list, in order, with the items of a baseline. */
export class BaselineMatcher {
  readonly #baseline: ItemHistory;
  readonly #mode: MatchingMode;
  readonly #listId: number;
  /** Number of leading elements that matched the item at their index; -1 after one did not. */
  #aligned: number;
  #unused: UnusedItems | undefined;

  /**
   * Matches against `baseline`.
   *
   * @param listId Id of the list, unique in the rollout.
   * @param taken Number of leading items that leading elements are known to match.
   */
  constructor(
    baseline: ItemHistory,
    mode: MatchingMode,
    listId: number,
    taken = 0,
  ) {
    this.#baseline = baseline;
    this.#mode = mode;
    this.#listId = listId;
    this.#aligned = taken;
  }

  /** Returns the item of the element at `index`, `undefined` when the baseline has none. */
  match(index: number, element: NormalizedItem): ItemRecord | undefined {
    if (this.#aligned >= 0) {
      const next = this.#aligned;
      const record = this.#baseline.recordAt(next);
      // Every item of the baseline is matched.
      if (record === undefined) return undefined;
      const unused = next < this.#baseline.storage.distinct ||
        !this.#mode.exclusive;
      if (unused && isSameItem(record, element)) {
        this.#aligned++;
        return record;
      }
      this.#leaveAlignment(next);
    }
    return this.#positional(index, element) ?? this.#search(element);
  }

  #leaveAlignment(taken: number): void {
    for (let i = 0; i < taken; i++) {
      const record = this.#baseline.recordAt(i);
      if (record !== undefined) record.claimedByList = this.#listId;
    }
    this.#unused = new UnusedItems(this.#baseline, taken, this.#listId);
    this.#aligned = -1;
  }

  #positional(index: number, element: NormalizedItem): ItemRecord | undefined {
    if (!this.#mode.positional) return undefined;
    const record = this.#baseline.recordAt(index);
    if (record === undefined || !isSameItem(record, element)) return undefined;
    if (this.#mode.exclusive && record.claimedByList === this.#listId) {
      return undefined;
    }
    record.claimedByList = this.#listId;
    return record;
  }

  #search(element: NormalizedItem): ItemRecord | undefined {
    const record = this.#unused?.first(element);
    if (record !== undefined) record.claimedByList = this.#listId;
    return record;
  }
}

/** Items of a baseline that no element has matched, by content class. */
class UnusedItems {
  readonly #byContent: Map<number, UnusedOfContent> = new Map();
  readonly #listId: number;

  constructor(baseline: ItemHistory, from: number, listId: number) {
    this.#listId = listId;
    for (let i = from; i < baseline.length; i++) {
      const record = baseline.recordAt(i);
      if (record === undefined || record.claimedByList === listId) continue;
      let known = this.#byContent.get(record.contentClass);
      if (known === undefined) {
        this.#byContent.set(record.contentClass, known = new UnusedOfContent());
      }
      known.add(record, i);
    }
  }

  first(element: NormalizedItem): ItemRecord | undefined {
    return this.#byContent.get(element.contentClass)?.first(
      element.responsesId,
      this.#listId,
    );
  }
}

/** Items with the same content, in the order of the baseline. */
export class UnusedOfContent {
  readonly #all: Queue = new Queue();
  readonly #withoutId: Queue = new Queue();
  readonly #byId: Map<string, Queue> = new Map();

  /** Adds an item; `index` must be greater than that of the item before. */
  add(record: ItemRecord, index: number): void {
    const entry = { record, index };
    this.#all.entries.push(entry);
    const id = record.item.responses_item_id;
    if (id === undefined) {
      this.#withoutId.entries.push(entry);
      return;
    }
    const known = this.#byId.get(id);
    if (known !== undefined) known.entries.push(entry);
    else {
      const queue = new Queue();
      queue.entries.push(entry);
      this.#byId.set(id, queue);
    }
  }

  /** Returns the first unmatched item whose Responses id is equal or unknown. */
  first(id: string | null, listId: number): ItemRecord | undefined {
    if (id === null) return this.#all.first(listId)?.record;
    const without = this.#withoutId.first(listId);
    const same = this.#byId.get(id)?.first(listId);
    if (without === undefined || same === undefined) {
      return (without ?? same)?.record;
    }
    return without.index < same.index ? without.record : same.record;
  }
}

interface QueueEntry {
  readonly record: ItemRecord;
  readonly index: number;
}

/** Entries in order. A matched entry is skipped only once. */
class Queue {
  readonly entries: QueueEntry[] = [];
  #next = 0;

  first(listId: number): QueueEntry | undefined {
    for (;;) {
      const entry = this.entries[this.#next];
      if (entry === undefined || entry.record.claimedByList !== listId) {
        return entry;
      }
      this.#next++;
    }
  }
}
