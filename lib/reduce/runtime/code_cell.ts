/**
 * Code cells: their lives, the tools they call, and the tools that wait for them.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  CodeCellEnded,
  CodeCellInitialResponse,
  CodeCellStarted,
} from "../../format/event.ts";
import {
  type CodeCellId,
  codeCellId,
  type RuntimeCellId,
  type ThreadId,
} from "../../format/ids.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import {
  applyReport,
  closeWithTurn,
  findSource,
  planCell,
} from "./cell_life.ts";
import type { CellRecord, CellReport, CellStart } from "./code_cell_table.ts";
import type { ItemRecord } from "../conversation/item_record.ts";
import type { EventContext, TurnRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** Handles the event of that name. */
export function codeCellStarted(
  state: ReducerState,
  event: CodeCellStarted,
  context: EventContext,
): void {
  const start: CellStart = {
    codeCellId: codeCellId(event.model_visible_call_id),
    runtimeCellId: event.runtime_cell_id,
    callId: event.model_visible_call_id,
    sourceJs: event.source_js,
    threadId: threadOf(state, context),
    turnId: context.turnId,
    seq: context.seq,
    at: context.at,
    line: context.line,
  };
  checkNew(state, start);
  // Tools run before the response that asked for them is recorded: the start of a fast cell
  // comes before its source item.
  const source = findSource(state, start);
  const enter = source === undefined
    ? () => state.cells.enqueue(start)
    : planCell(state, start, source);
  state.cells.nameRuntimeId(
    start.threadId,
    start.runtimeCellId,
    start.codeCellId,
  );
  enter();
}

function checkNew(state: ReducerState, start: CellStart): void {
  const { threadId, runtimeCellId, codeCellId } = start;
  const named = state.cells.idByRuntimeId(threadId, runtimeCellId);
  if (named !== undefined && named !== codeCellId) {
    throw new ReplayError(
      "conflicting_cell",
      `runtime cell ${quote(runtimeCellId)} of thread ${quote(threadId)} is ${
        quote(named)
      } and cannot be ${quote(codeCellId)} as well`,
      { runtime_cell_id: runtimeCellId, thread_id: threadId },
    );
  }
  const isKnown = state.cells.get(codeCellId) ?? state.cells.queued(codeCellId);
  if (isKnown === undefined) return;
  throw new ReplayError(
    "duplicate_start",
    `code cell ${quote(codeCellId)} was started already`,
    { code_cell_id: codeCellId },
  );
}

/** Handles the event of that name. */
export function codeCellInitialResponse(
  state: ReducerState,
  event: CodeCellInitialResponse,
  context: EventContext,
): void {
  report(state, context, {
    type: "initial_response",
    runtimeCellId: event.runtime_cell_id,
    status: event.status,
    payloadId: event.response_payload?.raw_payload_id ?? null,
    seq: context.seq,
    at: context.at,
  });
}

/** Handles the event of that name. */
export function codeCellEnded(
  state: ReducerState,
  event: CodeCellEnded,
  context: EventContext,
): void {
  report(state, context, {
    type: "end",
    runtimeCellId: event.runtime_cell_id,
    status: event.status,
    payloadId: event.response_payload?.raw_payload_id ?? null,
    seq: context.seq,
    at: context.at,
  });
}

function report(
  state: ReducerState,
  context: EventContext,
  report: CellReport,
): void {
  const thread = threadOf(state, context);
  const id = knownCell(state, thread, report.runtimeCellId);
  const cell = state.cells.get(id);
  if (cell !== undefined) applyReport(cell, report);
  else state.cells.queued(id)?.reports.push(report);
}

/** The cell that the runtime of a thread calls `runtimeId`, which must have a start. */
export function knownCell(
  state: ReducerState,
  thread: ThreadId,
  runtimeId: RuntimeCellId,
): CodeCellId {
  const id = state.cells.idByRuntimeId(thread, runtimeId);
  if (id !== undefined) return id;
  throw new ReplayError(
    "unknown_code_cell",
    `thread ${quote(thread)} never started a runtime cell ${quote(runtimeId)}`,
    { runtime_cell_id: runtimeId, thread_id: thread },
  );
}

/** The thread a cell's event belongs to. It need not exist as long as no cell starts. */
function threadOf(state: ReducerState, context: EventContext): ThreadId {
  if (context.threadId !== null) return context.threadId;
  if (state.rules.cellsNameThread) {
    throw new ReplayError("missing_context", "the event names no thread");
  }
  if (context.turnId !== null) return state.turn(context.turnId).turn.thread_id;
  throw new ReplayError(
    "missing_context",
    "the event names neither a thread nor a turn",
  );
}

/** Starts the waiting cells whose source item exists now. */
export function flushQueuedCells(state: ReducerState): void {
  if (!state.cells.hasReady) return;
  for (const queued of state.cells.ready()) {
    const source = findSource(state, queued.start);
    if (source === undefined) continue;
    const enter = planQueued(state, queued.start, source);
    state.cells.dequeue(queued);
    const cell = enter?.();
    if (cell === undefined) continue;
    cell.cell.wait_tool_call_ids.push(...queued.waitToolCallIds);
    // Schema 1 does not demand that events come in the order of their numbers.
    for (const report of queued.reports.toSorted(bySeq)) {
      applyReport(cell, report);
    }
  }
}

function bySeq(a: CellReport, b: CellReport): number {
  return a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0;
}

/** Plans a cell that waited; a fault is told of the event that started it. */
function planQueued(
  state: ReducerState,
  start: CellStart,
  source: ItemRecord,
): (() => CellRecord) | undefined {
  try {
    return planCell(state, start, source);
  } catch (error) {
    const { seq, line } = start;
    state.problems.report(error, { seq, line, eventType: "code_cell_started" });
    return undefined;
  }
}

/** Closes the cells of a turn that still run, as the turn's end demands. */
export function endTurnCells(
  _state: ReducerState,
  turn: TurnRecord,
  status: ExecutionStatus,
  context: EventContext,
): void {
  switch (status) {
    case "failed":
      return closeWithTurn(turn, "failed", context);
    case "cancelled":
    case "aborted":
      return closeWithTurn(turn, "terminated", context);
    case "completed":
    case "running":
      // A cell that yielded may outlive its turn.
      return;
  }
}
