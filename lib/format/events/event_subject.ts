/**
 * What an event is about: an id, with the space that the id belongs to.
 *
 * @module
 */

import type { RuntimeCellId, ThreadId } from "../ids.ts";

/** A space of ids that events use. */
export type SubjectSpace =
  | "thread"
  | "turn"
  | "inference_call"
  | "tool_call"
  /** A cell of a thread's code runtime: {@linkcode runtimeCellKey}. */
  | "runtime_cell"
  /** A code cell, by the call id under which the model knows it. */
  | "cell_call"
  | "compaction"
  | "compaction_request"
  | "edge"
  /** An item, by the id that the Responses API gave it. */
  | "responses_item"
  | "payload";

/** One id that an event is about. */
export interface EventSubject {
  /** The space the id belongs to. */
  readonly space: SubjectSpace;
  /** The id. */
  readonly id: string;
}

/** The id of a runtime cell: it is unique within its thread only. */
export function runtimeCellKey(
  thread: ThreadId | null,
  cell: RuntimeCellId,
): string {
  return JSON.stringify([thread, cell]);
}

/** The subject that a runtime cell is. */
export function runtimeCell(
  thread: ThreadId | null,
  cell: RuntimeCellId,
): EventSubject {
  return { space: "runtime_cell", id: runtimeCellKey(thread, cell) };
}
