/**
 * The graph, read backwards: which objects name an object, and which requests carried an item.
 *
 * Each index is made once, when it is first asked for.
 *
 * @module
 */

import type { ThreadId } from "../../../format/ids.ts";
import type {
  ObjectKey,
  Reference,
  ReferenceRole,
} from "../../../graph/codec/reference.ts";
import { referenceFinder } from "../../../graph/codec/reference_finder.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type {
  InferenceCall,
  InteractionEdge,
  TraceAnchor,
} from "../../../graph/runtime.ts";
import { inCreationOrder } from "../../session/names/creation_order.ts";
import {
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectKind,
} from "../../session/names/object_kind.ts";
import { ItemCarriers } from "./item_carriers.ts";

const NO_REFERENCES: readonly Reference[] = [];

/** The edges that touch a thread. */
export interface ThreadEdges {
  /** Edges that start in the thread, in order of creation. */
  readonly out: readonly InteractionEdge[];
  /** Edges that lead into the thread, in order of creation. */
  readonly into: readonly InteractionEdge[];
}

/** Looks up the links of one graph. */
export class GraphLinks {
  readonly #trace: RolloutTrace;
  #references: References | undefined;
  #carriers: ItemCarriers | undefined;
  #edges:
    | Map<ThreadId, { out: InteractionEdge[]; into: InteractionEdge[] }>
    | undefined;
  #calls: Map<ThreadId, InferenceCall[]> | undefined;
  #places: Map<InferenceCall, number> | undefined;

  /** Reads `trace` when it is first asked. */
  constructor(trace: RolloutTrace) {
    this.#trace = trace;
  }

  /**
   * The objects that name an object, in order of creation; of one role, or of all.
   *
   * Which requests carried an item is in {@linkcode carriers}.
   */
  to(
    kind: ObjectKind,
    id: string,
    role?: ReferenceRole,
  ): readonly Reference[] {
    this.#references ??= indexed(this.#trace);
    const found = this.#references[kind].get(id) ?? NO_REFERENCES;
    return role === undefined
      ? found
      : found.filter((each) => each.role === role);
  }

  /** Which requests carried an item, and which compactions found it. */
  get carriers(): ItemCarriers {
    return this.#carriers ??= new ItemCarriers(this.#trace);
  }

  /** The edges that start in a thread or lead into it. */
  edgesOf(thread: ThreadId): ThreadEdges {
    this.#edges ??= edgesByThread(this.#trace);
    return this.#edges.get(thread) ?? { out: [], into: [] };
  }

  /** The requests of a thread, in the order in which they were sent. */
  callsOf(thread: ThreadId): readonly InferenceCall[] {
    this.#calls ??= callsByThread(this.#trace);
    return this.#calls.get(thread) ?? [];
  }

  /** Position of a request among those of its thread, counted from 0. */
  placeOf(call: InferenceCall): number | undefined {
    this.#calls ??= callsByThread(this.#trace);
    this.#places ??= new Map(
      [...this.#calls.values()].flatMap((calls) =>
        calls.map((each, at) => [each, at] as const)
      ),
    );
    return this.#places.get(call);
  }
}

/** The thread of an end of an edge; `undefined` if the graph does not have it. */
export function threadOfAnchor(
  trace: RolloutTrace,
  anchor: TraceAnchor,
): ThreadId | undefined {
  switch (anchor.type) {
    case "thread":
      return anchor.thread_id;
    case "tool_call":
      return trace.tool_calls.get(anchor.tool_call_id)?.thread_id;
    case "conversation_item":
      return trace.conversation_items.get(anchor.item_id)?.thread_id;
  }
}

/** The object that an end of an edge is. */
export function anchored(anchor: TraceAnchor): ObjectKey {
  switch (anchor.type) {
    case "conversation_item":
      return { kind: "item", id: anchor.item_id };
    case "tool_call":
      return { kind: "tool_call", id: anchor.tool_call_id };
    case "thread":
      return { kind: "thread", id: anchor.thread_id };
  }
}

/** The references to objects: kind → id → references. */
type References = Readonly<Record<ObjectKind, Map<string, Reference[]>>>;

function indexed(trace: RolloutTrace): References {
  // Every kind is among the keys.
  const index = Object.fromEntries(
    OBJECT_KINDS.map((kind) => [kind, new Map()]),
  ) as References;
  for (const reference of referencesOf(trace)) {
    const { kind, id } = reference.to;
    const found = index[kind].get(id);
    if (found === undefined) index[kind].set(id, [reference]);
    else found.push(reference);
  }
  return index;
}

/**
 * Every reference of the graph, in the order of the objects that refer.
 *
 * Without the histories of requests and compactions: they share their storage and have an index
 * of their own, {@linkcode ItemCarriers}.
 */
function* referencesOf(trace: RolloutTrace): Iterable<Reference> {
  const find = referenceFinder();
  for (const kind of OBJECT_KINDS) {
    const objects = inCreationOrder(kind, trace[OBJECT_MAPS[kind]]);
    for (const [id, object] of objects) {
      const from: ObjectKey = { kind, id };
      for (const [role, toKind, to] of find(kind, object)) {
        yield { from, role, to: { kind: toKind, id: to } };
      }
    }
  }
}

function edgesByThread(trace: RolloutTrace) {
  const index = new Map<
    ThreadId,
    { out: InteractionEdge[]; into: InteractionEdge[] }
  >();
  const of = (thread: ThreadId | undefined) => {
    if (thread === undefined) return undefined;
    const found = index.get(thread) ?? { out: [], into: [] };
    index.set(thread, found);
    return found;
  };
  for (const [, edge] of inCreationOrder("edge", trace.interaction_edges)) {
    of(threadOfAnchor(trace, edge.source))?.out.push(edge);
    of(threadOfAnchor(trace, edge.target))?.into.push(edge);
  }
  return index;
}

function callsByThread(trace: RolloutTrace): Map<ThreadId, InferenceCall[]> {
  const index = new Map<ThreadId, InferenceCall[]>();
  const calls = inCreationOrder("inference_call", trace.inference_calls);
  for (const [, call] of calls) {
    const found = index.get(call.thread_id);
    if (found === undefined) index.set(call.thread_id, [call]);
    else found.push(call);
  }
  return index;
}
