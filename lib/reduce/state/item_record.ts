/**
 * Conversation items while the graph grows, and the vectors that lists of them share.
 *
 * @module
 */

import type { InferenceCall } from "../../graph/runtime.ts";
import type {
  ConversationItem,
  ProducerRef,
} from "../../graph/conversation.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../graph/item_id_list.ts";

/** `T` with its own keys and lists open for change. */
export type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K];
};

/** An item of the graph with what only the reducer needs to know of it. */
export class ItemRecord {
  /** The item as the graph shows it. */
  readonly item: ItemDraft;
  /** Position in the order of creation, from 1. */
  readonly ordinal: number;
  /** Position in the order of its thread, to be compared only. */
  position: number;
  /** What it says, see `ContentClasses`. Merging readable reasoning never changes it. */
  contentClass: number;
  /** Number of the last list that used the item; lists are numbered by the state. */
  claimedByList = 0;
  /** Whether the model saw it for sure: it is listed among its thread's items. */
  visible = false;
  /** Calls whose stored response holds the item. */
  readonly responseOf: Set<InferenceRecord> = new Set();
  /** Whether an edge already leads to this item. */
  isEdgeTarget = false;
  #producers: Set<string> | undefined;

  /** Wraps `item`, the `ordinal`-th of the rollout. */
  constructor(item: ItemDraft, ordinal: number, contentClass: number) {
    this.item = item;
    this.ordinal = ordinal;
    this.position = ordinal;
    this.contentClass = contentClass;
  }

  /** Adds a producer unless it is listed already. */
  addProducer(producer: ProducerRef): void {
    const { produced_by } = this.item;
    if (produced_by.length <= LINEAR_SCAN_LIMIT) {
      if (!produced_by.some((other) => sameProducer(other, producer))) {
        produced_by.push(producer);
      }
      return;
    }
    this.#producers ??= new Set(produced_by.map(producerKey));
    const key = producerKey(producer);
    if (this.#producers.has(key)) return;
    this.#producers.add(key);
    produced_by.push(producer);
  }
}

/** Up to so many producers, a search is as fast as a set. */
const LINEAR_SCAN_LIMIT = 16;

/** Equal for the same producer, and for no other. */
function producerKey(producer: ProducerRef): string {
  return Object.values(producer).join(" ");
}

/** A conversation item that may still change. */
export type ItemDraft = Omit<ConversationItem, "produced_by"> & {
  produced_by: ProducerRef[];
};

function sameProducer(a: ProducerRef, b: ProducerRef): boolean {
  switch (a.type) {
    case "user_input":
    case "harness":
      return a.type === b.type;
    case "inference":
      return b.type === a.type && b.inference_call_id === a.inference_call_id;
    case "tool":
      return b.type === a.type && b.tool_call_id === a.tool_call_id;
    case "code_cell":
      return b.type === a.type && b.code_cell_id === a.code_cell_id;
    case "interaction_edge":
      return b.type === a.type && b.edge_id === a.edge_id;
    case "compaction":
      return b.type === a.type && b.compaction_id === a.compaction_id;
  }
}

/** Append-only storage of item records that several lists are prefixes of. */
export class ItemVector implements ItemIdStorage {
  readonly #records: ItemRecord[];
  readonly #positions: Map<ItemRecord, number> = new Map();
  #distinct: number;

  /** Starts with a copy of `records`. */
  constructor(records: readonly ItemRecord[] = []) {
    this.#records = [];
    this.#distinct = 0;
    for (const record of records) this.push(record);
  }

  /** How many records it holds. */
  get length(): number {
    return this.#records.length;
  }

  /** The longest prefix without a repeated record. */
  get distinct(): number {
    return this.#distinct;
  }

  /** The record at `index`, `undefined` beyond the end. */
  recordAt(index: number): ItemRecord | undefined {
    return this.#records[index];
  }

  /** The id at `index`, which is below `length`. */
  idAt(index: number): string {
    return this.#records[index]?.item.item_id ?? "";
  }

  /** First position of `record`, `undefined` when it is not here. */
  positionOf(record: ItemRecord): number | undefined {
    return this.#positions.get(record);
  }

  /** Adds a record at the end. */
  push(record: ItemRecord): void {
    const known = this.#positions.has(record);
    if (!known) {
      this.#positions.set(record, this.#records.length);
      if (this.#distinct === this.#records.length) this.#distinct++;
    }
    this.#records.push(record);
  }

  /** A copy of the first `length` records. */
  prefix(length: number): ItemRecord[] {
    return this.#records.slice(0, length);
  }
}

/** An immutable list of items: a prefix of a shared vector. */
export class ItemHistory extends SharedItemIdList {
  override readonly storage: ItemVector;

  /** Takes the first `length` records of `storage`. */
  constructor(
    storage: ItemVector = new ItemVector(),
    length: number = storage.length,
  ) {
    super(storage, length);
    this.storage = storage;
  }

  /** The record at `index`, `undefined` beyond the end. */
  recordAt(index: number): ItemRecord | undefined {
    return index < this.length ? this.storage.recordAt(index) : undefined;
  }

  /** The first `length` items. */
  take(length: number): ItemHistory {
    return length === this.length
      ? this
      : new ItemHistory(this.storage, length);
  }

  /**
   * The list followed by `records`. It goes on in the same storage where that already holds
   * them or ends here, and copies only where the storage holds something else.
   */
  concat(records: readonly ItemRecord[]): ItemHistory {
    let storage = this.storage;
    let length = this.length;
    for (const record of records) {
      if (length === storage.length) storage.push(record);
      else if (storage.recordAt(length) !== record) {
        storage = new ItemVector(storage.prefix(length));
        storage.push(record);
      }
      length++;
    }
    return new ItemHistory(storage, length);
  }

  /** Whether both lists share their first `length` places of storage. */
  sharesPrefix(other: ItemHistory, length: number): boolean {
    return this.storage === other.storage && this.length >= length &&
      other.length >= length;
  }

  /** The records, as an array of their own. */
  records(): ItemRecord[] {
    return this.storage.prefix(this.length);
  }
}

/** A request to a model. */
export interface InferenceRecord {
  readonly call: Mutable<InferenceCall>;
  /** Its request, as a list of records. */
  request: ItemHistory;
  /** Its stored response, as records. */
  response: ItemRecord[];
  /** Whether the payload of the request itself is partial; no matter what stood in for it. */
  readonly isRequestPartial: boolean;
  /** Whether the payload of the last response is partial. */
  isResponsePartial: boolean;
}

/** Which part an item has in which call. */
export type CallPart = Pick<ConversationItem, "call_id" | "kind">;
