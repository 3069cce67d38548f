/**
 * Conversation items and LLM requests while the graph is built, and the storage that lists of
 * items share.
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
import { LazySet } from "./lazy_index.ts";

/** `T` with keys and lists that may be changed. */
export type Mutable<T> = {
  -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K];
};

/** An item, with data that only the reducer needs. */
export class ItemRecord {
  /** The item in the graph. */
  readonly item: MutableItem;
  /** Position in the order of creation, from 1. */
  readonly ordinal: number;
  /** Position in the order of its thread; a number to compare, not an index. */
  position: number;
  /** Class of its content, see `ContentClasses`. Merging readable reasoning never changes it. */
  contentClass: number;
  /** Id of the last list with an element that matched the item, see `ReducerState.nextListId`. */
  claimedByList = 0;
  /** Whether the model certainly saw it: then the thread lists it. */
  visible = false;
  /** LLM requests whose stored response has the item. */
  readonly responseOf: LazySet<InferenceRecord> = new LazySet();
  /**
   * Whether its call id belonged to another call of the thread before. A tolerant reduction links
   * such an item with no call: which one it belongs to is unknown.
   */
  hasReusedCallId = false;
  /** Whether an edge already leads to this item. */
  isEdgeTarget = false;
  #producers: Set<string> | undefined;

  /** Wraps `item`, the `ordinal`-th of the rollout. */
  constructor(item: MutableItem, ordinal: number, contentClass: number) {
    this.item = item;
    this.ordinal = ordinal;
    this.position = ordinal;
    this.contentClass = contentClass;
  }

  /** Adds a producer if it is missing. */
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

/** Maximum number of producers for which a search is as fast as a set. */
const LINEAR_SCAN_LIMIT = 16;

/** Returns a key that is unique for a producer. */
function producerKey(producer: ProducerRef): string {
  return Object.values(producer).join(" ");
}

/** A conversation item that may be changed. */
export type MutableItem = Omit<ConversationItem, "produced_by"> & {
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

/** Append-only storage of item records; several lists are prefixes of it. */
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

  /** Number of records. */
  get length(): number {
    return this.#records.length;
  }

  /** Length of the longest prefix without a repeated record. */
  get distinct(): number {
    return this.#distinct;
  }

  /** Returns the record at `index`, `undefined` beyond the end. */
  recordAt(index: number): ItemRecord | undefined {
    return this.#records[index];
  }

  /** Returns the id at `index`, which is below `length`. */
  idAt(index: number): string {
    return this.#records[index]?.item.item_id ?? "";
  }

  /** Returns the first position of `record`, `undefined` when it is missing. */
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

  /** Returns a copy of the first `length` records. */
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

  /** Returns the record at `index`, `undefined` beyond the end. */
  recordAt(index: number): ItemRecord | undefined {
    return index < this.length ? this.storage.recordAt(index) : undefined;
  }

  /** Returns the first `length` items. */
  take(length: number): ItemHistory {
    return length === this.length
      ? this
      : new ItemHistory(this.storage, length);
  }

  /**
   * Returns the list followed by `records`. It uses the same storage if that ends here or already
   * has these records, and copies only if the storage has others.
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

  /** Returns whether both lists share the storage of their first `length` items. */
  sharesPrefix(other: ItemHistory, length: number): boolean {
    return this.storage === other.storage && this.length >= length &&
      other.length >= length;
  }

  /** Returns a copy of the records. */
  records(): ItemRecord[] {
    return this.storage.prefix(this.length);
  }
}

/** An LLM request. */
export interface InferenceRecord {
  readonly call: Mutable<InferenceCall>;
  request: ItemHistory;
  /** The items of its stored response. */
  response: ItemRecord[];
  /** How often events were lost before it started, see `ReducerState.lostEvents`. */
  readonly lostBefore: number;
  /** Whether the payload of the request is partial, even if a warm-up context replaced it. */
  readonly isRequestPartial: boolean;
  /** Whether the payload of the last response is partial. */
  isResponsePartial: boolean;
}

/** The call of an item, and the kind that determines its role in the call. */
export type CallPart = Pick<ConversationItem, "call_id" | "kind">;
