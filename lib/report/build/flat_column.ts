/**
 * Columns of lists and tuples that are collected as they are packed: one after the other.
 *
 * The links of a session are lists of tuples with lists, one for each of its objects. As arrays,
 * they take more memory than everything else that a report is made of.
 *
 * @module
 */

import {
  MAX_TUPLE,
  packColumn,
  type PackedColumn,
  type PackedTable,
  type StringTable,
} from "../packed_table.ts";

/** Values, lists of them, or tuples; each as part of the others. */
export type FlatColumn = readonly unknown[] | FlatLists | FlatTuples;

/** Lists: how long each is, and the elements of all. */
export interface FlatLists {
  readonly lengths: readonly number[];
  readonly elements: FlatColumn;
}

/** Tuples of one length: a column for each place. */
export interface FlatTuples {
  readonly places: readonly [FlatColumn, ...FlatColumn[]];
}

/** Packs rows as `packTable` packs them; each column has an entry for every row. */
export function packFlatTable(
  rows: number,
  columns: Readonly<Record<string, FlatColumn>>,
  strings: StringTable,
): PackedTable {
  const packed = rows === 0
    ? []
    : Object.entries(columns).map(([key, column]) =>
      [key, packFlat(column, strings)] as const
    );
  return { length: rows, columns: Object.fromEntries(packed) };
}

/** Packs a column into what {@linkcode packColumn} makes of its lists and tuples as arrays. */
function packFlat(
  column: FlatColumn,
  strings: StringTable,
): PackedColumn {
  if (isPlain(column)) return packColumn(column, strings);
  if (countOf(column) === 0) return packColumn([], strings);
  if ("places" in column) {
    return { tuples: column.places.map((each) => packFlat(each, strings)) };
  }
  const { lengths, elements } = column;
  const [length = 0] = lengths;
  if (
    length > 0 && length <= MAX_TUPLE &&
    lengths.every((each) => each === length)
  ) {
    return {
      tuples: Array.from(
        { length },
        (_, place) =>
          packFlat(where(elements, (at) => at % length === place), strings),
      ),
    };
  }
  return {
    lists: packColumn(lengths, strings),
    elements: packFlat(elements, strings),
  };
}

function isPlain(column: FlatColumn): column is readonly unknown[] {
  return Array.isArray(column);
}

/** How many values, lists or tuples there are. */
function countOf(column: FlatColumn): number {
  if (isPlain(column)) return column.length;
  return "places" in column ? countOf(column.places[0]) : column.lengths.length;
}

/** The entries whose index is taken. */
function where(
  column: FlatColumn,
  isTaken: (at: number) => boolean,
): FlatColumn {
  if (isPlain(column)) return column.filter((_, at) => isTaken(at));
  if ("places" in column) {
    const [first, ...others] = column.places;
    const take = (each: FlatColumn) => where(each, isTaken);
    return { places: [take(first), ...others.map(take)] };
  }
  const { lengths, elements } = column;
  const lists = lengths.flatMap((length, list) =>
    new Array<number>(length).fill(list)
  );
  return {
    lengths: lengths.filter((_, at) => isTaken(at)),
    elements: where(elements, (at) => isTaken(lists[at] ?? -1)),
  };
}
