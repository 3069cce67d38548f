/**
 * The kinds of objects in a graph, and where the graph keeps each.
 *
 * @module
 */

import type { ObjectKind } from "../../graph/codec/reference.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";

export type { ObjectKind };

/** The map of the graph that holds the objects of each kind. */
export const OBJECT_MAPS = {
  thread: "threads",
  turn: "codex_turns",
  item: "conversation_items",
  inference_call: "inference_calls",
  tool_call: "tool_calls",
  code_cell: "code_cells",
  terminal_session: "terminal_sessions",
  terminal_operation: "terminal_operations",
  compaction: "compactions",
  compaction_request: "compaction_requests",
  edge: "interaction_edges",
  payload: "raw_payloads",
} as const satisfies Record<ObjectKind, keyof RolloutTrace>;

/** The word that begins the handle of each kind, as in `call:3`. */
export const HANDLE_WORDS: Readonly<Record<ObjectKind, string>> = {
  thread: "thread",
  turn: "turn",
  item: "item",
  inference_call: "call",
  tool_call: "tool",
  code_cell: "cell",
  terminal_session: "terminal",
  terminal_operation: "op",
  compaction: "compaction",
  compaction_request: "summary",
  edge: "edge",
  payload: "payload",
};

/** Every kind, in the order in which ids are looked for. */
export const OBJECT_KINDS: readonly ObjectKind[] = [
  "thread",
  "turn",
  "item",
  "inference_call",
  "tool_call",
  "code_cell",
  "terminal_session",
  "terminal_operation",
  "compaction",
  "compaction_request",
  "edge",
  "payload",
];

/** The objects of a graph, by kind. */
export type ObjectOf<K extends ObjectKind> =
  RolloutTrace[(typeof OBJECT_MAPS)[K]] extends ReadonlyMap<string, infer V> ? V
    : never;

/** An object's name: what it is, its id, and a short name that can be typed. */
export interface ObjectRef {
  /** What it is. */
  readonly kind: ObjectKind;
  /** Its id in the graph. */
  readonly id: string;
  /** Its short name in this bundle, such as `call:3`; every command takes it. */
  readonly handle: string;
}
