/**
 * Edges between agents, those that still wait for the message they deliver, and the messages
 * they may wait for.
 *
 * @module
 */

import type {
  CodexTurnId,
  EdgeId,
  RawPayloadId,
  ThreadId,
  ToolCallId,
} from "../format/ids.ts";
import type { UnixMs } from "../format/vocabulary.ts";
import type {
  InteractionEdge,
  InteractionEdgeKind,
  TraceAnchor,
} from "../graph/runtime.ts";
import { type Delivery, deliveryOf, mayDeliver } from "./agent_message.ts";
import type { ItemRecord } from "./item_record.ts";
import type { Origin } from "./problems.ts";
import type { Draft } from "./records.ts";

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
  payloadIds: RawPayloadId[];
  /** The event that told of it. */
  readonly origin: Origin;
}

/** What one thread received, and what it is to receive, by text. */
class Mailbox {
  /** Items that were not looked into yet. */
  unread: ItemRecord[] = [];
  /** In order of creation; some that are targets are left out. */
  readonly delivered: Map<string, ItemRecord[]> = new Map();
  /** In the order in which they became pending. */
  readonly pending: Map<string, PendingEdge[]> = new Map();
}

/** Every edge of the rollout. */
export class EdgeTable {
  readonly #edges: Map<EdgeId, Draft<InteractionEdge>> = new Map();
  readonly #pending: Map<EdgeId, PendingEdge> = new Map();
  readonly #edgesOfTool: Map<ToolCallId, Draft<InteractionEdge>[]> = new Map();
  readonly #pendingOfTool: Map<ToolCallId, PendingEdge[]> = new Map();
  readonly #mailboxes: Map<ThreadId, Mailbox> = new Map();
  readonly #deliveries: Map<ItemRecord, Delivery> = new Map();
  readonly #lastMessages: Map<ThreadId, Map<CodexTurnId | null, ItemRecord>> =
    new Map();

  /** The edges as the graph shows them. */
  get graph(): ReadonlyMap<EdgeId, InteractionEdge> {
    return this.#edges;
  }

  /** The resolved edge of that id. */
  get(id: EdgeId): Draft<InteractionEdge> | undefined {
    return this.#edges.get(id);
  }

  /** The pending edge of that id. */
  pending(id: EdgeId): PendingEdge | undefined {
    return this.#pending.get(id);
  }

  /** Resolved edges whose source is the tool call, in order of creation. */
  edgesOfTool(id: ToolCallId): readonly Draft<InteractionEdge>[] {
    return this.#edgesOfTool.get(id) ?? [];
  }

  /** Pending edges whose source is the tool call, in order of arrival. */
  pendingOfTool(id: ToolCallId): readonly PendingEdge[] {
    return this.#pendingOfTool.get(id) ?? [];
  }

  /** Pending edges, in order of arrival. */
  allPending(): PendingEdge[] {
    return [...this.#pending.values()];
  }

  /** Enters a resolved edge whose id is not taken. */
  add(edge: Draft<InteractionEdge>): void {
    this.#edges.set(edge.edge_id, edge);
    if (edge.source.type === "tool_call") {
      push(this.#edgesOfTool, edge.source.tool_call_id, edge);
    }
  }

  /** Lets an edge wait for its message. */
  wait(edge: PendingEdge): void {
    this.#pending.set(edge.edgeId, edge);
    push(this.#mailbox(edge.targetThreadId).pending, edge.text, edge);
    if (edge.source.type === "tool_call") {
      push(this.#pendingOfTool, edge.source.tool_call_id, edge);
    }
  }

  /** Takes an edge out of those that wait. */
  stopWaiting(edge: PendingEdge): void {
    this.#pending.delete(edge.edgeId);
    remove(this.#mailbox(edge.targetThreadId).pending, edge.text, edge);
    if (edge.source.type === "tool_call") {
      remove(this.#pendingOfTool, edge.source.tool_call_id, edge);
    }
  }

  /** What an item delivers, if any edge waits for a message to its thread at all. */
  awaitedDelivery(record: ItemRecord): Delivery | undefined {
    const mailbox = this.#mailboxes.get(record.item.thread_id);
    if (mailbox === undefined || mailbox.pending.size === 0) return undefined;
    this.#read(mailbox);
    return this.#deliveries.get(record);
  }

  /** Edges that wait for a message of that text to a thread, in order of arrival. */
  pendingFor(thread: ThreadId, text: string): readonly PendingEdge[] {
    return this.#mailboxes.get(thread)?.pending.get(text) ?? [];
  }

  /** The first item of a thread that is such a delivery and no edge's target. */
  untargeted(
    thread: ThreadId,
    { author, recipient, text }: Delivery,
  ): ItemRecord | undefined {
    const mailbox = this.#mailboxes.get(thread);
    if (mailbox === undefined) return undefined;
    this.#read(mailbox);
    const sameText = mailbox.delivered.get(text) ?? [];
    const first = sameText.findIndex((record) => !record.targeted);
    // A target stays one; most are in front, and need not be passed again and again.
    sameText.splice(0, first < 0 ? sameText.length : first);
    return sameText.find((record) => {
      if (record.targeted) return false;
      const delivery = this.#deliveries.get(record);
      return delivery?.author === author && delivery.recipient === recipient;
    });
  }

  /** The item in which the turn's agent spoke last, `undefined` if it never did. */
  lastMessage(thread: ThreadId, turn: CodexTurnId): ItemRecord | undefined {
    return this.#lastMessages.get(thread)?.get(turn);
  }

  /** Takes note of a new item. */
  itemCreated(record: ItemRecord): void {
    const { item } = record;
    if (item.role !== "assistant" || item.kind !== "message") return;
    if (item.agent_message === undefined) this.#noteMessage(record);
    if (mayDeliver(item)) this.#mailbox(item.thread_id).unread.push(record);
  }

  /** Takes note that an item got another body. */
  itemRewritten(record: ItemRecord): void {
    const mailbox = this.#mailbox(record.item.thread_id);
    const delivery = this.#deliveries.get(record);
    if (delivery !== undefined) {
      remove(mailbox.delivered, delivery.text, record);
      this.#deliveries.delete(record);
    }
    if (!mailbox.unread.includes(record)) mailbox.unread.push(record);
  }

  #mailbox(thread: ThreadId): Mailbox {
    let mailbox = this.#mailboxes.get(thread);
    if (mailbox === undefined) {
      this.#mailboxes.set(thread, mailbox = new Mailbox());
    }
    return mailbox;
  }

  #read(mailbox: Mailbox): void {
    const { unread } = mailbox;
    mailbox.unread = [];
    for (const record of unread) {
      const delivery = deliveryOf(record.item);
      if (delivery === null) continue;
      this.#deliveries.set(record, delivery);
      push(mailbox.delivered, delivery.text, record);
      const list = mailbox.delivered.get(delivery.text);
      if ((list?.at(-2)?.ordinal ?? 0) > record.ordinal) {
        list?.sort((a, b) => a.ordinal - b.ordinal);
      }
    }
  }

  #noteMessage(record: ItemRecord): void {
    const { item } = record;
    let byTurn = this.#lastMessages.get(item.thread_id);
    if (byTurn === undefined) {
      this.#lastMessages.set(item.thread_id, byTurn = new Map());
    }
    const last = byTurn.get(item.codex_turn_id)?.item;
    // Among messages of one instant the reference takes the last id in byte order, as text.
    const isLater = last === undefined ||
      item.first_seen_at_unix_ms > last.first_seen_at_unix_ms ||
      (item.first_seen_at_unix_ms === last.first_seen_at_unix_ms &&
        item.item_id > last.item_id);
    if (isLater) byTurn.set(item.codex_turn_id, record);
  }
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}

function remove<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const rest = lists.get(key)?.filter((other) => other !== value) ?? [];
  if (rest.length === 0) lists.delete(key);
  else lists.set(key, rest);
}
