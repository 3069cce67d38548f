/**
 * The messages of other agents that one thread received, and those that are still pending.
 *
 * Indexes replace every search, because thousands of messages may have the same text.
 *
 * @module
 */

import type { EdgeId, RawPayloadId, ThreadId } from "../../format/ids.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import type { InteractionEdgeKind, TraceAnchor } from "../../graph/runtime.ts";
import type { Origin } from "../fault_handler.ts";
import type { Delivery } from "../items/agent_message.ts";
import type { ItemRecord } from "./item_record.ts";

/** An edge to a message that is not in the graph yet. */
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
  /** The event that recorded it. */
  readonly origin: Origin;
}

export class ThreadInbox {
  /** Items that may be deliveries and were not parsed yet. */
  unparsed: Set<ItemRecord> = new Set();
  /** Items that are deliveries. */
  readonly deliveredItems: DeliveredItems = new DeliveredItems();
  /** Edges to a message that was not observed yet. */
  readonly pendingEdges: PendingEdges = new PendingEdges();
}

/** Pending edges, by text and author. */
class PendingEdges {
  readonly #byText: Map<string, Map<string, Set<PendingEdge>>> = new Map();

  /** Number of different texts. */
  get size(): number {
    return this.#byText.size;
  }

  /** Returns the pending edges for a text of an author, in order of arrival. */
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

/** Deliveries, by text, author and recipient. */
class DeliveredItems {
  readonly #deliveries: Map<ItemRecord, Delivery> = new Map();
  readonly #byText: Map<string, Map<string, SameDeliveries>> = new Map();

  /** Returns the message that an item delivers. */
  of(record: ItemRecord): Delivery | undefined {
    return this.#deliveries.get(record);
  }

  /** Returns the first such item of the thread that is not the target of an edge. */
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

  /** Removes an item whose content changed. */
  delete(record: ItemRecord): void {
    this.#deliveries.delete(record);
  }
}

/** Returns author and recipient as one key. The length makes it unique for any two names. */
function addressOf({ author, recipient }: Delivery): string {
  return `${author.length} ${author}${recipient}`;
}

interface Entry {
  readonly record: ItemRecord;
  readonly delivery: Delivery;
  /** Position of the item when it was added. An item that moved is added again. */
  readonly position: number;
}

/** Items that deliver the same message, in the order of their thread. */
class SameDeliveries {
  readonly #entries: Entry[] = [];
  /** Index of the first entry that may still pass. */
  #next = 0;

  add(record: ItemRecord, delivery: Delivery): void {
    const { position } = record;
    const at = this.#indexOf(position);
    this.#entries.splice(at, 0, { record, delivery, position });
    if (at < this.#next) this.#next = at;
  }

  /** Returns the number of entries before `position`: nearly always all of them. */
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
