/**
 * Rows of a table as the bytes of a file: Parquet, NDJSON, CSV.
 *
 * @module
 */

import { parquetWriteBuffer } from "hyparquet-writer";
import { dateOf } from "../../text/date.ts";
import { isInRange } from "../../format/integers.ts";
import type { CellValue, ColumnInfo, ColumnType, Table } from "./table.ts";

export const TABLE_FORMATS = ["parquet", "ndjson", "csv", "sqlite"] as const;

export type TableFormat = typeof TABLE_FORMATS[number];

/** A format of which each table and day has files. */
export type FileFormat = Exclude<TableFormat, "sqlite">;

/** How much free text of sessions is written: none, its first characters, or all. */
export const CONTENT_LEVELS = ["none", "short", "all"] as const;

/** How much free text of sessions is written. */
export type ContentLevel = typeof CONTENT_LEVELS[number];

/** Characters that are written of a text with `short`. */
const SHORT_CHARACTERS = 200;

/**
 * Revision of the tables: it changes when they do, for a later run writes only the days that have
 * new or changed sessions.
 */
export const TABLES_REVISION = 3;

const ROW_GROUP_ROWS = 100_000;

/** The bytes of a file with some rows of a table. */
export function tableFile(
  table: Table,
  rows: readonly (readonly CellValue[])[],
  format: FileFormat,
): Uint8Array {
  switch (format) {
    case "parquet":
      return parquetFile(table, rows);
    case "ndjson":
      return encode(rows.map((row) => `${ndjsonLine(table, row)}\n`));
    case "csv":
      return encode([
        table.columns.map(({ name }) => name).join(",") + "\r\n",
        ...rows.map((row) => `${csvLine(table, row)}\r\n`),
      ]);
  }
}

/** The same row with as much free text as `level` allows. */
export function withContent(
  { columns }: Table,
  row: readonly CellValue[],
  level: ContentLevel,
): CellValue[] {
  if (level === "all") return [...row];
  return row.map((value, at) => {
    if (columns[at]?.content !== true || typeof value !== "string") {
      return value;
    }
    return level === "none" ? null : shortened(value);
  });
}

function shortened(text: string): string {
  const short = text.slice(0, SHORT_CHARACTERS);
  // Half of a surrogate pair is no character.
  return /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short;
}

function encode(pieces: readonly string[]): Uint8Array {
  return new TextEncoder().encode(pieces.join(""));
}

const PARQUET_TYPES: Readonly<
  Record<ColumnType, "STRING" | "INT64" | "DOUBLE" | "BOOLEAN" | "TIMESTAMP">
> = {
  text: "STRING",
  integer: "INT64",
  real: "DOUBLE",
  boolean: "BOOLEAN",
  timestamp: "TIMESTAMP",
  json: "STRING",
};

function parquetFile(
  { name, columns }: Table,
  rows: readonly (readonly CellValue[])[],
): Uint8Array {
  const columnData = columns.map((column, at) => ({
    name: column.name,
    type: PARQUET_TYPES[column.type],
    nullable: isNullable(column),
    data: rows.map((row) => parquetValue(row[at] ?? null, column.type)),
  }));
  return new Uint8Array(parquetWriteBuffer({
    columnData,
    rowGroupSize: ROW_GROUP_ROWS,
    createdBy: "rollout-trace",
    kvMetadata: [
      { key: "rollout_trace.table", value: name },
      { key: "rollout_trace.tables_revision", value: String(TABLES_REVISION) },
    ],
  }));
}

/** Free text is absent where the level of content excludes it; integers where 64 bits are too few. */
function isNullable({ nullable, content, type }: ColumnInfo): boolean {
  return nullable || content || type === "integer" || type === "timestamp";
}

function parquetValue(
  value: CellValue,
  type: ColumnType,
): string | number | bigint | boolean | Date | null {
  if (
    value === null || typeof value === "string" || typeof value === "boolean"
  ) {
    return value;
  }
  if (type === "timestamp") {
    return dateOf(value);
  }
  if (type === "real") return Number(value);
  const integer = BigInt(value);
  return isInRange(integer, "i64") ? integer : null;
}

/** Times are ISO 8601 in UTC; integers keep every digit. */
function plainValue(value: CellValue, type: ColumnType | undefined): CellValue {
  return type === "timestamp" && value !== null && typeof value !== "string" &&
      typeof value !== "boolean"
    ? dateOf(value)?.toISOString() ?? value
    : value;
}

function ndjsonLine(
  { columns }: Table,
  row: readonly CellValue[],
): string {
  const members = columns.map(({ name, type }, at) => {
    const value = plainValue(row[at] ?? null, type);
    const text = typeof value === "string"
      ? JSON.stringify(value)
      : String(value);
    return `${JSON.stringify(name)}:${text}`;
  });
  return `{${members.join(",")}}`;
}

function csvLine({ columns }: Table, row: readonly CellValue[]): string {
  return columns.map(({ type }, at) =>
    csvCell(plainValue(row[at] ?? null, type))
  )
    .join(",");
}

/** A cell by RFC 4180. Texts that a spreadsheet would run as a formula begin with an apostrophe. */
function csvCell(value: CellValue): string {
  if (value === null) return "";
  const text = String(value);
  const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text)
    ? `'${text}`
    : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
