/**
 * Edges from an agent's message to the item in which its receiver saw it.
 *
 * The tool of the sender runs before the model of the receiver sees the message. The edge is
 * therefore pending until the target thread has an item from the same author, to the agent of the
 * thread, with the same text, that is not the target of another edge.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { EdgeId, RawPayloadId } from "../../format/ids.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import type {
  InteractionEdge,
  InteractionEdgeKind,
  TraceAnchor,
} from "../../graph/runtime.ts";
import type { ItemRecord, Mutable } from "../state/item_record.ts";
import { type Commit, UniqueIds } from "../state/records.ts";
import type { Origin } from "../fault_handler.ts";
import type { ReducerState } from "../state/reducer_state.ts";
import type { PendingEdge } from "../state/thread_inbox.ts";
import type { ToolRecord } from "../state/tool_table.ts";

/** What is lost with a pending edge. The event that made it pending was reduced before. */
const LOST_EDGE = "the edge from the sender to what the receiver saw";

/** An edge to a message, without the payloads that it carries. */
export type NewDelivery = Omit<PendingEdge, "payloadIds">;

/** Checks an edge to a message, and returns its commit. The edge is then resolved or pending. */
export function prepareDelivery(
  state: ReducerState,
  edge: NewDelivery,
  carried: CarriedPayloads,
): Commit {
  const item = findDelivered(state, edge);
  if (item !== undefined) return prepareResolved(state, edge, carried, item);
  const waiting = state.edges.pending(edge.edgeId);
  if (waiting === undefined) {
    return () =>
      state.edges.addPending({ ...edge, payloadIds: carried.list() });
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
  return state.edges.firstUnclaimed(targetThreadId, {
    author,
    recipient,
    text,
  });
}

/** Resolves the first pending edge that an observed item can be the target of. */
export function deliverItem(state: ReducerState, record: ItemRecord): void {
  if (record.isEdgeTarget) return;
  const delivery = state.edges.awaitedDelivery(record);
  if (delivery === undefined) return;
  const { thread } = state.thread(record.item.thread_id);
  if (delivery.recipient !== thread.agent_path) return;
  // An item of a shared prefix is not observed again, so this is the only attempt: if an edge has
  // a fault, the next edge takes the item.
  for (const edge of state.edges.pendingFor(thread.thread_id, delivery)) {
    const carried = fixedPayloads(edge.payloadIds);
    const commit = attempt(
      state,
      edge,
      () => prepareResolved(state, edge, carried, record),
    );
    state.edges.removePending(edge);
    if (commit !== undefined) return commit();
  }
}

function prepareResolved(
  state: ReducerState,
  edge: NewDelivery,
  carried: CarriedPayloads,
  record: ItemRecord,
): Commit {
  const { item_id } = record.item;
  const commit = prepareEdge(state, {
    ...endpoints(edge, { type: "conversation_item", item_id }),
    carried_item_ids: [item_id],
  }, carried);
  return () => {
    record.isEdgeTarget = true;
    commit();
  };
}

/** Where edges are added and updated. */
interface EdgeTarget {
  readonly edges: Pick<ReducerState["edges"], "get" | "add">;
  readonly uniqueIds: UniqueIds;
}

/** Checks an edge with a known target, and returns its commit. */
export function prepareEdge(
  state: EdgeTarget,
  edge: Omit<Mutable<InteractionEdge>, "carried_raw_payload_ids">,
  carried: CarriedPayloads,
): Commit {
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
 * Returns the edges as they are if no event follows. A pending edge of a spawn leads to the spawned
 * thread, which exists although its model never saw the task; other pending edges are dropped.
 * Nothing of `state` is changed, because an event may follow.
 *
 * @param onFault Called for every edge that contradicts another.
 */
export function edgesAtEnd(
  state: ReducerState,
  onFault: (error: unknown, origin: Origin, lost: string) => void,
): ReadonlyMap<EdgeId, InteractionEdge> {
  const fallback: InteractionEdgeKind = "spawn_agent";
  const pending = state.edges.allPendingEdges().filter((edge) =>
    edge.kind === fallback && state.threads.has(edge.targetThreadId)
  );
  if (pending.length === 0) return state.edges.graph;
  const edges = new EdgeCopies(state.edges.graph);
  const target = { edges, uniqueIds: new UniqueIds() };
  for (const edge of pending) {
    const thread: TraceAnchor = {
      type: "thread",
      thread_id: edge.targetThreadId,
    };
    const carried = fixedPayloads(edge.payloadIds);
    try {
      prepareEdge(target, endpoints(edge, thread), carried)();
    } catch (error) {
      onFault(error, edge.origin, LOST_EDGE);
    }
  }
  return edges.graph;
}

/** The edges of a graph, and changes of them that the graph does not get. */
class EdgeCopies {
  readonly graph: Map<EdgeId, InteractionEdge>;

  constructor(edges: ReadonlyMap<EdgeId, InteractionEdge>) {
    this.graph = new Map(edges);
  }

  /** Returns a copy of an edge, which is in the graph from now on. */
  get(id: EdgeId): Mutable<InteractionEdge> | undefined {
    const edge = this.graph.get(id);
    if (edge === undefined) return undefined;
    const copy: Mutable<InteractionEdge> = {
      ...edge,
      carried_item_ids: [...edge.carried_item_ids],
      carried_raw_payload_ids: [...edge.carried_raw_payload_ids],
    };
    this.graph.set(id, copy);
    return copy;
  }

  add(edge: InteractionEdge): void {
    this.graph.set(edge.edge_id, edge);
  }
}

/** Prepares a pending edge; a fault is reported with the event that made it pending. */
function attempt(
  state: ReducerState,
  edge: PendingEdge,
  prepare: () => Commit,
): Commit | undefined {
  try {
    return prepare();
  } catch (error) {
    state.faults.reject(error, edge.origin, LOST_EDGE);
    return undefined;
  }
}

function endpoints(
  edge: NewDelivery,
  target: TraceAnchor,
): Omit<Mutable<InteractionEdge>, "carried_raw_payload_ids"> {
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

/**
 * The payload ids that an observation adds to an edge.
 *
 * An edge of a tool call carries all payloads of the call's runtime so far. When the edge is
 * observed again, only the new payloads are added.
 */
export interface CarriedPayloads {
  /** Returns a list of them, for a new edge. */
  list(): RawPayloadId[];
  /** Adds those that are missing in the list of an edge. */
  addTo(list: RawPayloadId[], ids: UniqueIds): void;
}

/** Returns a fixed list of ids. */
export function fixedPayloads(
  carried: readonly RawPayloadId[],
): CarriedPayloads {
  return {
    list: () => [...carried],
    addTo: (list, ids) => carried.forEach((id) => ids.push(list, id)),
  };
}

/** Returns the payloads of a tool call, including the observed one, `id`. */
export function payloadsOfCall(
  tool: ToolRecord,
  id: RawPayloadId,
): CarriedPayloads {
  const addTo = (list: RawPayloadId[], ids: UniqueIds) => {
    const { call } = tool;
    const add = (each: RawPayloadId | null) => {
      if (each !== null) ids.push(list, each);
    };
    add(call.raw_invocation_payload_id);
    const runtime = call.raw_runtime_payload_ids;
    for (let i = tool.carriedBy.get(list) ?? 0; i < runtime.length; i++) {
      add(runtime[i] ?? null);
    }
    tool.carriedBy.set(list, runtime.length);
    add(id);
    add(call.raw_result_payload_id);
  };
  const list = () => {
    const made: RawPayloadId[] = [];
    addTo(made, new UniqueIds());
    return made;
  };
  return { list, addTo };
}
