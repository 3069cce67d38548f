/**
 * Rows in aligned columns that fit the width: one column gives way, the others keep theirs.
 *
 * @module
 */

import Table from "cli-table3";
import { cut, widthOf } from "./fit.ts";

/** How a column is set. */
export interface Column {
  /** What stands above it. */
  readonly title?: string;
  /** Numbers stand at the right. */
  readonly align?: "left" | "right";
  /** The column that is cut when there is not enough room. At most one. */
  readonly gives?: boolean;
}

/** Rows set in columns. */
export interface Columns {
  readonly columns: readonly Column[];
  /** Texts made harmless already; they may be coloured. */
  readonly rows: readonly (readonly string[])[];
  /** Columns there are. */
  readonly width: number;
  /** Spaces before each line. */
  readonly indent?: number;
}

const GAP = 2;
const LEAST_OF_GIVING = 8;
const NO_LINES = {
  "top": "",
  "top-mid": "",
  "top-left": "",
  "top-right": "",
  "bottom": "",
  "bottom-mid": "",
  "bottom-left": "",
  "bottom-right": "",
  "left": "",
  "left-mid": "",
  "mid": "",
  "mid-mid": "",
  "right": "",
  "right-mid": "",
  "middle": " ".repeat(GAP),
};

/** The lines of a table; none where there are no rows. */
export function columnLines(
  { columns, rows, width, indent = 0 }: Columns,
): string[] {
  if (rows.length === 0) return [];
  const titled = columns.some(({ title }) => title !== undefined);
  const titles = columns.map(({ title = "" }) => title);
  const all = titled ? [titles, ...rows] : rows;
  const widths = widthsOf(columns, all, width - indent);
  const table = new Table({
    chars: NO_LINES,
    style: { "padding-left": 0, "padding-right": 0, head: [], border: [] },
    colWidths: widths,
    colAligns: columns.map(({ align = "left" }) => align),
  });
  for (const row of all) {
    table.push(widths.map((most, at) => cut(row[at] ?? "", most)));
  }
  return table.toString().split("\n").map((line) =>
    `${" ".repeat(indent)}${line}`.trimEnd()
  );
}

function widthsOf(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): number[] {
  const widths = columns.map((_, at) =>
    Math.max(1, ...rows.map((row) => widthOf(row[at] ?? "")))
  );
  const giving = columns.findIndex(({ gives }) => gives === true);
  const total = widths.reduce((sum, each) => sum + each, 0) +
    GAP * (columns.length - 1);
  const over = total - width;
  if (giving === -1 || over <= 0) return widths;
  const natural = widths[giving] ?? 0;
  widths[giving] = Math.max(Math.min(natural, LEAST_OF_GIVING), natural - over);
  return widths;
}
