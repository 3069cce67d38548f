/**
 * Rows stored as columns, and strings as indexes into one table: this keeps a report small.
 *
 * A column in which every row has the same value is that value. Strings, and lists of strings, are
 * indexes into the table of strings. Other values are stored unchanged.
 *
 * @module
 */

/** One column of a table. */
export type PackedColumn =
  /** The same value in every row. */
  | { readonly same: unknown }
  /** Indexes into the table of strings, or null. */
  | { readonly strings: readonly (number | null)[] }
  /** Lists of indexes into the table of strings. */
  | { readonly lists: readonly (readonly number[])[] }
  /** Values, unchanged. */
  | { readonly values: readonly unknown[] };

/** A table. */
export interface PackedTable {
  /** How many rows there are. */
  readonly length: number;
  /** The columns, by name. */
  readonly columns: Readonly<Record<string, PackedColumn>>;
}

/** Strings, each once, in the order in which they were added. */
export class StringTable {
  readonly #indexes: Map<string, number> = new Map();

  /** The index of a string; adds the string if it is new. */
  intern(text: string): number {
    let place = this.#indexes.get(text);
    if (place === undefined) {
      place = this.#indexes.size;
      this.#indexes.set(text, place);
    }
    return place;
  }

  /** Every string, by index. */
  all(): string[] {
    return [...this.#indexes.keys()];
  }
}

/** Packs rows that all have the same keys. */
export function packTable(
  rows: readonly object[],
  strings: StringTable,
): PackedTable {
  const columns: Record<string, PackedColumn> = {};
  for (const key of Object.keys(rows[0] ?? {})) {
    const values = rows.map((row): unknown => Reflect.get(row, key));
    columns[key] = packColumn(values, strings);
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
      strings: values.map((text) =>
        text === null ? null : strings.intern(text)
      ),
    };
  }
  if (values.every(isTextList)) {
    return {
      lists: values.map((list) => list.map((text) => strings.intern(text))),
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

/** The rows of a packed table. `R` must be the type of the rows that were packed. */
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
