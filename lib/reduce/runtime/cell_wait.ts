/**
 * Calls of `wait`: which cell each waits for. From schema 3 on, where the recorder says so.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { CodeCellWaitTargetResolved } from "../../format/event.ts";
import type { EventContext } from "../records.ts";
import type { ReducerState } from "../state.ts";
import { knownTool } from "./terminal.ts";

/** Handles the event of that name. A cell that the thread does not know yet is never linked. */
export function codeCellWaitTargetResolved(
  state: ReducerState,
  event: CodeCellWaitTargetResolved,
  { threadId, turnId }: EventContext,
): void {
  const { tool_call_id, runtime_cell_id } = event;
  if (threadId === null || turnId === null) {
    throw new ReplayError(
      "missing_context",
      "the event names no thread or no turn",
      { tool_call_id },
    );
  }
  const { call } = knownTool(state, tool_call_id);
  if (
    call.thread_id !== threadId || call.started_by_codex_turn_id !== turnId
  ) {
    throw new ReplayError(
      "thread_mismatch",
      `tool call ${
        quote(tool_call_id)
      } waits in another thread or turn than it was started in`,
      { tool_call_id, thread_id: threadId, codex_turn_id: turnId },
    );
  }
  if (call.resolved_wait_runtime_cell_id !== undefined) {
    throw new ReplayError(
      "duplicate_wait_target",
      `tool call ${quote(tool_call_id)} waits for runtime cell ${
        quote(call.resolved_wait_runtime_cell_id)
      } already`,
      { tool_call_id, runtime_cell_id },
    );
  }
  call.resolved_wait_runtime_cell_id = runtime_cell_id;
  const id = state.cells.idByRuntimeId(threadId, runtime_cell_id);
  if (id === undefined) return;
  const waiting = state.cells.get(id)?.cell.wait_tool_call_ids ??
    state.cells.queued(id)?.waitToolCallIds;
  waiting?.push(tool_call_id);
}
