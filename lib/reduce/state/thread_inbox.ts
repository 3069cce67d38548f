/**
 * What one thread received from other agents, and what it is still to receive.
 *
 * Everything is found without a search, for thousands of messages may say the same.
 *
 * @module
 */

import type { EdgeId, RawPayloadId, ThreadId } from "../../format/ids.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import type { InteractionEdgeKind, TraceAnchor } from "../../graph/runtime.ts";
import type { Origin } from "../fault_handler.ts";
import type { Delivery } from "../items/agent_message.ts";
import type { ItemRecord } from "./item_record.ts";

/** An edge whose delivered message the graph does not hold yet. */
export interface PendingEdge {
  readonly edgeId: EdgeId;
  readonly kind: InteractionEdgeKind;
  readonly source: TraceAnchor;
  readonly targetThreadId: ThreadId;
  /** Agent path of the sender. */
  readonly author: string;
  readonly text: string;
  startedAt: UnixMs;
  endedAt: UnixMs | null;
  readonly payloadIds: RawPayloadId[];
  /** The event that told of it. */
  readonly origin: Origin;
}

/** The messages to one thread. */
export class ThreadInbox {
  /** Items that were not looked into yet. */
  unparsed: Set<ItemRecord> = new Set();
  /** Items that are deliveries. */
  readonly delivered: Delivered = new Delivered();
  /** Edges that wait for one. */
  readonly pending: Pending = new Pending();
}

/** Edges that wait, by text and author. */
class Pending {
  readonly #byText: Map<string, Map<string, Set<PendingEdge>>> = new Map();

  /** How many texts are waited for. */
  get size(): number {
    return this.#byText.size;
  }

  /** The edges that wait for a text of that author, in order of arrival. */
  of({ author, text }: Pick<Delivery, "author" | "text">): Iterable<
    PendingEdge
  > {
    return this.#byText.get(text)?.get(author) ?? [];
  }

  add(edge: PendingEdge): void {
    let byAuthor = this.#byText.get(edge.text);
    if (byAuthor === undefined) {
      this.#byText.set(edge.text, byAuthor = new Map());
    }
    const known = byAuthor.get(edge.author);
    if (known === undefined) byAuthor.set(edge.author, new Set([edge]));
    else known.add(edge);
  }

  delete(edge: PendingEdge): void {
    const byAuthor = this.#byText.get(edge.text);
    const edges = byAuthor?.get(edge.author);
    edges?.delete(edge);
    if (edges?.size === 0) byAuthor?.delete(edge.author);
    if (byAuthor?.size === 0) this.#byText.delete(edge.text);
  }
}

/** Deliveries, by what they say, from whom, and to whom. */
class Delivered {
  readonly #deliveries: Map<ItemRecord, Delivery> = new Map();
  readonly #byText: Map<string, Map<string, SameDeliveries>> = new Map();

  /** What an item delivers. */
  of(record: ItemRecord): Delivery | undefined {
    return this.#deliveries.get(record);
  }

  /** The first such item, in the order of the thread, that is no edge's target. */
  first(delivery: Delivery): ItemRecord | undefined {
    return this.#byText.get(delivery.text)?.get(addressOf(delivery))?.first(
      (record, of) =>
        !record.isEdgeTarget && this.#deliveries.get(record) === of,
    );
  }

  add(record: ItemRecord, delivery: Delivery): void {
    this.#deliveries.set(record, delivery);
    let byAddress = this.#byText.get(delivery.text);
    if (byAddress === undefined) {
      this.#byText.set(delivery.text, byAddress = new Map());
    }
    const address = addressOf(delivery);
    let same = byAddress.get(address);
    if (same === undefined) byAddress.set(address, same = new SameDeliveries());
    same.add(record, delivery);
  }

  /** What the item says is no longer so. */
  delete(record: ItemRecord): void {
    this.#deliveries.delete(record);
  }
}

/** Author and recipient as one text; agents may call themselves anything. */
function addressOf({ author, recipient }: Delivery): string {
  return `${author.length} ${author}${recipient}`;
}

interface Entry {
  readonly record: ItemRecord;
  readonly delivery: Delivery;
  /** Place of the item when it was added; one that moved is added again. */
  readonly position: number;
}

/** Items that deliver the same, in the order of their thread. */
class SameDeliveries {
  readonly #entries: Entry[] = [];
  /** Entries before it never pass again. */
  #next = 0;

  add(record: ItemRecord, delivery: Delivery): void {
    const { position } = record;
    const at = this.#indexOf(position);
    this.#entries.splice(at, 0, { record, delivery, position });
    if (at < this.#next) this.#next = at;
  }

  /** How many entries come before `position`. Nearly always all of them. */
  #indexOf(position: number): number {
    let low = 0;
    let high = this.#entries.length;
    if (high === 0 || this.#positionAt(high - 1) < position) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#positionAt(middle) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #positionAt(index: number): number {
    return this.#entries[index]?.position ?? 0;
  }

  first(
    passes: (record: ItemRecord, delivery: Delivery) => boolean,
  ): ItemRecord | undefined {
    for (;;) {
      const entry = this.#entries[this.#next];
      if (entry === undefined) return undefined;
      if (passes(entry.record, entry.delivery)) return entry.record;
      this.#next++;
    }
  }
}
