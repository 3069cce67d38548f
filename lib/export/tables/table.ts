/**
 * What a table is: its columns with unit and meaning, and the rows that a session has in it.
 *
 * Everything that shows, loads or writes tables reads these descriptions: SQL, files, documentation.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import {
  HANDLE_WORDS,
  type ObjectKind,
} from "../../query/session/names/object_kind.ts";
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

/** What a column holds, without its name and the code that reads its values. */
interface ColumnDescription {
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

/** A column, without the code that reads its values. */
export interface ColumnInfo extends ColumnDescription {
  /** Its name, which stays the same over versions. */
  readonly name: string;
}

/** A column of rows made from `Row`. */
interface Column<Row> extends ColumnDescription {
  /** Its value in a row. */
  value(row: Row, facts: SessionFacts): CellValue;
}

/** Columns of rows made from `Row`, in order, by their names. */
export type Columns<Row> = Readonly<Record<string, Column<Row>>>;

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
    readonly columns: Columns<Row>;
    readonly read: (facts: SessionFacts) => Iterable<Row>;
  },
): Table {
  const { name, meaning, read } = spec;
  const columns = Object.entries(spec.columns);
  return {
    name,
    meaning,
    key: name === "sessions" ? spec.key : ["session_id", ...spec.key],
    columns: [
      SESSION_ID,
      ...columns.map(([name, column]) => ({ name, ...column })),
    ],
    *rows(facts, wanted) {
      const values = columns.map(([name, column]): Value<Row> => {
        if (wanted === undefined || wanted.has(name)) return column.value;
        return () => column.nullable ? null : "";
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

type Value<Row> = Column<Row>["value"];

type Describe = <Row>(meaning: string, value: Value<Row>) => Column<Row>;

/** Functions that describe columns, one for each sort of values. */
interface ColumnKinds {
  readonly text: Describe;
  readonly integer: Describe;
  readonly real: Describe;
  readonly boolean: Describe;
  readonly timestamp: Describe;
  /** Free text of the session. */
  readonly content: Describe;
  /** The id of an object that has a table: of a `thread`, in `threads.thread_id`. */
  readonly idOf: <Row>(
    object: string,
    meaning: string,
    value: Value<Row>,
  ) => Column<Row>;
}

function columnKinds(nullable: boolean): ColumnKinds {
  function of(type: ColumnType, content = false): Describe {
    return (meaning, value) => {
      return { type, meaning, nullable, content, references: null, value };
    };
  }
  const text = of("text");
  return {
    text,
    integer: of("integer"),
    real: of("real"),
    boolean: of("boolean"),
    timestamp: of("timestamp"),
    content: of("text", true),
    idOf: (object, meaning, value) => ({
      ...text(meaning, value),
      references: `${object}s.${object}_id`,
    }),
  };
}

/** Describe columns that are never null. */
export const { text, integer, boolean, timestamp, content, idOf } = columnKinds(
  false,
);

/** Describe columns that are null where their value was not recorded or does not apply. */
export const maybe = columnKinds(true);

/** Describes the column of short names of objects: `tool:1`. */
export function handle<Row>(
  kind: ObjectKind,
  idOf: (row: Row) => string,
): Column<Row> {
  return text(
    `Its short name, as ${HANDLE_WORDS[kind]}:1`,
    (row, facts) => facts.handle(kind, idOf(row)),
  );
}

const SQL_TYPES: Readonly<Record<ColumnType, string>> = {
  text: "TEXT",
  integer: "INTEGER",
  real: "REAL",
  boolean: "INTEGER",
  // ISO 8601 in UTC, which the date functions of SQLite read and which sorts as text.
  timestamp: "TEXT",
  json: "TEXT",
};

/** The statement that makes a table; texts may be left out where not all content is written. */
export function createTable(
  { name, columns, key }: Table,
  mayLackContent = false,
): string {
  const parts = columns.map(({ name, type, nullable, content }) =>
    `${name} ${SQL_TYPES[type]}${
      nullable || (content && mayLackContent) ? "" : " NOT NULL"
    }`
  );
  return `CREATE TABLE ${name} (${parts.join(", ")}, ` +
    `PRIMARY KEY (${key.join(", ")}))`;
}
