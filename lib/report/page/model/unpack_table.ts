/**
 * Columns as rows again: the other half of `pack_table.ts`.
 *
 * @module
 */

import type { PackedColumn, PackedTable } from "../../pack_table.ts";

/** The rows of a table. `R` is what was packed; the report's version vouches for it. */
export function unpackTable<R>(
  { length, columns }: PackedTable,
  strings: readonly string[],
): R[] {
  const rows = Array.from({ length }, (): Record<string, unknown> => ({}));
  for (const [key, column] of Object.entries(columns)) {
    const value = valueIn(column, strings);
    rows.forEach((row, i) => row[key] = value(i));
  }
  return rows as R[];
}

function valueIn(
  column: PackedColumn,
  strings: readonly string[],
): (row: number) => unknown {
  if ("same" in column) return () => column.same;
  if ("values" in column) return (row) => column.values[row];
  const text = (place: number) => strings[place] ?? "";
  if ("lists" in column) return (row) => column.lists[row]?.map(text) ?? [];
  return (row) => {
    const place = column.strings[row] ?? null;
    return place === null ? null : text(place);
  };
}
