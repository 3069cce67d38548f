/**
 * Edges between agents, those that still wait for the message they deliver, and the messages
 * they may wait for.
 *
 * @module
 */

import { LimitError } from "../../errors.ts";
import type {
  CodexTurnId,
  EdgeId,
  ThreadId,
  ToolCallId,
} from "../../format/ids.ts";
import { compareUtf8 } from "../../format/json/utf8_order.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import type { InteractionEdge } from "../../graph/runtime.ts";
import {
  type Delivery,
  deliveryOf,
  mayDeliver,
} from "../items/agent_message.ts";
import type { ReduceRules } from "../rules.ts";
import type { ItemRecord, Mutable } from "./item_record.ts";
import { type PendingEdge, ThreadInbox } from "./thread_inbox.ts";

/** Every edge of the rollout. */
export class EdgeTable {
  /** How many ids of payloads all edges may carry. */
  maxEdgePayloads = Infinity;
  /** Whether a message whose text is JSON may deliver an agent's message. */
  readonly textDeliveries: boolean;
  #carried = 0;
  readonly #edges: Map<EdgeId, Mutable<InteractionEdge>> = new Map();
  readonly #pending: Map<EdgeId, PendingEdge> = new Map();
  readonly #firstOfTool: Map<ToolCallId, Mutable<InteractionEdge>> = new Map();
  readonly #pendingOfTool: Map<ToolCallId, Set<PendingEdge>> = new Map();
  readonly #inboxes: Map<ThreadId, ThreadInbox> = new Map();
  readonly #lastMessages: Map<ThreadId, Map<CodexTurnId | null, ItemRecord>> =
    new Map();

  /** Knows by which items messages are delivered. */
  constructor(rules: Pick<ReduceRules, "textDeliveries">) {
    this.textDeliveries = rules.textDeliveries;
  }

  /** The edges as the graph shows them. */
  get graph(): ReadonlyMap<EdgeId, InteractionEdge> {
    return this.#edges;
  }

  /** The resolved edge of that id. */
  get(id: EdgeId): Mutable<InteractionEdge> | undefined {
    return this.#edges.get(id);
  }

  /** The pending edge of that id. */
  pending(id: EdgeId): PendingEdge | undefined {
    return this.#pending.get(id);
  }

  /** Of the resolved edges whose source is the tool call, the one with the first id. */
  firstOfTool(id: ToolCallId): Mutable<InteractionEdge> | undefined {
    return this.#firstOfTool.get(id);
  }

  /** Of the pending edges whose source is the tool call, the one that came first. */
  firstPendingOfTool(id: ToolCallId): PendingEdge | undefined {
    return this.#pendingOfTool.get(id)?.values().next().value;
  }

  /** Pending edges, in order of arrival. */
  allPendingEdges(): PendingEdge[] {
    return [...this.#pending.values()];
  }

  /**
   * Makes sure that one more edge may carry so many payloads.
   *
   * @throws {LimitError} If all edges would carry too many.
   */
  chargeEdgePayloads(payloads: number, line: number): void {
    if (this.#carried + payloads > this.maxEdgePayloads) {
      throw new LimitError(
        "edge_payloads",
        this.maxEdgePayloads,
        "makes edges carry more payloads than",
        { file: EVENT_LOG_FILE, line },
      );
    }
    this.#carried += payloads;
  }

  /** Enters a resolved edge whose id is not taken. */
  add(edge: Mutable<InteractionEdge>): void {
    this.#edges.set(edge.edge_id, edge);
    if (edge.source.type !== "tool_call") return;
    const tool = edge.source.tool_call_id;
    const first = this.#firstOfTool.get(tool);
    if (first === undefined || compareUtf8(edge.edge_id, first.edge_id) < 0) {
      this.#firstOfTool.set(tool, edge);
    }
  }

  /** Lets an edge wait for its message. */
  addPending(edge: PendingEdge): void {
    this.#pending.set(edge.edgeId, edge);
    this.#inbox(edge.targetThreadId).pending.add(edge);
    if (edge.source.type === "tool_call") {
      add(this.#pendingOfTool, edge.source.tool_call_id, edge);
    }
  }

  /** Takes an edge out of those that wait. */
  removePending(edge: PendingEdge): void {
    this.#pending.delete(edge.edgeId);
    this.#inbox(edge.targetThreadId).pending.delete(edge);
    if (edge.source.type === "tool_call") {
      remove(this.#pendingOfTool, edge.source.tool_call_id, edge);
    }
  }

  /** What an item delivers, if any edge waits for a message to its thread at all. */
  awaitedDelivery(record: ItemRecord): Delivery | undefined {
    const inbox = this.#inboxes.get(record.item.thread_id);
    if (inbox === undefined || inbox.pending.size === 0) return undefined;
    this.#read(inbox);
    return inbox.delivered.of(record);
  }

  /** Edges that wait for such a delivery to a thread, in order of arrival. */
  pendingFor(
    thread: ThreadId,
    delivery: Pick<Delivery, "author" | "text">,
  ): Iterable<PendingEdge> {
    return this.#inboxes.get(thread)?.pending.of(delivery) ?? [];
  }

  /** The first item of a thread that is such a delivery and no edge's target. */
  firstUnclaimed(
    thread: ThreadId,
    { author, recipient, text }: Delivery,
  ): ItemRecord | undefined {
    const inbox = this.#inboxes.get(thread);
    if (inbox === undefined) return undefined;
    this.#read(inbox);
    return inbox.delivered.first({ author, recipient, text });
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
    if (mayDeliver(item, this.textDeliveries)) {
      this.#inbox(item.thread_id).unparsed.add(record);
    }
  }

  /** Takes note that an item got another body, or another place in its thread. */
  itemChanged(record: ItemRecord): void {
    if (!mayDeliver(record.item, this.textDeliveries)) return;
    const inbox = this.#inbox(record.item.thread_id);
    inbox.delivered.delete(record);
    inbox.unparsed.add(record);
  }

  #inbox(thread: ThreadId): ThreadInbox {
    let inbox = this.#inboxes.get(thread);
    if (inbox === undefined) {
      this.#inboxes.set(thread, inbox = new ThreadInbox());
    }
    return inbox;
  }

  #read(inbox: ThreadInbox): void {
    const { unparsed } = inbox;
    if (unparsed.size === 0) return;
    inbox.unparsed = new Set();
    for (const record of unparsed) {
      const delivery = deliveryOf(record.item, this.textDeliveries);
      if (delivery !== null) inbox.delivered.add(record, delivery);
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

function add<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}

function remove<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  const known = sets.get(key);
  known?.delete(value);
  if (known?.size === 0) sets.delete(key);
}
