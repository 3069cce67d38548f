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
import { type CellValue, type ColumnType, createTable } from "./table.ts";

/** What a query returns for one cell; integers beyond 2^53 are bigint. */
export type SqlValue = string | number | bigint | null;

/** The answer to a query. */
export interface SqlResult {
  /** Names of the columns. */
  readonly columns: readonly string[];
  readonly rows: readonly (readonly SqlValue[])[];
}

/** A statement that cannot be run: not SQL, an unknown name, too large, or one that would write. */
export class SqlError extends Error {
  override name = "SqlError";
}

/** A statement whose work or result would take more memory than it may. */
export class SqlMemoryError extends SqlError {
  override name = "SqlMemoryError";
}

/** Statements that only read. `PRAGMA`, `ATTACH`, `VACUUM` and whatever writes are none. */
const READS = /^(?:select|with|values|explain)\b/i;

const EXPLAIN = /^explain\b/i;

const MEGABYTE = 1024 * 1024;
/**
 * Bytes that SQLite may take for a statement and its result. A text of it is copied at least once, so
 * that none exceeds the longest text of the engine, at which the runtime would abort.
 */
const MAX_STATEMENT_MEMORY = 512 * MEGABYTE;
/** Bytes that SQLite takes for a byte of the database: a page has a header in memory. */
const BYTES_IN_MEMORY = 1.1;
/** Bytes of a result in the engine, beside its texts. */
const MAX_ROW_MEMORY = 1024 * MEGABYTE;
const BYTES_OF_ROW = 64;
const BYTES_OF_CELL = 16;

/** Where the rows of a statement are stored until they are read. */
const RESULT = "temp.rollout_trace_result";

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
   * Runs one statement that reads. It may take 512 MB, and from then on so may all databases of this
   * process, beside what this one has: SQLite has one limit, which can only be lowered.
   *
   * @throws {SqlMemoryError} If it, or its result, would take more memory.
   * @throws {SqlError} If it is no such statement, or fails.
   */
  query(sql: string): SqlResult {
    const bare = requireOneRead(sql);
    return guarded(() => {
      const statement = this.#db.prepare(sql);
      const columns = statement.columns().map(({ name }) => name);
      if (columns.length === 0) {
        throw new SqlError(
          "the statement returns no rows: tables are read only",
        );
      }
      this.#limitMemory();
      const rows = EXPLAIN.test(bare)
        ? this.#explain(statement)
        : this.#rows(sql, columns.length);
      return { columns, rows };
    });
  }

  #limitMemory(): void {
    const size = this.#db.prepare(
      "SELECT page_count * page_size AS bytes FROM pragma_page_count, pragma_page_size",
    ).get();
    const bytes = Number(size?.["bytes"]) * BYTES_IN_MEMORY;
    const limit = Math.ceil(bytes) + MAX_STATEMENT_MEMORY;
    this.#db.exec(`PRAGMA hard_heap_limit = ${limit}`);
  }

  #explain(statement: StatementSync): readonly (readonly SqlValue[])[] {
    this.#db.exec("PRAGMA query_only = ON");
    returnArrays(statement);
    const rows: unknown[] = statement.all();
    return rows.map(plainRow);
  }

  /**
   * The rows of a statement. SQLite stores them first, within its limit of memory, so that their number
   * is known before the engine takes any: `all()` has no limit, and `iterate()` of Deno ends without an
   * error where a statement fails at a later row.
   */
  #rows(sql: string, columns: number): readonly (readonly SqlValue[])[] {
    this.#db.exec(`PRAGMA query_only = OFF; DROP TABLE IF EXISTS ${RESULT}`);
    // Columns without a type leave every value as it is.
    const names = Array.from({ length: columns }, (_, at) => `c${at}`);
    this.#db.exec(`CREATE TABLE ${RESULT} (${names.join(", ")})`);
    const { changes } = this.#db.prepare(`INSERT INTO ${RESULT} ${sql}`).run();
    const count = Number(changes);
    if (count * (BYTES_OF_ROW + columns * BYTES_OF_CELL) > MAX_ROW_MEMORY) {
      throw new SqlMemoryError(`the result has too many rows: ${count}`);
    }
    this.#db.exec("PRAGMA query_only = ON");
    const stored = this.#db.prepare(`SELECT * FROM ${RESULT} ORDER BY rowid`);
    stored.setReadBigInts(true);
    returnArrays(stored);
    const rows = Array.from<unknown, readonly SqlValue[]>(
      stored.iterate(),
      plainRow,
    );
    if (rows.length !== count) throw new SqlMemoryError(NO_MEMORY);
    return rows;
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
    if (error instanceof SqlError || !(error instanceof Error)) throw error;
    if (TOO_LARGE.includes(error.message)) {
      throw new SqlMemoryError(NO_MEMORY, { cause: error });
    }
    throw new SqlError(error.message, { cause: error });
  }
}

/** What SQLite reports where it may take no more memory. */
const TOO_LARGE: readonly string[] = [
  "out of memory",
  "string or blob too big",
];
const NO_MEMORY = `the statement needs more than ${
  MAX_STATEMENT_MEMORY / MEGABYTE
} MB of memory`;

/** Checks that `sql` is exactly one statement, and one that only reads; returns it without quotes. */
function requireOneRead(sql: string): string {
  const bare = withoutQuotes(sql).trim().replace(/(?:\s*;)+$/, "").trim();
  if (bare === "") throw new SqlError("there is no statement");
  if (bare.includes(";")) throw new SqlError("more than one statement");
  if (!READS.test(bare)) {
    throw new SqlError(
      "only SELECT, WITH, VALUES and EXPLAIN are run: tables are read only",
    );
  }
  return bare;
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
