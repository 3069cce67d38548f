/**
 * What a table is: its columns with unit and meaning, and the rows that a session has in it.
 *
 * Everything that shows, loads or writes tables reads these descriptions: SQL, files, documentation.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { SessionFacts } from "./session_facts.ts";

/** The type of a column's values. */
export type ColumnType =
  | "text"
  | "integer"
  /** A number with a fraction. */
  | "real"
  | "boolean"
  /** Milliseconds since 1970 as an integer; SQL and files have their own type for it. */
  | "timestamp"
  /** JSON as text. */
  | "json";

/** The value of one column in one row; null where it was not recorded or does not apply. */
export type CellValue = Integer | string | boolean | null;

/** A column, without the code that reads its values. */
export interface ColumnInfo {
  /** Its name, which stays the same over versions. */
  readonly name: string;
  /** The type of its values. */
  readonly type: ColumnType;
  /** What it holds, its unit, and what null means, where it may be null. */
  readonly meaning: string;
  /** Whether it may be null. */
  readonly nullable: boolean;
  /** Whether it is free text of the session: prompts, code, output, paths, errors. */
  readonly content: boolean;
  /** The column of another table that holds the same id, as `threads.thread_id`. */
  readonly references: string | null;
}

/** A column of rows made from `Row`. */
export interface Column<Row> extends ColumnInfo {
  /** Its value in a row. */
  value(row: Row, facts: SessionFacts): CellValue;
}

/** A table. */
export interface Table {
  /** Its name, which stays the same over versions. */
  readonly name: string;
  /** What one row is. */
  readonly meaning: string;
  /** Columns that no two rows have the same values in. */
  readonly key: readonly string[];
  /** Its columns, in order. */
  readonly columns: readonly ColumnInfo[];
  /**
   * The rows of one session, each with a value for every column.
   *
   * @param wanted Names of the columns whose values are read, those of the key among them; all, where
   * there is none. Others are null, or empty where they may not be.
   */
  rows(
    facts: SessionFacts,
    wanted?: ReadonlySet<string>,
  ): Iterable<CellValue[]>;
}

/** Describes a table whose rows are made from `Row`; each begins with the id of the session. */
export function table<Row>(
  spec: {
    readonly name: string;
    readonly meaning: string;
    readonly key: readonly string[];
    readonly columns: readonly Column<Row>[];
    readonly read: (facts: SessionFacts) => Iterable<Row>;
  },
): Table {
  const { name, meaning, columns, read } = spec;
  return {
    name,
    meaning,
    key: name === "sessions" ? spec.key : ["session_id", ...spec.key],
    columns: [SESSION_ID, ...columns],
    *rows(facts, wanted) {
      const values = columns.map((each): Value<Row> => {
        if (wanted === undefined || wanted.has(each.name)) return each.value;
        return () => each.nullable ? null : "";
      });
      for (const row of read(facts)) {
        yield [facts.id, ...values.map((value) => value(row, facts))];
      }
    },
  };
}

const SESSION_ID: ColumnInfo = {
  name: "session_id",
  type: "text",
  meaning:
    "Id of the recording (trace id); of a session log, that of its thread",
  nullable: false,
  content: false,
  references: null,
};

/** How a column differs from one that is plain and never null. */
interface ColumnOptions {
  readonly nullable?: boolean;
  readonly content?: boolean;
  readonly references?: string;
}

type Value<Row> = Column<Row>["value"];

/** Describes a column. */
export function column<Row>(
  name: string,
  type: ColumnType,
  meaning: string,
  value: Value<Row>,
  { nullable = false, content = false, references }: ColumnOptions = {},
): Column<Row> {
  return {
    name,
    type,
    meaning,
    nullable,
    content,
    references: references ?? null,
    value,
  };
}

/** Describes a column that is null where its value was not recorded or does not apply. */
export function maybe<Row>(
  name: string,
  type: ColumnType,
  meaning: string,
  value: Value<Row>,
  options: Omit<ColumnOptions, "nullable"> = {},
): Column<Row> {
  return column(name, type, meaning, value, { ...options, nullable: true });
}
