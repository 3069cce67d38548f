/**
 * Edges between agents, pending edges, and the messages that may resolve them.
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
  /** Maximum number of payload ids that all edges carry together. */
  maxEdgePayloads = Infinity;
  /** Whether a message whose text is JSON may deliver an agent's message. */
  readonly textDeliveries: boolean;
  #edgePayloads = 0;
  readonly #edges: Map<EdgeId, Mutable<InteractionEdge>> = new Map();
  readonly #pending: Map<EdgeId, PendingEdge> = new Map();
  readonly #firstOfTool: Map<ToolCallId, Mutable<InteractionEdge>> = new Map();
  readonly #pendingOfTool: Map<ToolCallId, Set<PendingEdge>> = new Map();
  readonly #inboxes: Map<ThreadId, ThreadInbox> = new Map();
  readonly #lastMessages: Map<ThreadId, Map<CodexTurnId | null, ItemRecord>> =
    new Map();

  /** Creates an empty table for a schema. */
  constructor(rules: Pick<ReduceRules, "textDeliveries">) {
    this.textDeliveries = rules.textDeliveries;
  }

  get graph(): ReadonlyMap<EdgeId, InteractionEdge> {
    return this.#edges;
  }

  /** Returns the resolved edge of that id. */
  get(id: EdgeId): Mutable<InteractionEdge> | undefined {
    return this.#edges.get(id);
  }

  /** Returns the pending edge of that id. */
  pending(id: EdgeId): PendingEdge | undefined {
    return this.#pending.get(id);
  }

  /** Returns the resolved edge with the first id among those from a tool call. */
  firstOfTool(id: ToolCallId): Mutable<InteractionEdge> | undefined {
    return this.#firstOfTool.get(id);
  }

  /** Returns the oldest pending edge from a tool call. */
  firstPendingOfTool(id: ToolCallId): PendingEdge | undefined {
    return this.#pendingOfTool.get(id)?.values().next().value;
  }

  /** Returns all pending edges, in order of arrival. */
  allPendingEdges(): PendingEdge[] {
    return [...this.#pending.values()];
  }

  /**
   * Counts the payloads of one more edge.
   *
   * @throws {LimitError} If all edges together then carry more than the limit.
   */
  chargeEdgePayloads(payloads: number, line: number): void {
    if (this.#edgePayloads + payloads > this.maxEdgePayloads) {
      throw new LimitError(
        "edge_payloads",
        this.maxEdgePayloads,
        "makes edges carry more payloads than",
        { file: EVENT_LOG_FILE, line },
      );
    }
    this.#edgePayloads += payloads;
  }

  /** Adds a resolved edge with a new id. */
  add(edge: Mutable<InteractionEdge>): void {
    this.#edges.set(edge.edge_id, edge);
    if (edge.source.type !== "tool_call") return;
    const tool = edge.source.tool_call_id;
    const first = this.#firstOfTool.get(tool);
    if (first === undefined || compareUtf8(edge.edge_id, first.edge_id) < 0) {
      this.#firstOfTool.set(tool, edge);
    }
  }

  /** Adds an edge that is pending until its message is observed. */
  addPending(edge: PendingEdge): void {
    this.#pending.set(edge.edgeId, edge);
    this.#inbox(edge.targetThreadId).pendingEdges.add(edge);
    if (edge.source.type === "tool_call") {
      add(this.#pendingOfTool, edge.source.tool_call_id, edge);
    }
  }

  removePending(edge: PendingEdge): void {
    this.#pending.delete(edge.edgeId);
    this.#inbox(edge.targetThreadId).pendingEdges.delete(edge);
    if (edge.source.type === "tool_call") {
      remove(this.#pendingOfTool, edge.source.tool_call_id, edge);
    }
  }

  /** Removes the edges from a tool call that no later event is about. */
  forgetTool(id: ToolCallId): void {
    for (const edge of [...this.#pendingOfTool.get(id) ?? []]) {
      this.removePending(edge);
    }
    const first = this.#firstOfTool.get(id);
    if (first === undefined) return;
    this.#firstOfTool.delete(id);
    this.#edges.delete(first.edge_id);
  }

  /** Returns the message that an item delivers, if any edge to its thread is pending. */
  awaitedDelivery(record: ItemRecord): Delivery | undefined {
    const inbox = this.#inboxes.get(record.item.thread_id);
    if (inbox === undefined || inbox.pendingEdges.size === 0) return undefined;
    this.#read(inbox);
    return inbox.deliveredItems.of(record);
  }

  /** Returns the pending edges for such a delivery to a thread, in order of arrival. */
  pendingFor(
    thread: ThreadId,
    delivery: Pick<Delivery, "author" | "text">,
  ): Iterable<PendingEdge> {
    return this.#inboxes.get(thread)?.pendingEdges.of(delivery) ?? [];
  }

  /** Returns the first item of a thread that is such a delivery and not the target of an edge. */
  firstUnclaimed(
    thread: ThreadId,
    { author, recipient, text }: Delivery,
  ): ItemRecord | undefined {
    const inbox = this.#inboxes.get(thread);
    if (inbox === undefined) return undefined;
    this.#read(inbox);
    return inbox.deliveredItems.first({ author, recipient, text });
  }

  /** Returns the last message of the agent in a turn, `undefined` if there is none. */
  lastMessage(thread: ThreadId, turn: CodexTurnId): ItemRecord | undefined {
    return this.#lastMessages.get(thread)?.get(turn);
  }

  /** Adds a new item to the inbox of its thread, and to the last messages. */
  itemCreated(record: ItemRecord): void {
    const { item } = record;
    if (item.role !== "assistant" || item.kind !== "message") return;
    if (item.agent_message === undefined) this.#updateLastMessage(record);
    if (mayDeliver(item, this.textDeliveries)) {
      this.#inbox(item.thread_id).unparsed.add(record);
    }
  }

  /** Updates an item with another body, or another position in its thread. */
  itemChanged(record: ItemRecord): void {
    if (!mayDeliver(record.item, this.textDeliveries)) return;
    const inbox = this.#inbox(record.item.thread_id);
    inbox.deliveredItems.delete(record);
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
      if (delivery !== null) inbox.deliveredItems.add(record, delivery);
    }
  }

  #updateLastMessage(record: ItemRecord): void {
    const { item } = record;
    let byTurn = this.#lastMessages.get(item.thread_id);
    if (byTurn === undefined) {
      this.#lastMessages.set(item.thread_id, byTurn = new Map());
    }
    const last = byTurn.get(item.codex_turn_id)?.item;
    // Of messages with the same time, the reference takes the last id in string order.
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
