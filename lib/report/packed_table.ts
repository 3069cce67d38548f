/**
 * Rows stored as columns, and strings as indexes into one table: this keeps a report small.
 *
 * A column is stored by what all its values are: integers as differences, names with a number such as
 * `item:7` by their numbers, other strings as indexes into the table of strings, and lists, tuples
 * and records as columns of their parts. What has no such form is stored unchanged.
 *
 * @module
 */

/** Integers or null, each the difference from the integer before it; the first one from 0. */
type Differences = readonly (number | null)[];

/** One column of a table. */
export type PackedColumn =
  /** The same value in every row. */
  | { readonly same: unknown }
  /** Indexes into the table of strings. */
  | { readonly strings: Differences }
  /** Integers. */
  | { readonly integers: Differences }
  /** Strings that differ only in a number, which `before` and `after` surround. */
  | {
    readonly numbered: Differences;
    readonly before: string;
    readonly after: string;
  }
  /** Lists: how long each is, and the elements of all. */
  | { readonly lists: PackedColumn; readonly elements: PackedColumn }
  /** Lists of one length, as a column for each place. */
  | { readonly tuples: readonly PackedColumn[] }
  /** Objects with the same keys. */
  | { readonly records: Columns }
  /** Values of which some are null: rows of those that are not, and their column. */
  | { readonly rows: PackedColumn; readonly known: PackedColumn }
  /** Values, unchanged. */
  | { readonly values: readonly unknown[] };

type Columns = Readonly<Record<string, PackedColumn>>;

/** A table. */
export interface PackedTable {
  /** How many rows there are. */
  readonly length: number;
  /** The columns, by name. */
  readonly columns: Columns;
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
  return { length: rows.length, columns: packRecords(rows, strings) };
}

function packRecords(rows: readonly object[], strings: StringTable): Columns {
  return Object.fromEntries(
    Object.keys(rows[0] ?? {}).map((key) => {
      const values = rows.map((row): unknown => Reflect.get(row, key));
      return [key, packColumn(values, strings)];
    }),
  );
}

/** Packs one column of a table. */
export function packColumn(
  values: readonly unknown[],
  strings: StringTable,
): PackedColumn {
  const [first] = values;
  if (
    (typeof first !== "object" || first === null) && values.length > 1 &&
    values.every((value) => value === first)
  ) return { same: first };
  if (values.every(isText)) return packTexts(values, strings);
  if (values.every(isInteger)) return { integers: differencesOf(values) };
  if (values.every(isList)) return packLists(values, strings);
  if (values.every(isRecord) && haveSameKeys(values)) {
    return { records: packRecords(values, strings) };
  }
  const known = values.filter((value) => value !== null);
  if (known.length === values.length || !known.every(isObject)) {
    return { values };
  }
  const rows = values.flatMap((value, row) => value === null ? [] : row);
  return {
    rows: { integers: differencesOf(rows) },
    known: packColumn(known, strings),
  };
}

/** A name with a number below 10^15, spelled as a number is. */
const NUMBERED = /^(\D*)(0|[1-9]\d{0,14})(\D*)$/;

function packTexts(
  texts: readonly (string | null)[],
  strings: StringTable,
): PackedColumn {
  const [, before, , after] = NUMBERED.exec(
    texts.find((text) => text !== null) ?? "",
  ) ?? [];
  if (before !== undefined && after !== undefined) {
    const numbers = texts.map((text) => {
      if (text === null) return null;
      const parts = NUMBERED.exec(text);
      return parts !== null && parts[1] === before && parts[3] === after
        ? Number(parts[2])
        : undefined;
    });
    if (numbers.every((each) => each !== undefined)) {
      return { numbered: differencesOf(numbers), before, after };
    }
  }
  return {
    strings: differencesOf(
      texts.map((text) => text === null ? null : strings.intern(text)),
    ),
  };
}

/** Elements of lists that are tuples: more of them would need more columns than they have rows. */
export const MAX_TUPLE = 16;

function packLists(
  lists: readonly (readonly unknown[])[],
  strings: StringTable,
): PackedColumn {
  const [{ length } = []] = lists;
  if (
    length > 0 && length <= MAX_TUPLE &&
    lists.every((list) => list.length === length)
  ) {
    return {
      tuples: Array.from(
        { length },
        (_, i) => packColumn(lists.map((list) => list[i]), strings),
      ),
    };
  }
  return {
    lists: packColumn(lists.map((list) => list.length), strings),
    elements: packColumn(lists.flat(), strings),
  };
}

function differencesOf(values: readonly (number | null)[]): Differences {
  let last = 0;
  return values.map((value) => {
    if (value === null) return null;
    const difference = value - last;
    last = value;
    return difference;
  });
}

/** The largest integer whose difference from another is exact. */
const MAX_INTEGER = 2 ** 52;

function isInteger(value: unknown): value is number | null {
  return value === null ||
    Number.isInteger(value) && Math.abs(Number(value)) <= MAX_INTEGER;
}

function isText(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function isRecord(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value);
}

/** Whether records can be columns: a key that is absent in some is not the same as null. */
function haveSameKeys(records: readonly object[]): boolean {
  const [first = {}] = records;
  const keys = Object.keys(first);
  return keys.length > 0 && !keys.includes("__proto__") &&
    records.every((record) => {
      const entries = Object.entries(record);
      return entries.length === keys.length &&
        entries.every(([key, value], i) =>
          key === keys[i] && value !== undefined
        );
    });
}

/** The rows of a packed table. `R` must be the type of the rows that were packed. */
export function unpackTable<R>(
  { length, columns }: PackedTable,
  strings: readonly string[],
): R[] {
  return unpackRecords(columns, length, strings) as R[];
}

function unpackRecords(
  columns: Columns,
  length: number,
  strings: readonly string[],
): Record<string, unknown>[] {
  const rows = listOf(length, (): Record<string, unknown> => ({}));
  for (const [key, column] of Object.entries(columns)) {
    const values = unpackColumn(column, length, strings);
    for (let i = 0; i < length; i++) {
      const row = rows[i];
      if (row !== undefined) row[key] = values[i];
    }
  }
  return rows;
}

/** Shared by all rows. */
const EMPTY: readonly unknown[] = [];

function unpackColumn(
  column: PackedColumn,
  length: number,
  strings: readonly string[],
): readonly unknown[] {
  if ("values" in column) return column.values;
  if ("same" in column) return listOf(length, () => column.same);
  if ("integers" in column) return sumsOf(column.integers);
  if ("strings" in column) {
    return sumsOf(column.strings).map((place) =>
      place === null ? null : strings[place] ?? ""
    );
  }
  if ("numbered" in column) {
    const { numbered, before, after } = column;
    return sumsOf(numbered).map((number) =>
      number === null ? null : before + number + after
    );
  }
  if ("records" in column) {
    return unpackRecords(column.records, length, strings);
  }
  if ("tuples" in column) {
    const places = column.tuples.map((each) =>
      unpackColumn(each, length, strings)
    );
    return listOf(length, (i) => places.map((each) => each[i]));
  }
  if ("lists" in column) return unpackLists(column, length, strings);
  const rows = unpackColumn(column.rows, length, strings);
  const known = unpackColumn(column.known, rows.length, strings);
  const values = listOf(length, (): unknown => null);
  rows.forEach((row, i) => values[Number(row)] = known[i]);
  return values;
}

function unpackLists(
  { lists, elements }: Extract<PackedColumn, { lists: unknown }>,
  length: number,
  strings: readonly string[],
): (readonly unknown[])[] {
  const lengths = unpackColumn(lists, length, strings).map(Number);
  const total = lengths.reduce((sum, each) => sum + each, 0);
  const all = unpackColumn(elements, total, strings);
  let from = 0;
  return lengths.map((each) => {
    if (each === 0) return EMPTY;
    from += each;
    return all.slice(from - each, from);
  });
}

/** The integers of differences. */
function sumsOf(differences: Differences): (number | null)[] {
  let sum = 0;
  return differences.map((each) => each === null ? null : sum += each);
}

/** A list of what is made for each index; `Array.from` is ten times as slow. */
function listOf<T>(length: number, make: (index: number) => T): T[] {
  const list: T[] = [];
  for (let i = 0; i < length; i++) list.push(make(i));
  return list;
}
