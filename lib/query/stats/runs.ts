/**
 * Everything in a session that takes time.
 *
 * @module
 */

import type { ExecutionWindow } from "../../graph/session.ts";
import type { Session } from "../session/session.ts";

/** Everything that takes time, with the turn and the thread it belongs to. */
export function forEachRun(
  { trace }: Session,
  visit: (
    what: "turn" | "model" | "tool",
    execution: ExecutionWindow,
    turn: string | null,
    thread: string,
  ) => void,
): void {
  for (const [id, each] of trace.codex_turns) {
    visit("turn", each.execution, id, each.thread_id);
  }
  for (const each of trace.inference_calls.values()) {
    visit("model", each.execution, each.codex_turn_id, each.thread_id);
  }
  for (const each of trace.compaction_requests.values()) {
    visit("model", each.execution, each.codex_turn_id, each.thread_id);
  }
  for (const each of trace.tool_calls.values()) {
    const { execution, started_by_codex_turn_id: turn, thread_id } = each;
    visit("tool", execution, turn, thread_id);
  }
  for (const each of trace.code_cells.values()) {
    visit("tool", each.execution, each.codex_turn_id, each.thread_id);
  }
}
