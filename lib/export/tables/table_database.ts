/**
 * One database of SQLite that follows a root of bundles, with all tables and views.
 *
 * Its ledger is a table of it: `tables_ledger` has the bundle of each session. Sessions and their
 * entries are written in one transaction, so that runs that were killed or repeated lead to the same
 * rows; the bytes of the file may differ.
 *
 * @module
 */

import type { DatabaseSync } from "node:sqlite";
import { TABLES, VIEWS } from "./catalog.ts";
import { createTable, type SqlValue } from "./database.ts";
import { TABLES_REVISION } from "./table_files.ts";
import {
  TableFolderError,
  type TableFolderOptions,
  type TableRun,
} from "./table_folder.ts";
import {
  type MakeParts,
  type PartMember,
  partsOf,
  type TableBundle,
  type TablePart,
} from "./table_part.ts";

/** Name of the database in the directory of the tables. */
export const DATABASE_FILE = "tables.sqlite";

const LEDGER = "tables_ledger";
const OPTIONS = "tables_options";
/** How long it waits for another program that reads or writes the database. */
const BUSY_MS = 10_000;

/** Rows are in memory until they are written. */
const MAX_TRANSACTION_SESSIONS = 32;

/** The database. */
export class TableDatabase implements Disposable {
  readonly #db: DatabaseSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Opens the database in a directory, which exists, or makes it.
   *
   * @throws {TableFolderError} If it has tables of other options, or is something else.
   */
  static async open(
    folder: string,
    options: TableFolderOptions,
  ): Promise<TableDatabase> {
    const path = `${folder.replace(/\/+$/, "")}/${DATABASE_FILE}`;
    requireFile(path);
    const { DatabaseSync } = await import("node:sqlite");
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(path);
      db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
      prepare(db, optionsText(options));
      return new TableDatabase(db);
    } catch (error) {
      db?.close();
      if (error instanceof TableFolderError || !(error instanceof Error)) {
        throw error;
      }
      throw new TableFolderError(`${path}: ${error.message}`);
    }
  }

  /**
   * Writes every session whose bundle is new or changed, and removes those whose bundle is gone.
   *
   * @param bundles Every bundle of the root.
   * @param make Makes the rows.
   * @param onPart Called after each part with the number of its sessions.
   */
  async update(
    bundles: readonly TableBundle[],
    make: MakeParts,
    onPart: (sessions: number) => void | Promise<void> = () => {},
  ): Promise<TableRun> {
    const members = partsOf(bundles).flat();
    const prints = new Map(
      bundles.map((each) => [each.path, each.fingerprint]),
    );
    const entryOf = ({ path, id }: PartMember) => `${prints.get(path)} ${id}`;
    const known = this.#ledger();
    const wanted = new Set(members.map((each) => each.path));
    const changed = new Set(
      members.filter((each) => known.get(each.path)?.entry !== entryOf(each))
        .map(({ path }) => path),
    );
    this.#remove(
      [...known].filter(([path]) => !wanted.has(path) || changed.has(path))
        .map(([path, { id }]) => ({ path, id })),
    );
    const pending = inTransactions(
      members.filter(({ path }) => changed.has(path)),
    );
    let at = 0;
    for await (const rows of make(pending)) {
      const part = pending[at++] ?? [];
      this.#add(part, rows, entryOf);
      await onPart(part.length);
    }
    const unreadable = [...this.#ledger()]
      .filter(([, { isReadable }]) => !isReadable).map(([path]) => path);
    return {
      read: changed.size,
      days: new Set(
        bundles.filter(({ path }) => changed.has(path)).map(({ day }) => day),
      ).size,
      bundles: bundles.length - unreadable.length,
      unreadable,
    };
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#db.close();
  }

  #ledger(): Map<string, { id: string; entry: string; isReadable: boolean }> {
    const rows = this.#db.prepare(
      `SELECT path, session_id, fingerprint, readable FROM ${LEDGER}`,
    ).all();
    return new Map(rows.map((row) => [String(row["path"]), {
      id: String(row["session_id"]),
      entry: String(row["fingerprint"]),
      isReadable: Number(row["readable"]) === 1,
    }]));
  }

  #remove(sessions: readonly PartMember[]): void {
    if (sessions.length === 0) return;
    const statements = [
      ...TABLES.map(({ name }) =>
        this.#db.prepare(`DELETE FROM ${name} WHERE session_id = ?`)
      ),
      this.#db.prepare(`DELETE FROM ${LEDGER} WHERE session_id = ?`),
    ];
    this.#inTransaction(() => {
      for (const { id } of sessions) {
        for (const each of statements) each.run(id);
      }
    });
  }

  #add(
    part: readonly PartMember[],
    { tables, unreadable }: TablePart,
    entryOf: (member: PartMember) => string,
  ): void {
    this.#inTransaction(() => {
      for (const { name, rows } of tables) this.#insert(name, rows);
      this.#insert(
        LEDGER,
        part.map((each) => [
          each.path,
          each.id,
          entryOf(each),
          unreadable.includes(each.path) ? 0 : 1,
        ]),
      );
    });
  }

  #insert(name: string, rows: readonly (readonly SqlValue[])[]): void {
    const [first] = rows;
    if (first === undefined) return;
    const places = first.map(() => "?").join(",");
    const insert = this.#db.prepare(`INSERT INTO ${name} VALUES (${places})`);
    for (const row of rows) insert.run(...row);
  }

  #inTransaction(work: () => void): void {
    this.#db.exec("BEGIN IMMEDIATE");
    try {
      work();
      this.#db.exec("COMMIT");
    } catch (error) {
      this.#db.exec("ROLLBACK");
      throw error;
    }
  }
}

/** Sessions that are written together. */
function inTransactions(members: readonly PartMember[]): PartMember[][] {
  return Array.from(
    { length: Math.ceil(members.length / MAX_TRANSACTION_SESSIONS) },
    (_, at) =>
      members.slice(
        at * MAX_TRANSACTION_SESSIONS,
        (at + 1) * MAX_TRANSACTION_SESSIONS,
      ),
  );
}

/** A link at the path may lead anywhere, and is never followed. */
function requireFile(path: string): void {
  try {
    if (Deno.lstatSync(path).isFile) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new TableFolderError(`${path} is no regular file`);
}

/** Makes the tables of a new database, and checks that another one has the same options. */
function prepare(db: DatabaseSync, options: string): void {
  const has = db.prepare(
    "SELECT count(*) AS n FROM sqlite_schema WHERE name = ?",
  );
  if (Number(has.get(OPTIONS)?.["n"]) === 0) {
    if (
      Number(
        db.prepare("SELECT count(*) AS n FROM sqlite_schema").get()?.["n"],
      ) > 0
    ) {
      throw new TableFolderError("the database has other tables");
    }
    const statements = [
      "BEGIN IMMEDIATE",
      ...TABLES.map((each) => createTable(each, true)),
      ...VIEWS.map(({ name, select }) => `CREATE VIEW ${name} AS ${select}`),
      `CREATE TABLE ${LEDGER} (path TEXT PRIMARY KEY, session_id TEXT NOT NULL UNIQUE, ` +
      "fingerprint TEXT NOT NULL, readable INTEGER NOT NULL)",
      `CREATE TABLE ${OPTIONS} (options TEXT NOT NULL)`,
    ];
    db.exec(statements.join(";\n"));
    db.prepare(`INSERT INTO ${OPTIONS} VALUES (?)`).run(options);
    db.exec("COMMIT");
  }
  const known = String(
    db.prepare(`SELECT options FROM ${OPTIONS}`).get()?.["options"],
  );
  if (known !== options) {
    throw new TableFolderError(`it has tables of other options: ${known}`);
  }
}

function optionsText({ content, shard }: TableFolderOptions): string {
  return JSON.stringify({ tables_revision: TABLES_REVISION, content, shard });
}
