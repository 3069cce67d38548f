/**
 * Tables of which some columns may be left out where there is not enough room.
 *
 * @module
 */

import { type Column, columnLines } from "./columns.ts";
import { largest, widthOf } from "./fit.ts";
import type { RenderOptions } from "./render_options.ts";

/** A column, and its cells. */
export interface Field<T> extends Column {
  readonly title: string;
  /**
   * Columns with the highest number are left out first, all of a number together; those
   * without one never are.
   */
  readonly dropPriority?: number;
  /** The cell of a row: escaped, perhaps with colors. */
  cell(row: T): string;
}

const GAP = 2;

/** The lines of a table, its titles first, on two lines where one is over another. */
export function fieldLines<T>(
  fields: readonly Field<T>[],
  rows: readonly T[],
  { width, style }: RenderOptions,
): string[] {
  let kept = fields.map((field) => ({
    field,
    cells: rows.map((row) => field.cell(row)),
  }));
  for (;;) {
    const total = kept.reduce(
      (sum, { field, cells }) =>
        sum + GAP + largest(
          cells.map(widthOf),
          Math.max(widthOf(field.title), widthOf(field.groupTitle ?? "")),
        ),
      -GAP,
    );
    const worst = Math.max(
      0,
      ...kept.map(({ field }) => field.dropPriority ?? 0),
    );
    if (total <= width || worst === 0) break;
    kept = kept.filter(({ field }) => field.dropPriority !== worst);
  }
  const heads = kept.some(({ field }) => field.groupTitle !== undefined)
    ? 2
    : 1;
  const lines = columnLines({
    columns: kept.map(({ field }) => field),
    rows: rows.map((_, at) => kept.map(({ cells }) => cells[at] ?? "")),
    width,
  });
  return lines.map((line, at) => at < heads ? style.heading(line) : line);
}
