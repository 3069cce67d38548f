/**
 * Rows of any columns as a table, CSV, JSON, JSON lines, or Markdown.
 *
 * @module
 */

import { stringify } from "csv-stringify/sync";
import type { SqlResult, SqlValue } from "../../../export/tables/database.ts";
import { escapeControls } from "../../../text/escape.ts";
import type { CommandIo } from "../../command.ts";
import { columnLines } from "../../text/columns.ts";
import { cut, largest, oneLine, widthOf } from "../../text/fit.ts";
import { jsonText } from "../../text/json_document.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { printLines } from "../../shared/print.ts";

/** Formats with a flag of their own. */
export const ROW_FORMATS = ["json", "jsonl", "csv", "markdown"] as const;

/** How rows are printed. */
export type RowFormat = typeof ROW_FORMATS[number] | "table";

type Row = readonly SqlValue[];

const MIN_CELL_WIDTH = 6;
const GAP = 2;

export async function printRows(
  { columns, rows }: SqlResult,
  format: RowFormat,
  render: RenderOptions,
  io: CommandIo,
): Promise<void> {
  const keys = uniqueKeys(columns);
  switch (format) {
    case "table":
      return await printLines(io, () => tableLines(columns, rows, render));
    case "csv":
      return io.writeBytes(new TextEncoder().encode(csvText(columns, rows)));
    case "jsonl":
      return await printLines(io, () => jsonLines(keys, rows));
    case "json":
      return await printLines(io, () => arrayLines(keys, rows));
    case "markdown":
      return await printLines(io, () => markdownLines(columns, rows));
  }
}

/** Names of members; one that occurs again gets a number. */
function uniqueKeys(columns: readonly string[]): string[] {
  const keys = new Set<string>();
  // The next number of a name: to count from 2 again for each takes the cube of the columns.
  const next = new Map<string, number>();
  for (const name of columns) {
    let key = name;
    let at = next.get(name) ?? 2;
    for (; keys.has(key); at++) key = `${name}_${at}`;
    next.set(name, at);
    keys.add(key);
  }
  return [...keys];
}

function record(
  keys: readonly string[],
  row: Row,
): Record<string, SqlValue> {
  return Object.fromEntries(keys.map((key, at) => [key, row[at] ?? null]));
}

function* jsonLines(
  keys: readonly string[],
  rows: readonly Row[],
): Generator<string> {
  for (const row of rows) yield jsonText(record(keys, row));
}

function* arrayLines(
  keys: readonly string[],
  rows: readonly Row[],
): Generator<string> {
  yield "[";
  let at = 0;
  for (const line of jsonLines(keys, rows)) {
    at++;
    yield `  ${line}${at < rows.length ? "," : ""}`;
  }
  yield "]";
}

/** Records by RFC 4180; texts that a spreadsheet would run begin with an apostrophe. */
function csvText(columns: readonly string[], rows: readonly Row[]): string {
  const cells = [columns, ...rows].map((row) =>
    row.map((cell) => typeof cell === "string" ? escapeControls(cell) : cell)
  );
  return stringify(cells, {
    record_delimiter: "windows",
    escape_formulas: true,
  });
}

function* markdownLines(
  columns: readonly string[],
  rows: Iterable<Row>,
): Generator<string> {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  yield line(columns.map(markdownCell));
  yield line(columns.map(() => "---"));
  for (const row of rows) yield line(row.map(markdownCell));
}

/** A cell that cannot end its row, begin markup of HTML, or form a link. */
function markdownCell(value: SqlValue): string {
  return value === null ? "" : escapeControls(String(value).trim())
    .replace(/[\\`*_[\]|~]/g, "\\$&")
    .replace(/&/g, "&amp;")
    .replace(/</g, "&lt;");
}

/** Columns side by side, or below each other where the width is too small for that. */
function tableLines(
  columns: readonly string[],
  rows: readonly Row[],
  { width, style }: RenderOptions,
): Iterable<string> {
  const titles = columns.map((name) => oneLine(name, width));
  const cells = rows.map((row) =>
    columns.map((_, at) => cellText(row[at] ?? null, width))
  );
  const natural = titles.map((title, at) =>
    largest(cells.map((row) => widthOf(row[at] ?? "")), widthOf(title))
  );
  const room = width - GAP * (columns.length - 1);
  const minimum = natural.reduce(
    (sum, own) => sum + Math.min(own, MIN_CELL_WIDTH),
    0,
  );
  if (minimum > room) return recordLines(titles, cells, { width, style });
  const widths = sharedWidths(natural, room);
  const lines = columnLines({
    columns: titles.map((title, at) => ({
      title: cut(title, widths[at] ?? 0),
      align: isNumeric(rows, at) ? "right" : "left",
    })),
    rows: cells.map((row) => row.map((cell, at) => cut(cell, widths[at] ?? 0))),
    width,
  });
  return lines.map((line, at) => at === 0 ? style.heading(line) : line);
}

/** Each row as lines of its own: the name of a column, and its value. */
function* recordLines(
  titles: readonly string[],
  cells: readonly (readonly string[])[],
  { width, style }: Pick<RenderOptions, "width" | "style">,
): Generator<string> {
  const label = Math.min(largest(titles.map(widthOf), 0), width >> 1);
  let isFirst = true;
  for (const row of cells) {
    if (!isFirst) yield "";
    isFirst = false;
    for (const [at, cell] of row.entries()) {
      const title = cut(titles[at] ?? "", label);
      yield style.dim(title) + " ".repeat(label - widthOf(title) + GAP) +
        cut(cell, width - label - GAP);
    }
  }
}

function cellText(value: SqlValue, width: number): string {
  return value === null ? "-" : oneLine(String(value), width);
}

function isNumeric(rows: readonly Row[], at: number): boolean {
  return rows.every((row) => typeof row[at] !== "string") && rows.length > 0;
}

/** Widths that fit `total`: narrow columns keep theirs, the others share what remains. */
function sharedWidths(natural: readonly number[], total: number): number[] {
  let open = natural.map((_, at) => at);
  let left = total;
  for (;;) {
    const share = Math.max(MIN_CELL_WIDTH, Math.floor(left / open.length));
    const narrow = open.filter((at) => (natural[at] ?? 0) <= share);
    if (narrow.length === 0 || open.length === 0) {
      return natural.map((own, at) => open.includes(at) ? share : own);
    }
    for (const at of narrow) left -= natural[at] ?? 0;
    open = open.filter((at) => !narrow.includes(at));
  }
}
