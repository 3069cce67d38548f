/**
 * Which requests carried an item, and which compactions found it in the history.
 *
 * @module
 */

import type { ConversationItemId } from "../../../format/ids.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { Compaction, InferenceCall } from "../../../graph/runtime.ts";
import { inCreationOrder } from "../../session/names/creation_order.ts";
import type { ItemIdList } from "../../../graph/conversation.ts";
import {
  type ItemIdStorage,
  SharedItemIdList,
} from "../../../graph/item_id_list.ts";

/** The requests that carried an item. */
export interface CarrierIndex {
  /** How many requests carried it. */
  readonly count: number;
  /** The first of them; null when none did. */
  readonly first: InferenceCall | null;
  /** The last of them; null when none did. */
  readonly last: InferenceCall | null;
}

/** Looks up what carried an item, without walking the requests. */
export class ItemCarriers {
  /** The requests, in the order in which they were sent. */
  readonly #calls: readonly InferenceCall[];
  readonly #compactions: readonly Compaction[];
  readonly #requests: PrefixIndex;
  readonly #inputs: PrefixIndex;

  /** Indexes the requests and compactions of `trace`. */
  constructor(trace: RolloutTrace) {
    this.#calls = inCreationOrder("inference_call", trace.inference_calls)
      .map(([, call]) => call);
    this.#compactions = inCreationOrder("compaction", trace.compactions)
      .map(([, compaction]) => compaction);
    this.#requests = new PrefixIndex(
      this.#calls.map(({ request_item_ids: list, thread_id: group }) => ({
        list,
        group,
      })),
    );
    this.#inputs = new PrefixIndex(
      this.#compactions.map(({ input_item_ids: list, thread_id: group }) => ({
        list,
        group,
      })),
    );
  }

  /** The requests that carried an item: the first, the last, and how many. */
  requests(id: ConversationItemId): CarrierIndex {
    const { count, first, last } = this.#requests.holders(id);
    return {
      count,
      first: this.#calls[first] ?? null,
      last: this.#calls[last] ?? null,
    };
  }

  /** Every request that carried an item, in the order in which they were sent. */
  everyRequest(id: ConversationItemId): InferenceCall[] {
    return this.#requests.places(id).flatMap((place) =>
      this.#calls[place] ?? []
    );
  }

  /** The compactions that found an item in the history, in order. */
  compactions(id: ConversationItemId): Compaction[] {
    return this.#inputs.places(id).flatMap((place) =>
      this.#compactions[place] ?? []
    );
  }
}

/** Lists that hold an id, by their places in the order in which they were given. */
interface Holders {
  /** How many lists hold it. */
  readonly count: number;
  /** Place of the first list that holds it; -1 when none does. */
  readonly first: number;
  /** Place of the last list that holds it; -1 when none does. */
  readonly last: number;
}

/** The position of an id in a vector. */
interface Spot {
  readonly shelf: Shelf;
  readonly position: number;
}

/** A vector with the lists that are its prefixes. */
interface Shelf {
  readonly storage: ItemIdStorage;
  /** The lists, the longest first. */
  readonly lists: { length: number; place: number }[];
  /** Of the longest `n + 1` lists, the least place. */
  first: number[];
  /** Of the longest `n + 1` lists, the greatest place. */
  last: number[];
}

/** Lists that share nothing by themselves, put on common vectors where one begins another. */
class Grown implements ItemIdStorage {
  readonly ids: ConversationItemId[] = [];

  get length(): number {
    return this.ids.length;
  }

  idAt(index: number): ConversationItemId {
    return this.ids[index] ?? "";
  }

  /** Takes the list in, if one is the beginning of the other. */
  takes(list: ItemIdList): boolean {
    const common = Math.min(list.length, this.ids.length);
    for (let at = 0; at < common; at++) {
      if (this.ids[at] !== list.at(at)) return false;
    }
    for (let at = common; at < list.length; at++) {
      const id = list.at(at);
      if (id !== undefined) this.ids.push(id);
    }
    return true;
  }
}

/** Finds the lists that hold an id. */
class PrefixIndex {
  readonly #spots: Map<ConversationItemId, Spot[]> = new Map();

  /**
   * Takes the lists in their order. `group` names those that may share a prefix, such as the
   * requests of one thread.
   */
  constructor(lists: Iterable<{ list: ItemIdList; group: string }>) {
    const shelves = new Map<ItemIdStorage, Shelf>();
    const grown = new Map<string, Grown>();
    let place = 0;
    for (const { list, group } of lists) {
      const storage = storageOf(list, group, grown);
      let shelf = shelves.get(storage);
      if (shelf === undefined) {
        shelf = { storage, lists: [], first: [], last: [] };
        shelves.set(storage, shelf);
      }
      shelf.lists.push({ length: list.length, place });
      place++;
    }
    for (const shelf of shelves.values()) this.#add(shelf);
  }

  /** How many lists hold `id`, the first of them and the last. */
  holders(id: ConversationItemId): Holders {
    let count = 0;
    let first = -1;
    let last = -1;
    for (const { shelf, position } of this.#spots.get(id) ?? []) {
      const longer = longerThan(shelf, position);
      if (longer === 0) continue;
      count += longer;
      const least = shelf.first[longer - 1] ?? -1;
      first = first === -1 ? least : Math.min(first, least);
      last = Math.max(last, shelf.last[longer - 1] ?? -1);
    }
    return { count, first, last };
  }

  /** The places of all lists that hold `id`, in order. */
  places(id: ConversationItemId): number[] {
    return (this.#spots.get(id) ?? []).flatMap(({ shelf, position }) =>
      shelf.lists.slice(0, longerThan(shelf, position))
        .map(({ place }) => place)
    ).sort((a, b) => a - b);
  }

  #add(shelf: Shelf): void {
    shelf.lists.sort((a, b) => b.length - a.length || a.place - b.place);
    let first = Infinity;
    let last = -1;
    for (const { place } of shelf.lists) {
      first = Math.min(first, place);
      last = Math.max(last, place);
      shelf.first.push(first);
      shelf.last.push(last);
    }
    const seen = new Set<ConversationItemId>();
    const length = shelf.lists[0]?.length ?? 0;
    for (let position = 0; position < length; position++) {
      const id = shelf.storage.idAt(position);
      // Only the first place counts: a list that holds a later one holds this one too.
      if (seen.has(id)) continue;
      seen.add(id);
      const spots = this.#spots.get(id);
      if (spots === undefined) this.#spots.set(id, [{ shelf, position }]);
      else spots.push({ shelf, position });
    }
  }
}

/** How many lists of a shelf are longer than `position`. */
function longerThan({ lists }: Shelf, position: number): number {
  let low = 0;
  let high = lists.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lists[middle]?.length ?? 0) > position) low = middle + 1;
    else high = middle;
  }
  return low;
}

function storageOf(
  list: ItemIdList,
  group: string,
  grown: Map<string, Grown>,
): ItemIdStorage {
  if (list instanceof SharedItemIdList) return list.storage;
  const latest = grown.get(group);
  if (latest?.takes(list) === true) return latest;
  const fresh = new Grown();
  fresh.takes(list);
  grown.set(group, fresh);
  return fresh;
}
