/**
 * One database of SQLite that follows a root of bundles, with all tables and views.
 *
 * Its ledger is a table of it: `tables_ledger` has the bundle of each session. Sessions and their
 * entries are replaced in one transaction, so that runs that were killed or repeated lead to the same
 * rows, and one that fails leaves every session that was there; the bytes of the file may differ.
 *
 * @module
 */

import { pathBelow } from "../../bundle/storage/disk_path.ts";
import type { DatabaseSync } from "node:sqlite";
import { LimitError } from "../../errors.ts";
import type { Limits } from "../../bundle/limits.ts";
import { onDisk, OutputError } from "../../bundle/output/output_error.ts";
import { requireRegular } from "../../bundle/output/output_place.ts";
import {
  ignoringErrors,
  PRIVATE_MODE,
} from "../../bundle/output/temporary_file.ts";
import { TABLES, VIEWS } from "./catalog.ts";
import type { SqlValue } from "./database.ts";
import { createTable } from "./table.ts";
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
const DATABASE_FILE = "tables.sqlite";

/** What SQLite appends to the name of a database for the files beside it. */
const SIDE_FILES = ["-journal", "-wal", "-shm"] as const;

const LEDGER = "tables_ledger";
const OPTIONS = "tables_options";
/** How long it waits for another program that reads or writes the database. */
const BUSY_MS = 10_000;

/** Rows are in memory until they are written. */
const MAX_TRANSACTION_SESSIONS = 32;

/** What SQLite reports of a file that is none of its databases. Its errors have words, but no codes. */
const NO_DATABASE = "file is not a database";

/** What it reports when another program has the file in use for longer than `BUSY_MS`. */
const LOCKED = "database is locked";

/** What to do about the other errors of SQLite, by its words. */
const HINTS: Readonly<Record<string, string>> = {
  "database or disk is full":
    "make room on its disk, or name another directory with -o",
  [LOCKED]: "another program uses it: run again when that has ended",
};

interface LedgerEntry {
  readonly id: string;
  readonly entry: string;
  readonly isReadable: boolean;
}

export class TableDatabase implements Disposable {
  readonly #path: string;
  readonly #db: DatabaseSync;
  /** Whether this run made the file. */
  readonly #isNew: boolean;
  /** Bytes that the database may have. */
  readonly #maxBytes: number;
  #isDiscarded = false;

  private constructor(
    path: string,
    db: DatabaseSync,
    isNew: boolean,
    { output }: Partial<Limits>,
  ) {
    this.#path = path;
    this.#db = db;
    this.#isNew = isNew;
    // It grows with the sessions, so that no size is unexpected.
    this.#maxBytes = output ?? Infinity;
  }

  /**
   * Opens the database in a directory, which exists, or makes it.
   *
   * @param limits Of them, `output` is the bytes of the database, which has no limit by default.
   * @throws {TableFolderError} If it has tables of other options, or is something else.
   * @throws {OutputError} If it cannot be written, or is a link or a special file; a new one is then
   * removed.
   */
  static async open(
    folder: string,
    options: TableFolderOptions,
    limits: Partial<Limits> = {},
  ): Promise<TableDatabase> {
    const path = pathBelow(folder, DATABASE_FILE);
    // SQLite opens these as well.
    for (const end of ["", ...SIDE_FILES]) requireRegular(path + end);
    const { DatabaseSync } = await import("node:sqlite");
    const isNew = makeFile(path);
    let db: DatabaseSync | undefined;
    try {
      db = new DatabaseSync(path);
      db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
      prepare(db, optionsText(options));
      return new TableDatabase(path, db, isNew, limits);
    } catch (error) {
      db?.close();
      if (isNew) removeDatabase(path);
      throw databaseError(path, error);
    }
  }

  /**
   * Writes every session whose bundle is new or changed, then removes those whose bundle is gone.
   *
   * @param bundles Every bundle of the root.
   * @param make Makes the rows.
   * @param onPart Called after each part with the number of its sessions.
   * @throws {OutputError} If the database cannot be written; a new one is then removed.
   * @throws {LimitError} If it would exceed the limit `output`; a new one is then removed.
   */
  async update(
    bundles: readonly TableBundle[],
    make: MakeParts,
    onPart: (sessions: number) => void | Promise<void> = () => {},
  ): Promise<TableRun> {
    try {
      return await this.#update(bundles, make, onPart);
    } catch (error) {
      const described = databaseError(this.#path, error);
      // Another program may write what this one has made.
      const isLocked = error instanceof Error && error.message === LOCKED;
      const isUnfinished = described instanceof OutputError ||
        described instanceof LimitError;
      this.#isDiscarded = this.#isNew && isUnfinished && !isLocked;
      throw described;
    }
  }

  async #update(
    bundles: readonly TableBundle[],
    make: MakeParts,
    onPart: (sessions: number) => void | Promise<void>,
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
    const pending = inTransactions(
      members.filter(({ path }) => changed.has(path)),
      known,
    );
    let at = 0;
    for await (const rows of make(pending)) {
      const part = pending[at++] ?? [];
      this.#replace(part, rows, known, entryOf);
      await onPart(part.length);
    }
    const ledger = [...this.#ledger()];
    const gone = ledger.filter(([path]) => !wanted.has(path))
      .map(([, { id }]) => id);
    if (gone.length > 0) this.#inTransaction(() => this.#remove(gone));
    const unreadable = ledger
      .filter(([path, { isReadable }]) => wanted.has(path) && !isReadable)
      .map(([path]) => path);
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
    if (this.#isDiscarded) removeDatabase(this.#path);
  }

  #ledger(): Map<string, LedgerEntry> {
    const rows = this.#db.prepare(
      `SELECT path, session_id, fingerprint, readable FROM ${LEDGER}`,
    ).all();
    return new Map(rows.map((row) => [String(row["path"]), {
      id: String(row["session_id"]),
      entry: String(row["fingerprint"]),
      isReadable: Number(row["readable"]) === 1,
    }]));
  }

  #remove(ids: readonly string[]): void {
    for (const name of [...TABLES.map((each) => each.name), LEDGER]) {
      const statement = this.#db.prepare(
        `DELETE FROM ${name} WHERE session_id = ?`,
      );
      for (const id of ids) statement.run(id);
    }
  }

  /** Writes sessions in place of what the database has of them, or of others under their ids. */
  #replace(
    part: readonly PartMember[],
    { tables, unreadable }: TablePart,
    known: ReadonlyMap<string, LedgerEntry>,
    entryOf: (member: PartMember) => string,
  ): void {
    const ids = part.flatMap(({ path, id }) => [known.get(path)?.id ?? id, id]);
    this.#inTransaction(() => {
      if (known.size > 0) this.#remove(ids);
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
      this.#requireWithinLimit();
      this.#db.exec("COMMIT");
    } catch (error) {
      // A full disk has ended the transaction already.
      ignoringErrors(() => this.#db.exec("ROLLBACK"));
      throw error;
    }
  }

  /** Checks the database before a transaction becomes a part of it. */
  #requireWithinLimit(): void {
    const pages = this.#db.prepare("PRAGMA page_count").get()?.["page_count"];
    const size = this.#db.prepare("PRAGMA page_size").get()?.["page_size"];
    if (Number(pages) * Number(size) <= this.#maxBytes) return;
    throw new LimitError("output", this.#maxBytes, "the output exceeds", {
      file: this.#path,
    });
  }
}

/**
 * Sessions that are written together. First all those whose ids are others than before: of copies of
 * one recording, each may need the id that the next one has.
 */
function inTransactions(
  members: readonly PartMember[],
  known: ReadonlyMap<string, LedgerEntry>,
): PartMember[][] {
  const isRenamed = ({ path, id }: PartMember) =>
    (known.get(path)?.id ?? id) !== id;
  const renamed = members.filter(isRenamed);
  const others = members.filter((each) => !isRenamed(each));
  const parts = Array.from(
    { length: Math.ceil(others.length / MAX_TRANSACTION_SESSIONS) },
    (_, at) =>
      others.slice(
        at * MAX_TRANSACTION_SESSIONS,
        (at + 1) * MAX_TRANSACTION_SESSIONS,
      ),
  );
  return renamed.length === 0 ? parts : [renamed, ...parts];
}

/** Makes an empty file that only its owner may read; returns false where there is one already. */
function makeFile(path: string): boolean {
  return onDisk(path, () => {
    try {
      const flags = { write: true, createNew: true, mode: PRIVATE_MODE };
      Deno.openSync(path, flags).close();
      return true;
    } catch (error) {
      if (error instanceof Deno.errors.AlreadyExists) return false;
      throw error;
    }
  });
}

/** Removes a database that was not completed. */
function removeDatabase(path: string): void {
  for (const end of ["", ...SIDE_FILES]) {
    ignoringErrors(() => Deno.removeSync(path + end));
  }
}

/** An error of SQLite as one of the output; others unchanged. */
function databaseError(path: string, error: unknown): unknown {
  if (
    !(error instanceof Error) || !("code" in error) ||
    error.code !== "ERR_SQLITE_ERROR"
  ) return error;
  const { message } = error;
  if (message === NO_DATABASE) {
    return new TableFolderError(`${path}: ${message}`);
  }
  const hint = HINTS[message] ?? "name another directory with -o";
  return new OutputError(path, message, { cause: error, hint });
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
  renewViews(db);
}

/** Makes the views that a database does not have, or has as another version defined them. */
function renewViews(db: DatabaseSync): void {
  const stored = db.prepare(
    "SELECT sql FROM sqlite_schema WHERE type = 'view' AND name = ?",
  );
  const statements = VIEWS.flatMap(({ name, select }) => {
    const sql = `CREATE VIEW ${name} AS ${select}`;
    return stored.get(name)?.["sql"] === sql
      ? []
      : [`DROP VIEW IF EXISTS ${name}`, sql];
  });
  if (statements.length === 0) return;
  db.exec(["BEGIN IMMEDIATE", ...statements, "COMMIT"].join(";\n"));
}

function optionsText({ content, shard }: TableFolderOptions): string {
  return JSON.stringify({ tables_revision: TABLES_REVISION, content, shard });
}
