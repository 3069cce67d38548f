/**
 * The label of an object, its thread, and whether it failed.
 *
 * @module
 */

import type { EdgeRow, Pointer, WindowRow } from "../../report_data.ts";
import type { Model } from "./model.ts";

/** A short label of an object; it may contain text of the bundle. */
export function labelOf(model: Model, pointer: Pointer): string {
  const found = model.find(pointer);
  if (found === undefined) return "not in the graph";
  switch (found.kind) {
    case "thread":
      return found.row.nickname ?? found.row.agent_path;
    case "turn":
      return "turn";
    case "item":
      return itemLabel(found.row.kind, found.row.role);
    case "inference_call":
    case "compaction_request":
      return found.row.model;
    case "tool_call":
      return found.row.label;
    case "code_cell":
      return "code cell";
    case "terminal_session":
      return "terminal session";
    case "terminal_operation":
      return found.row.kind === "exec_command" ? "command" : "write to stdin";
    case "compaction":
      return "compaction";
    case "edge":
      return found.row.kind.replaceAll("_", " ");
    case "payload":
      return found.row.kind.replaceAll("_", " ");
  }
}

function itemLabel(kind: string, role: string): string {
  switch (kind) {
    case "message":
      return `${role} message`;
    case "custom_tool_call":
    case "function_call":
      return "call";
    case "custom_tool_call_output":
    case "function_call_output":
      return "output";
    default:
      return kind.replaceAll("_", " ");
  }
}

/** The thread that an object belongs to; null where that is unknown. */
export function threadOf(model: Model, pointer: Pointer): string | null {
  const found = model.find(pointer);
  if (found === undefined) return null;
  switch (found.kind) {
    case "thread":
      return found.row.id;
    case "edge":
      return found.row.source_thread_id ?? found.row.target_thread_id;
    case "payload":
      return null;
    case "terminal_operation":
      return model.tool(found.row.tool_id)?.thread_id ?? null;
    default:
      return found.row.thread_id;
  }
}

/** Whether an object failed, was cancelled or aborted, or has an error. */
export function isFailed(model: Model, pointer: Pointer): boolean {
  const found = model.find(pointer);
  if (found === undefined) return false;
  if ("outcome" in found.row && isFailure(found.row)) return true;
  return model.failuresOf(pointer).some(({ severity }) => severity === "error");
}

/** Whether something failed or was stopped; which of the two may be unknown. */
function isFailure({ outcome, status }: WindowRow): boolean {
  return outcome === "failed" || outcome === "interrupted" ||
    status === "failed" || status === "cancelled" || status === "aborted";
}

/** Whether an agent ended without a result for the agent that spawned it. */
export function hasNoResult({ data }: Model, thread: string): boolean {
  return data.show.agents_without_result.some(({ id }) => id === thread);
}

/** A short name for the kind of an edge. */
export function edgeWord(kind: EdgeRow["kind"]): string {
  switch (kind) {
    case "spawn_agent":
      return "spawn";
    case "assign_agent_task":
      return "task";
    case "send_message":
      return "message";
    case "agent_result":
      return "result";
    case "close_agent":
      return "close";
    case "interrupt_agent":
      return "interrupt";
  }
}

/** Whether the receiver of an edge had what it carried. */
export type Delivery = "delivered" | "not delivered" | "delivery unknown";

/** Whether an edge was delivered; null for one that carries nothing, which ends an agent's work. */
export function deliveryOf(row: EdgeRow): Delivery | null {
  if (row.kind === "close_agent" || row.kind === "interrupt_agent") return null;
  if (row.target[0] === "item") return "delivered";
  return row.ended === null && !row.is_delivery_unknown
    ? "not delivered"
    : "delivery unknown";
}
