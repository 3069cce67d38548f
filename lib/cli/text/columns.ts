/**
 * Rows in aligned columns that fit the width: one column shrinks, the others keep theirs.
 *
 * @module
 */

import { cut, largest, padEnd, padStart, widthOf } from "./fit.ts";

/** How a column is set. */
export interface Column {
  readonly title?: string;
  /** The title of the group, where another column has the same title. */
  readonly groupTitle?: string;
  /** Numbers are aligned right. */
  readonly align?: "left" | "right";
  /** The column that is cut first when there is not enough room. At most one. */
  readonly shrinkable?: boolean;
}

/** Rows set in columns. */
export interface Columns {
  readonly columns: readonly Column[];
  /** Escaped texts, which may have colors. */
  readonly rows: readonly (readonly string[])[];
  /** Columns there are. */
  readonly width: number;
  /** Spaces before each line. */
  readonly indent?: number;
}

const GAP = 2;
const MIN_SHRUNK_WIDTH = 8;

/** The lines of a table; none where there are no rows. */
export function columnLines(
  { columns, rows, width, indent = 0 }: Columns,
): string[] {
  if (rows.length === 0) return [];
  const titled = columns.some(({ title }) => title !== undefined);
  const titles = columns.map(({ title = "" }) => title);
  const groupTitles = columns.map(({ groupTitle = "" }) => groupTitle);
  const heads = groupTitles.some((title) => title !== "")
    ? [groupTitles, titles]
    : [titles];
  const all = titled ? [...heads, ...rows] : rows;
  const widths = widthsOf(columns, all, width - indent);
  return all.map((row) => {
    const cells = columns.map(({ align }, at) => {
      const most = widths[at] ?? 0;
      const text = cut(row[at] ?? "", most);
      return align === "right" ? padStart(text, most) : padEnd(text, most);
    });
    const line = `${" ".repeat(indent)}${cells.join(" ".repeat(GAP))}`;
    // Columns of one character may still be too many.
    return cut(line.trimEnd(), width);
  });
}

function widthsOf(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): number[] {
  const widths = columns.map((_, at) =>
    largest(rows.map((row) => widthOf(row[at] ?? "")), 1)
  );
  const room = width - GAP * (columns.length - 1);
  const shrinking = columns.findIndex(({ shrinkable }) => shrinkable === true);
  const natural = widths[shrinking];
  if (natural !== undefined) {
    const over = Math.max(0, sumOf(widths) - room);
    const min = Math.min(natural, MIN_SHRUNK_WIDTH);
    widths[shrinking] = Math.max(min, natural - over);
  }
  narrow(widths, room);
  return widths;
}

/** Where one column cannot give enough, the widest does, until all are equally narrow. */
function narrow(widths: number[], room: number): void {
  for (;;) {
    const over = sumOf(widths) - room;
    const widest = Math.max(...widths);
    if (over <= 0 || widest <= 1) return;
    const next = Math.max(1, ...widths.filter((each) => each < widest));
    const many = widths.filter((each) => each === widest).length;
    const step = Math.min(widest - next, Math.ceil(over / many));
    for (const [at, each] of widths.entries()) {
      if (each === widest) widths[at] = each - step;
    }
  }
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((sum, each) => sum + each, 0);
}
