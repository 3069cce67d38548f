/**
 * One object of the graph naming another: who, as what, whom.
 *
 * @module
 */

import type { ObjectKind } from "../names/object_kind.ts";

/** An object by kind and id. */
export interface ObjectKey {
  /** What it is. */
  readonly kind: ObjectKind;
  /** Its id in the graph. */
  readonly id: string;
}

/** As what an object names another; the object that names stands in front. */
export type ReferenceRole =
  /** A turn, call, tool, cell, terminal, compaction or request for a summary: its thread. */
  | "thread"
  /** A call, tool, cell, compaction or request for a summary: the turn it ran in. */
  | "turn"
  /** An item: the turn in which it was first seen. */
  | "first_turn"
  /** A spawned thread: the thread that spawned it. */
  | "parent_thread"
  /** A spawned thread: the edge of the spawn. */
  | "spawn_edge"
  /** An item: what caused it to exist. */
  | "producer"
  /** An item: the payload that holds what its body only hints at. */
  | "body_payload"
  /** An inference call: an item of its answer. */
  | "response_item"
  /** An inference call: a tool call that its answer asked for. */
  | "started_tool"
  /** An inference call or a request for a summary: what was sent. */
  | "request_payload"
  /** An inference call or a request for a summary: what came back. */
  | "response_payload"
  /** A tool call: an item in which the model made it. */
  | "call_item"
  /** A tool call or a cell: an item in which the model got its output. */
  | "output_item"
  /** A tool call: the cell whose code made it. */
  | "requesting_cell"
  /** A tool call: the cell it started. */
  | "started_cell"
  /** A tool call: what it did at a terminal. */
  | "operation"
  /** A tool call: the call as it was dispatched. */
  | "invocation_payload"
  /** A tool call or a cell: its result. */
  | "result_payload"
  /** A tool call or a terminal operation: what the runtime behind it told. */
  | "runtime_payload"
  /** A cell: the item in which the model wrote it. */
  | "source_item"
  /** A cell: a tool call that its code made. */
  | "nested_tool"
  /** A cell: a tool call by which the model waited for it. */
  | "wait_tool"
  /** A cell: what the model was answered first. */
  | "initial_response_payload"
  /** A terminal operation: the tool call behind it. */
  | "operating_tool"
  /** A terminal operation: the process it was done to. */
  | "terminal"
  /** A process: the operation that started it. */
  | "creating_operation"
  /** A process: an operation done to it. */
  | "session_operation"
  /** A compaction: the item that marks its place. */
  | "marker_item"
  /** A compaction: an item of the new history. */
  | "replacement_item"
  /** A compaction: a request made for it. */
  | "summary_request"
  /** A request for a summary: the compaction it was made for. */
  | "compaction"
  /** An edge: where it comes from. */
  | "edge_source"
  /** An edge: where it leads. */
  | "edge_target"
  /** An edge: an item that passed along it. */
  | "carried_item"
  /** An edge: a payload that passed along it. */
  | "carried_payload";

/** One object naming another. */
export interface Reference {
  /** The object that names. */
  readonly from: ObjectKey;
  /** As what. */
  readonly role: ReferenceRole;
  /** The object that is named. The graph need not hold it. */
  readonly to: ObjectKey;
}
