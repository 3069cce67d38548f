/**
 * Lists of items, stored as the first entries of a few shared vectors.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { ItemIdList } from "../../graph/conversation.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../graph/item_id_list.ts";
import type { ItemList } from "../report_data.ts";

/**
 * Stores lists of items as the first entries of a few vectors: every request lists the conversation
 * so far, and lists of their own would grow with the square of a session.
 */
export class VectorPool {
  readonly #vectors: number[][] = [];
  readonly #rows: ReadonlyMap<ConversationItemId, number>;
  readonly #storages: Map<ItemIdStorage, number> = new Map();
  /** The vector that holds the last plain list of a thread. */
  readonly #latest: Map<string, number> = new Map();

  /** `rows` is the row of each item. */
  constructor(rows: ReadonlyMap<ConversationItemId, number>) {
    this.#rows = rows;
  }

  /** Adds a list of items of one thread, and returns where it is. */
  intern(list: ItemIdList | readonly string[], thread: string): ItemList {
    return list instanceof SharedItemIdList
      ? this.#shared(list)
      : this.#plain(list, thread);
  }

  /** Every vector. */
  all(): readonly (readonly number[])[] {
    return this.#vectors;
  }

  #shared({ storage, length }: SharedItemIdList): ItemList {
    let at = this.#storages.get(storage);
    if (at === undefined) {
      at = this.#vectors.push([]) - 1;
      this.#storages.set(storage, at);
    }
    const vector = this.#vectors[at] ?? [];
    // An item that the graph does not have still takes its position.
    while (vector.length < length) {
      vector.push(this.#row(storage.idAt(vector.length)));
    }
    return [at, length];
  }

  /** Adds a list with storage of its own: it continues the last list of its thread if it can. */
  #plain(list: Iterable<string>, thread: string): ItemList {
    const rows = Array.from(list, (id) => this.#row(id));
    const latest = this.#latest.get(thread);
    const before = latest === undefined ? undefined : this.#vectors[latest];
    if (latest !== undefined && before !== undefined) {
      const common = Math.min(before.length, rows.length);
      if (rows.slice(0, common).every((row, i) => row === before[i])) {
        for (const row of rows.slice(common)) before.push(row);
        return [latest, rows.length];
      }
    }
    const at = this.#vectors.push(rows) - 1;
    this.#latest.set(thread, at);
    return [at, rows.length];
  }

  #row(id: ConversationItemId): number {
    return this.#rows.get(id) ?? -1;
  }
}
