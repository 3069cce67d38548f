/**
 * Code cells from start to end.
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
import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
} from "../../format/vocabulary.ts";
import type { CodeCell } from "../../graph/runtime.ts";
import { linkCell } from "./cell_links.ts";
import {
  CellRecord,
  type CellReport,
  type CellStart,
} from "../state/code_cell_table.ts";
import type { ItemRecord, Mutable } from "../state/item_record.ts";
import type { EventContext, TurnRecord } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** Handles `code_cell_started`. */
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
  // Tools run before the response that requested them is recorded, so the start of a fast cell is
  // recorded before its source item.
  const source = findSource(state, start);
  const commit = source === undefined
    ? () => state.cells.enqueue(start)
    : prepareCell(state, start, source);
  state.cells.nameRuntimeId(
    start.threadId,
    start.runtimeCellId,
    start.codeCellId,
  );
  commit();
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

/** Handles `code_cell_initial_response`. */
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

/** Handles `code_cell_ended`. */
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

/**
 * Returns the id of the cell that the runtime of a thread calls `runtimeId`.
 *
 * @throws {ReplayError} If it was never started.
 */
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

/** Returns the thread id of an event. Only the start of a cell needs the thread to exist. */
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

/** Starts the queued cells whose source item exists now. */
export function flushQueuedCells(state: ReducerState): void {
  if (!state.cells.hasReady) return;
  for (const queued of state.cells.ready()) {
    const source = findSource(state, queued.start);
    if (source === undefined) continue;
    const commit = prepareQueued(state, queued.start, source);
    state.cells.dequeue(queued);
    const cell = commit?.();
    if (cell === undefined) continue;
    for (const id of queued.waitToolCallIds) {
      cell.cell.wait_tool_call_ids.push(id);
    }
    // In schema 1 the events need not be in the order of their sequence numbers.
    for (const report of queued.reports.toSorted(bySeq)) {
      applyReport(cell, report);
    }
  }
}

function bySeq(a: CellReport, b: CellReport): number {
  return a.seq < b.seq ? -1 : a.seq > b.seq ? 1 : 0;
}

/** Prepares a queued cell; a fault is reported with the event that started it. */
function prepareQueued(
  state: ReducerState,
  start: CellStart,
  source: ItemRecord,
): (() => CellRecord) | undefined {
  try {
    return prepareCell(state, start, source);
  } catch (error) {
    const { seq, line } = start;
    state.faults.reject(error, { seq, line, eventType: "code_cell_started" });
    return undefined;
  }
}

/**
 * Closes the cells of a turn that still run, unless the turn completed, or events were lost since
 * the turn started: the end of a cell may be among them.
 */
export function endTurnCells(
  state: ReducerState,
  turn: TurnRecord,
  status: ExecutionStatus,
  context: EventContext,
): void {
  if (state.lostEvents() > turn.lostBefore) return;
  switch (status) {
    case "failed":
      return closeWithTurn(turn, "failed", context);
    case "cancelled":
    case "aborted":
      return closeWithTurn(turn, "terminated", context);
    case "completed":
    case "running":
      // A cell that yielded may continue after its turn.
      return;
  }
}

/** Returns the item that requested a cell, `undefined` if the graph does not have it yet. */
function findSource(
  state: ReducerState,
  { threadId, callId }: CellStart,
): ItemRecord | undefined {
  const thread = state.threads.get(threadId);
  if (thread === undefined) return undefined;
  const isSource = (kind: string) => kind === "custom_tool_call";
  return state.itemsInCall(thread, callId, isSource)[0];
}

/** Checks the start of a cell that `source` requested, and returns its commit. */
function prepareCell(
  state: ReducerState,
  start: CellStart,
  source: ItemRecord,
): () => CellRecord {
  const { threadId, turnId, codeCellId } = start;
  if (turnId === null) {
    throw new ReplayError(
      "missing_context",
      `the start of code cell ${quote(codeCellId)} names no turn`,
      { code_cell_id: codeCellId },
    );
  }
  const turn = state.turnOf(turnId, threadId);
  const record = new CellRecord(
    newCell(start, turn, source),
    state.thread(threadId),
    turn,
  );
  return () => {
    state.cells.add(record);
    turn.runningCells.add(record.cell);
    linkCell(state, record);
    return record;
  };
}

function newCell(
  start: CellStart,
  { turn }: TurnRecord,
  source: ItemRecord,
): Mutable<CodeCell> {
  return {
    code_cell_id: start.codeCellId,
    model_visible_call_id: start.callId,
    thread_id: start.threadId,
    codex_turn_id: turn.codex_turn_id,
    source_item_id: source.item.item_id,
    output_item_ids: [],
    runtime_cell_id: start.runtimeCellId,
    execution: {
      started_at_unix_ms: start.at,
      started_seq: start.seq,
      ended_at_unix_ms: null,
      ended_seq: null,
      status: "running",
    },
    runtime_status: "starting",
    initial_response_at_unix_ms: null,
    initial_response_seq: null,
    initial_response_status: null,
    raw_initial_response_payload_id: null,
    raw_result_payload_id: null,
    yielded_at_unix_ms: null,
    yielded_seq: null,
    source_js: start.sourceJs,
    nested_tool_call_ids: [],
    wait_tool_call_ids: [],
  };
}

/** Applies a report of the runtime to a started cell. */
function applyReport(record: CellRecord, report: CellReport): void {
  const { cell } = record;
  switch (report.type) {
    case "initial_response":
      respond(cell, report);
      break;
    case "end":
      end(cell, report);
      break;
  }
  const { runningCells } = record.turn;
  if (cell.execution.status === "running") runningCells.add(cell);
  else runningCells.delete(cell);
}

function respond(cell: Mutable<CodeCell>, report: CellReport): void {
  cell.runtime_cell_id = report.runtimeCellId;
  cell.runtime_status = report.status;
  // Only the first response is stored, even if an end set the time of the response before.
  if (cell.initial_response_status === null) {
    cell.initial_response_at_unix_ms = report.at;
    cell.initial_response_seq = report.seq;
    cell.initial_response_status = report.status;
    cell.raw_initial_response_payload_id = report.payloadId;
  }
  if (report.status === "yielded") {
    cell.yielded_at_unix_ms = report.at;
    cell.yielded_seq = report.seq;
  }
}

const EXECUTION_OF: Record<CodeCellRuntimeStatus, ExecutionStatus> = {
  starting: "running",
  running: "running",
  yielded: "running",
  completed: "completed",
  failed: "failed",
  terminated: "cancelled",
};

type CellEnd = Pick<CellReport, "status" | "payloadId" | "seq" | "at">;

function end(
  cell: Mutable<CodeCell>,
  { status, payloadId, seq, at }: CellEnd,
): void {
  cell.initial_response_at_unix_ms ??= at;
  cell.initial_response_seq ??= seq;
  cell.execution.ended_at_unix_ms = at;
  cell.execution.ended_seq = seq;
  cell.execution.status = EXECUTION_OF[status];
  cell.runtime_status = status;
  cell.raw_result_payload_id = payloadId;
}

/** Ends the cells of a turn that still run. Such an end has no result, and removes an earlier one. */
function closeWithTurn(
  turn: TurnRecord,
  status: "failed" | "terminated",
  { seq, at }: EventContext,
): void {
  for (const cell of turn.runningCells) {
    end(cell, { status, payloadId: null, seq, at });
  }
  turn.runningCells.clear();
}
