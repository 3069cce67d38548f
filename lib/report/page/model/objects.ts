/**
 * Objects of every kind: where the rows of each lie, and what its short names begin with.
 *
 * @module
 */

import type {
  CallRow,
  CellRow,
  CompactionRow,
  EdgeRow,
  ItemRow,
  OperationRow,
  PayloadRow,
  Pointer,
  ReportRows,
  SummaryRow,
  TerminalRow,
  ThreadRow,
  ToolRow,
  TurnRow,
} from "../../report_data.ts";

/** A kind of object. */
export type Kind = Pointer[0];

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
  [K in Kind]: { readonly kind: K; readonly row: RowOf[K] };
}[Kind];

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
} as const satisfies Record<Kind, keyof ReportRows>;

/** The word of each kind, in short names and in addresses. */
export const WORDS: Readonly<Record<Kind, string>> = {
  thread: "thread",
  turn: "turn",
  item: "item",
  inference_call: "call",
  tool_call: "tool",
  code_cell: "cell",
  terminal_session: "terminal",
  terminal_operation: "op",
  compaction: "compaction",
  compaction_request: "summary",
  edge: "edge",
  payload: "payload",
};

/** What people call each kind. */
export const TITLES: Readonly<Record<Kind, string>> = {
  thread: "Thread",
  turn: "Turn",
  item: "Item",
  inference_call: "Model request",
  tool_call: "Tool call",
  code_cell: "Code cell",
  terminal_session: "Terminal",
  terminal_operation: "Terminal operation",
  compaction: "Compaction",
  compaction_request: "Summary request",
  edge: "Message between agents",
  payload: "Payload",
};

/** Every kind. */
export const KINDS: readonly Kind[] = [
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
