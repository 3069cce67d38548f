/**
 * What the rows of a report share: lists of items, and how numbers are told.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { ItemIdList } from "../../graph/conversation.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../graph/item_id_list.ts";
import type { PayloadCapture } from "../../format/payload.ts";
import type { CaptureRow, ItemList, Whole } from "../report_data.ts";

/** Lists of items, told as the beginnings of few vectors. */
export class VectorPool {
  readonly #vectors: number[][] = [];
  readonly #rows: ReadonlyMap<ConversationItemId, number>;
  readonly #storages: Map<ItemIdStorage, number> = new Map();
  /** The vector that the last plain list of a thread went into. */
  readonly #latest: Map<string, number> = new Map();

  /** Takes the row of each item. */
  constructor(rows: ReadonlyMap<ConversationItemId, number>) {
    this.#rows = rows;
  }

  /** A list of items of one thread. */
  place(list: ItemIdList | readonly string[], thread: string): ItemList {
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
    // Places are kept, also of an item that the graph does not hold.
    while (vector.length < length) {
      vector.push(this.#row(storage.idAt(vector.length)));
    }
    return [at, length];
  }

  /** A list that shares nothing: it continues the last one of its thread where it can. */
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

/** A whole number for a page that must show every digit. */
export function whole(value: Integer): Whole {
  return typeof value === "bigint" ? String(value) : value;
}

/** How much of a payload was kept; null when all of it was. */
export function captureRow(
  capture: PayloadCapture | null | undefined,
): CaptureRow | null {
  if (capture === null || capture === undefined) return null;
  const original_bytes = whole(capture.original_bytes);
  return capture.status === "omitted"
    ? { status: capture.status, original_bytes }
    : {
      status: capture.status,
      original_bytes,
      retained_bytes: whole(capture.retained_bytes),
    };
}

/** A whole number where it may be rounded: a place on an axis. */
export function rounded(value: Integer): number;
export function rounded(value: Integer | null): number | null;
export function rounded(value: Integer | null | undefined): number | null;
export function rounded(value: Integer | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
