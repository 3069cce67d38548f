/**
 * The kinds of objects in a graph, and where the graph keeps each.
 *
 * @module
 */

import type { ObjectKind } from "../../../graph/codec/reference.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";

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
  terminal_operation: "operation",
  compaction: "compaction",
  compaction_request: "compaction_request",
  edge: "edge",
  payload: "payload",
};

/** Shorter words that callers may type in a handle: `op:6` means `operation:6`. */
const HANDLE_ALIASES: ReadonlyMap<string, ObjectKind> = new Map([
  ["op", "terminal_operation"],
  ["creq", "compaction_request"],
]);

/** The handle that `word` means: an alias before the colon is replaced by the word of its kind. */
export function expandHandle(word: string): string {
  const colon = word.indexOf(":");
  const kind = HANDLE_ALIASES.get(word.slice(0, Math.max(0, colon)));
  return kind === undefined ? word : HANDLE_WORDS[kind] + word.slice(colon);
}

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
