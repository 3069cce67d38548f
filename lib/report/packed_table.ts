/**
 * Rows as columns, and every string as a number: what keeps a report small.
 *
 * A column that holds one value throughout is that value. Strings, and lists of strings, are
 * places in one table of strings. Everything else is as it is.
 *
 * @module
 */

/** One column of a table. */
export type PackedColumn =
  /** The same value in every row. */
  | { readonly same: unknown }
  /** Places in the table of strings, or null. */
  | { readonly strings: readonly (number | null)[] }
  /** Lists of places in the table of strings. */
  | { readonly lists: readonly (readonly number[])[] }
  /** Values as they are. */
  | { readonly values: readonly unknown[] };

/** A table. */
export interface PackedTable {
  /** How many rows there are. */
  readonly length: number;
  /** The columns, by name. */
  readonly columns: Readonly<Record<string, PackedColumn>>;
}

/** Strings, each once, in the order in which they came. */
export class StringTable {
  readonly #places: Map<string, number> = new Map();

  /** The place of a string. */
  place(text: string): number {
    let place = this.#places.get(text);
    if (place === undefined) {
      place = this.#places.size;
      this.#places.set(text, place);
    }
    return place;
  }

  /** Every string, by place. */
  all(): string[] {
    return [...this.#places.keys()];
  }
}

/** Packs rows that all have the same keys. */
export function packTable(
  rows: readonly object[],
  strings: StringTable,
): PackedTable {
  const columns: Record<string, PackedColumn> = {};
  const entries = rows.map((row) => new Map(Object.entries(row)));
  for (const key of entries[0]?.keys() ?? []) {
    columns[key] = packColumn(entries.map((row) => row.get(key)), strings);
  }
  return { length: rows.length, columns };
}

function packColumn(
  values: readonly unknown[],
  strings: StringTable,
): PackedColumn {
  const [first] = values;
  if (
    (typeof first !== "object" || first === null) && values.length > 1 &&
    values.every((value) => value === first)
  ) return { same: first };
  if (values.every(isText)) {
    return {
      strings: values.map((text) => text === null ? null : strings.place(text)),
    };
  }
  if (values.every(isTextList)) {
    return {
      lists: values.map((list) => list.map((text) => strings.place(text))),
    };
  }
  return { values };
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) &&
    value.every((each) => typeof each === "string");
}

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
