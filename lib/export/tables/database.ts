/**
 * Tables in a database of SQLite, in memory: loaded session by session, then read only.
 *
 * @module
 */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { dateOf } from "../../text/date.ts";
import { hexOf } from "../../text/encoded_bytes.ts";
import { isInRange } from "../../format/integers.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { TraceSession } from "../../query/session/session.ts";
import type { PriceTable } from "../../query/stats/measures/cost.ts";
import { type Needs, TABLES, TEXTS, VIEWS } from "./catalog.ts";
import { textOfPart } from "./item_tables.ts";
import { SessionFacts } from "./session_facts.ts";
import type { CellValue, ColumnType, Table } from "./table.ts";

/** What a query returns for one cell; integers beyond 2^53 are bigint. */
export type SqlValue = string | number | bigint | null;

/** The answer to a query. */
export interface SqlResult {
  /** Names of the columns. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** A statement that cannot be run: not SQL, an unknown name, or one that would write. */
export class SqlError extends Error {
  override name = "SqlError";
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

/** Statements that only read. `PRAGMA`, `ATTACH`, `VACUUM` and whatever writes are none. */
const READS = /^(?:select|with|values|explain)\b/i;

/** The tables of sessions in memory. */
export class TraceDatabase implements Disposable {
  readonly #db: DatabaseSync;
  readonly #needs: Needs;
  readonly #ids: Set<string> = new Set();
  readonly #inserts: Map<string, StatementSync> = new Map();

  private constructor(db: DatabaseSync, needs: Needs) {
    this.#db = db;
    this.#needs = needs;
    // Nothing is written beside memory, whatever a query sorts.
    db.exec("PRAGMA temp_store = MEMORY; PRAGMA journal_mode = OFF");
    for (const each of TABLES) db.exec(createTable(each));
    for (const { name, select } of VIEWS) {
      db.exec(`CREATE VIEW ${name} AS ${select}`);
    }
    db.exec(
      `CREATE VIRTUAL TABLE ${TEXTS} USING fts5(` +
        "session_id UNINDEXED, object_kind UNINDEXED, object_id UNINDEXED, text)",
    );
  }

  /** An empty database for what a statement needs. Needs no permission, and takes none. */
  static async open(needs: Needs): Promise<TraceDatabase> {
    const { DatabaseSync } = await import("node:sqlite");
    return new TraceDatabase(new DatabaseSync(":memory:"), needs);
  }

  /**
   * Loads the rows of a session.
   *
   * @returns What the tables call it: its trace id, with `#2` where another session has the same.
   */
  load(session: TraceSession): string {
    return this.loadRows(sessionRows(session, namesOf(this.#needs)));
  }

  /** Loads rows, which are of the tables that the statement needs. */
  loadRows({ id, tables, texts }: SessionRows): string {
    const free = this.#freeId(id);
    this.#db.exec("BEGIN");
    for (const { name, rows } of tables) this.#insert(name, rows, free);
    this.#insert(TEXTS, texts, free);
    this.#db.exec("COMMIT");
    return free;
  }

  /**
   * Checks a statement without running it.
   *
   * @throws {SqlError} If it is not one statement that reads, or names what does not exist.
   */
  check(sql: string): void {
    requireOneRead(sql);
    guarded(() => this.#db.prepare(sql));
  }

  /**
   * Runs one statement that reads.
   *
   * @throws {SqlError} If it is no such statement, or fails.
   */
  query(sql: string): SqlResult {
    requireOneRead(sql);
    this.#db.exec("PRAGMA query_only = ON");
    return guarded(() => {
      const statement = this.#db.prepare(sql);
      statement.setReadBigInts(true);
      returnArrays(statement);
      const columns = statement.columns().map(({ name }) => name);
      if (columns.length === 0) {
        throw new SqlError(
          "the statement returns no rows: tables are read only",
        );
      }
      // `iterate()` of Deno ends without an error where a statement fails at a later row.
      const rows: unknown[] = statement.all();
      return { columns, rows: rows.map(plainRow) };
    });
  }

  /** Frees the memory. */
  [Symbol.dispose](): void {
    this.#db.close();
  }

  #freeId(id: string): string {
    let free = id;
    for (let at = 2; this.#ids.has(free); at++) free = `${id}#${at}`;
    this.#ids.add(free);
    return free;
  }

  /** Inserts rows, which begin with the id of the session, under the id that is free. */
  #insert(
    name: string,
    rows: readonly (readonly SqlValue[])[],
    id: string,
  ): void {
    const [first] = rows;
    if (first === undefined) return;
    const insert = this.#insertInto(name, first.length);
    for (const [, ...values] of rows) insert.run(id, ...values);
  }

  /**
   * The statement that inserts into a table. There is one for all sessions: the memory of each is freed
   * only some time after its last use.
   */
  #insertInto(name: string, columns: number): StatementSync {
    const known = this.#inserts.get(name);
    if (known !== undefined) return known;
    const places = Array(columns).fill("?").join(",");
    const insert = this.#db.prepare(`INSERT INTO ${name} VALUES (${places})`);
    this.#inserts.set(name, insert);
    return insert;
  }
}

/** The rows of a session as SQLite takes them, as plain data. */
export interface SessionRows {
  /** Its trace id, which each row begins with. */
  readonly id: string;
  readonly tables: readonly {
    readonly name: string;
    readonly rows: readonly (readonly SqlValue[])[];
  }[];
  /** Rows of the full-text index. */
  readonly texts: readonly (readonly SqlValue[])[];
}

/** Names of what a statement needs, as plain data. */
export interface NeededNames {
  readonly tables: readonly {
    readonly name: string;
    readonly columns: ReadonlySet<string>;
  }[];
  readonly texts: boolean;
}

/** The names of what a statement needs. */
export function namesOf({ tables, texts }: Needs): NeededNames {
  const names = tables.map(({ table: { name }, columns }) => ({
    name,
    columns,
  }));
  return { tables: names, texts };
}

/**
 * The rows of a session in the tables that a statement needs.
 *
 * @param prices The user's prices; without any, nothing has a cost.
 */
export function sessionRows(
  session: TraceSession,
  needs: NeededNames,
  prices: PriceTable | null = null,
): SessionRows {
  const facts = new SessionFacts(session, { prices });
  return {
    id: facts.id,
    tables: needs.tables.flatMap(({ name, columns: wanted }) => {
      const table = TABLES.find((each) => each.name === name);
      if (table === undefined) return [];
      const { columns } = table;
      const rows = Array.from(
        table.rows(facts, wanted),
        (row) => row.map((value, at) => sqlValue(value, columns[at]?.type)),
      );
      return [{ name, rows }];
    }),
    texts: needs.texts
      ? Array.from(textsOf(facts), (text) => [facts.id, ...text])
        .filter(([, , , text]) => text !== null && text !== "")
      : [],
  };
}

type IndexedText = readonly [kind: string, id: string, text: string | null];

/** The texts that the index holds: of items, of code, and of terminals. */
function* textsOf(
  { session: { trace } }: SessionFacts,
): Generator<IndexedText> {
  for (const [id, { body }] of trace.conversation_items) {
    for (const part of body.parts) {
      // Ciphertext has no words.
      if (part.type !== "encoded") yield ["item", id, textOfPart(part)];
    }
  }
  for (const [id, cell] of trace.code_cells) {
    yield ["code_cell", id, cell.source_js];
  }
  for (const [id, { request, result }] of trace.terminal_operations) {
    const input = request.type === "exec_command"
      ? request.display_command
      : request.stdin;
    yield ["terminal_operation", id, input];
    yield ["terminal_operation", id, result?.stdout ?? null];
    yield ["terminal_operation", id, result?.stderr ?? null];
  }
}

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

/** A value as SQLite takes it. Integers beyond its 64 bits become text, so that nothing is lost. */
export function sqlValue(
  value: CellValue,
  type: ColumnType | undefined,
): SqlValue {
  if (value === null) return null;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "string") return value;
  if (type === "timestamp") return isoOf(value);
  if (typeof value === "bigint") {
    return isInRange(value, "i64") ? value : String(value);
  }
  return value;
}

/** A moment in UTC as `2026-03-01T09:00:00.000Z`; what no date can name is its milliseconds. */
function isoOf(ms: Integer): string {
  return dateOf(ms)?.toISOString() ?? String(ms);
}

/** Makes rows arrays: as objects, columns of the same name would be one. */
function returnArrays(statement: object): void {
  // The runtime has the method; the types of some versions do not.
  if (
    "setReturnArrays" in statement &&
    typeof statement.setReturnArrays === "function"
  ) statement.setReturnArrays(true);
}

function plainRow(row: unknown): readonly SqlValue[] {
  return Array.isArray(row) ? row.map(plainValue) : [];
}

/** Integers that a number holds exactly become one; bytes, which no table has, their hex digits. */
function plainValue(value: unknown): SqlValue {
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof Uint8Array) return `x'${hexOf(value)}'`;
  return typeof value === "string" || typeof value === "number" ? value : null;
}

function guarded<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    throw new SqlError(error.message, { cause: error });
  }
}

/** Checks that `sql` is exactly one statement, and one that only reads. */
function requireOneRead(sql: string): void {
  const bare = withoutQuotes(sql).trim().replace(/(?:\s*;)+$/, "").trim();
  if (bare === "") throw new SqlError("there is no statement");
  if (bare.includes(";")) throw new SqlError("more than one statement");
  if (!READS.test(bare)) {
    throw new SqlError(
      "only SELECT, WITH, VALUES and EXPLAIN are run: tables are read only",
    );
  }
}

/** Comments, strings and quoted names of SQL; one without an end reaches to the end. */
const QUOTED =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'[^']*(?:'|$)|"[^"]*(?:"|$)|`[^`]*(?:`|$)|\[[^\]]*(?:\]|$)/g;

function withoutQuotes(sql: string): string {
  return sql.replace(
    QUOTED,
    (found) => /^(?:--|\/\*)/.test(found) ? " " : "''",
  );
}
