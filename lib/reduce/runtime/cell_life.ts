/**
 * One code cell from its start to its end.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  CodeCellRuntimeStatus,
  ExecutionStatus,
} from "../../format/vocabulary.ts";
import type { CodeCell } from "../../graph/runtime.ts";
import { findInCall } from "./call_items.ts";
import { linkCell } from "./cell_links.ts";
import {
  CellRecord,
  type CellReport,
  type CellStart,
} from "./code_cell_table.ts";
import type { ItemRecord } from "../conversation/item_record.ts";
import type { Draft, EventContext, TurnRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** The item that asked for a cell, `undefined` while the graph does not hold it. */
export function findSource(
  state: ReducerState,
  { threadId, callId }: CellStart,
): ItemRecord | undefined {
  const thread = state.threads.get(threadId);
  if (thread === undefined) return undefined;
  const isSource = (kind: string) => kind === "custom_tool_call";
  return findInCall(state, thread, callId, isSource)[0];
}

/** Checks the start of a cell that `source` asked for, and returns what carries it out. */
export function planCell(
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
): Draft<CodeCell> {
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

/** Carries out what a runtime tells of a started cell. */
export function applyReport(record: CellRecord, report: CellReport): void {
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

function respond(cell: Draft<CodeCell>, report: CellReport): void {
  cell.runtime_cell_id = report.runtimeCellId;
  cell.runtime_status = report.status;
  // Only the first response counts, but it does so even after an end that stood in for it.
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
  cell: Draft<CodeCell>,
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

/** Ends the cells of a turn that still run. Such an end brings no result, and takes one away. */
export function closeWithTurn(
  turn: TurnRecord,
  status: "failed" | "terminated",
  { seq, at }: EventContext,
): void {
  for (const cell of turn.runningCells) {
    end(cell, { status, payloadId: null, seq, at });
  }
  turn.runningCells.clear();
}
