/**
 * The kinds of objects: the row type, the table and the title of each.
 *
 * @module
 */

import type { ObjectKind } from "../../../query/session/names/object_kind.ts";
import type {
  CallRow,
  CellRow,
  CompactionRow,
  EdgeRow,
  ItemRow,
  OperationRow,
  PayloadRow,
  ReportRows,
  SummaryRow,
  TerminalRow,
  ThreadRow,
  ToolRow,
  TurnRow,
} from "../../report_data.ts";

/** The row of each kind. */
export interface RowOf {
  thread: ThreadRow;
  turn: TurnRow;
  item: ItemRow;
  inference_call: CallRow;
  tool_call: ToolRow;
  code_cell: CellRow;
  terminal_session: TerminalRow;
  terminal_operation: OperationRow;
  compaction: CompactionRow;
  compaction_request: SummaryRow;
  edge: EdgeRow;
  payload: PayloadRow;
}

/** A row with its kind: narrow on `kind`. */
export type Found = {
  [K in ObjectKind]: { readonly kind: K; readonly row: RowOf[K] };
}[ObjectKind];

/** The table of each kind. */
export const TABLES = {
  thread: "threads",
  turn: "turns",
  item: "items",
  inference_call: "calls",
  tool_call: "tools",
  code_cell: "cells",
  terminal_session: "terminals",
  terminal_operation: "operations",
  compaction: "compactions",
  compaction_request: "summaries",
  edge: "edges",
  payload: "payloads",
} as const satisfies Record<ObjectKind, keyof ReportRows>;

export const TITLES: Readonly<Record<ObjectKind, string>> = {
  thread: "Thread",
  turn: "Turn",
  item: "Item",
  inference_call: "LLM request",
  tool_call: "Tool call",
  code_cell: "Code cell",
  terminal_session: "Terminal session",
  terminal_operation: "Terminal operation",
  compaction: "Compaction",
  compaction_request: "Compaction request",
  edge: "Edge between threads",
  payload: "Payload",
};
