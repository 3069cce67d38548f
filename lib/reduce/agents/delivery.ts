/**
 * From an agent's message to the item in which its receiver saw it.
 *
 * A sender's tool runs before the receiver's model sees the message, so an edge waits until an
 * item turns up in the target thread that comes from the right agent, goes to the thread's own
 * agent, says the same, and is no other edge's target.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import type {
  InteractionEdge,
  InteractionEdgeKind,
  TraceAnchor,
} from "../../graph/runtime.ts";
import { type CarriedPayloads, idsOf } from "./carried_payloads.ts";
import type { PendingEdge } from "./edge_table.ts";
import type { ItemRecord } from "../conversation/item_record.ts";
import type { Draft } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** The event that an edge waited for was reduced long ago. */
const LOST_EDGE = "the edge that waited for what was sent to be seen";

/** An edge that goes to a message, without the payloads it carries. */
export type NewDelivery = Omit<PendingEdge, "payloadIds">;

/** Checks an edge that goes to a message and returns what enters it, resolved or pending. */
export function planDelivery(
  state: ReducerState,
  edge: NewDelivery,
  carried: CarriedPayloads,
): () => void {
  const item = findDelivered(state, edge);
  if (item !== undefined) return planResolved(state, edge, carried, item);
  const waiting = state.edges.pending(edge.edgeId);
  if (waiting === undefined) {
    return () => state.edges.wait({ ...edge, payloadIds: carried.list() });
  }
  if (
    waiting.kind !== edge.kind ||
    !sameAnchor(waiting.source, edge.source) ||
    waiting.targetThreadId !== edge.targetThreadId ||
    waiting.author !== edge.author ||
    waiting.text !== edge.text
  ) throw conflict(edge.edgeId);
  return () => {
    waiting.startedAt = earlier(waiting.startedAt, edge.startedAt);
    waiting.endedAt = later(waiting.endedAt, edge.endedAt);
    carried.addTo(waiting.payloadIds, state.uniqueIds);
  };
}

function findDelivered(
  state: ReducerState,
  { targetThreadId, author, text }: NewDelivery,
): ItemRecord | undefined {
  const recipient = state.threads.get(targetThreadId)?.thread.agent_path;
  if (recipient === undefined) return undefined;
  return state.edges.untargeted(targetThreadId, { author, recipient, text });
}

/** Offers an item that was just seen to the edges that wait for one. */
export function deliverItem(state: ReducerState, record: ItemRecord): void {
  if (record.targeted) return;
  const delivery = state.edges.awaitedDelivery(record);
  if (delivery === undefined) return;
  const { thread } = state.thread(record.item.thread_id);
  if (delivery.recipient !== thread.agent_path) return;
  // An item of a shared prefix is not offered again: what comes of it is decided here, so an
  // edge that turns out to be at fault leaves it to the next one.
  for (const edge of state.edges.pendingFor(thread.thread_id, delivery)) {
    const carried = idsOf(edge.payloadIds);
    const enter = attempt(
      state,
      edge,
      () => planResolved(state, edge, carried, record),
    );
    state.edges.stopWaiting(edge);
    if (enter !== undefined) return enter();
  }
}

function planResolved(
  state: ReducerState,
  edge: NewDelivery,
  carried: CarriedPayloads,
  record: ItemRecord,
): () => void {
  const { item_id } = record.item;
  const enter = planEdge(state, {
    ...endpoints(edge, { type: "conversation_item", item_id }),
    carried_item_ids: [item_id],
  }, carried);
  return () => {
    record.targeted = true;
    enter();
  };
}

/** Checks an edge whose target is known and returns what enters it. */
export function planEdge(
  state: ReducerState,
  edge: Omit<Draft<InteractionEdge>, "carried_raw_payload_ids">,
  carried: CarriedPayloads,
): () => void {
  const known = state.edges.get(edge.edge_id);
  if (known === undefined) {
    return () =>
      state.edges.add({ ...edge, carried_raw_payload_ids: carried.list() });
  }
  if (
    known.kind !== edge.kind ||
    !sameAnchor(known.source, edge.source) ||
    !sameAnchor(known.target, edge.target)
  ) throw conflict(edge.edge_id);
  return () => {
    known.started_at_unix_ms = earlier(
      known.started_at_unix_ms,
      edge.started_at_unix_ms,
    );
    known.ended_at_unix_ms = later(
      known.ended_at_unix_ms,
      edge.ended_at_unix_ms,
    );
    for (const id of edge.carried_item_ids) {
      state.uniqueIds.push(known.carried_item_ids, id);
    }
    carried.addTo(known.carried_raw_payload_ids, state.uniqueIds);
  };
}

/**
 * Decides what becomes of edges that still wait after the last event: a spawned thread is there
 * even if its model never saw the task, so the edge leads to the thread; others lead nowhere.
 */
export function settleEdges(state: ReducerState): void {
  const fallback: InteractionEdgeKind = "spawn_agent";
  for (const edge of state.edges.allPending()) {
    const thread_id = edge.targetThreadId;
    if (edge.kind !== fallback || !state.threads.has(thread_id)) continue;
    const target: TraceAnchor = { type: "thread", thread_id };
    const carried = idsOf(edge.payloadIds);
    attempt(
      state,
      edge,
      () => planEdge(state, endpoints(edge, target), carried),
    )?.();
  }
}

/** Plans what becomes of an edge that waited; a fault is told of the event it came from. */
function attempt(
  state: ReducerState,
  edge: PendingEdge,
  plan: () => () => void,
): (() => void) | undefined {
  try {
    return plan();
  } catch (error) {
    state.problems.report(error, edge.origin, LOST_EDGE);
    return undefined;
  }
}

function endpoints(
  edge: NewDelivery,
  target: TraceAnchor,
): Omit<Draft<InteractionEdge>, "carried_raw_payload_ids"> {
  return {
    edge_id: edge.edgeId,
    kind: edge.kind,
    source: edge.source,
    target,
    started_at_unix_ms: edge.startedAt,
    ended_at_unix_ms: edge.endedAt,
    carried_item_ids: [],
  };
}

function conflict(edgeId: string): ReplayError {
  return new ReplayError(
    "conflicting_edge",
    `edge ${quote(edgeId)} was observed again with other ends or another text`,
    { edge_id: edgeId },
  );
}

function sameAnchor(a: TraceAnchor, b: TraceAnchor): boolean {
  switch (a.type) {
    case "conversation_item":
      return b.type === a.type && b.item_id === a.item_id;
    case "tool_call":
      return b.type === a.type && b.tool_call_id === a.tool_call_id;
    case "thread":
      return b.type === a.type && b.thread_id === a.thread_id;
  }
}

function earlier(a: UnixMs, b: UnixMs): UnixMs {
  return b < a ? b : a;
}

function later(a: UnixMs | null, b: UnixMs | null): UnixMs | null {
  if (a === null || b === null) return a ?? b;
  return b > a ? b : a;
}
