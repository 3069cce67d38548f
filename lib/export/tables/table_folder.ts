/**
 * A folder of tables that follows a root of bundles: one file for each table and day, and more of a
 * day with many sessions.
 *
 *     DIR/tables.json                    the ledger: which bundles are in which day
 *     DIR/turns/date=2026-11-29/part.parquet, part-2.parquet
 *
 * A file is a function of the bundles that began on its day, in the order of their ids, so that runs
 * that were killed or repeated lead to the same bytes. A day is written anew when one of its bundles
 * is new, changed, or gone; its entry in the ledger is written last.
 *
 * @module
 */

import { withoutSeparators } from "../../bundle/storage/disk_path.ts";
import type { Limits } from "../../bundle/limits.ts";
import { writeOutput, writeOutputs } from "../../bundle/output/output_file.ts";
import {
  requireOwnFolder,
  requireRegular,
} from "../../bundle/output/output_place.ts";
import { onDisk } from "../../bundle/output/output_error.ts";
import { TABLES } from "./catalog.ts";
import {
  type ContentLevel,
  type TableFormat,
  TABLES_REVISION,
} from "./table_files.ts";
import {
  inOrder,
  type MakeParts,
  type PartMember,
  partsOf,
  type Shard,
  type TableBundle,
  type TablePart,
} from "./table_part.ts";

/** Name of the ledger. */
const LEDGER_FILE = "tables.json";

/** What a folder of tables has. Another choice needs another folder. */
export interface TableFolderOptions {
  /** Format of the files. */
  readonly format: TableFormat;
  /** How much free text of sessions is in them. */
  readonly content: ContentLevel;
  /** The part of the root; null for all of it. */
  readonly shard: Shard | null;
}

/** What was done. */
export interface TableRun {
  /** Bundles that are in the tables. */
  readonly bundles: number;
  /** Those that could not be read, in this run or before: they are in no table. */
  readonly unreadable: readonly string[];
  /** Bundles that were read. */
  readonly read: number;
  /** Days that were written. */
  readonly days: number;
}

/** Ends the fingerprint of a bundle that could not be read, and is in no table. */
const UNREADABLE = " unreadable";

/** The ledger: the fingerprints of the bundles of each day, by path. */
interface Ledger {
  readonly tables_revision: number;
  readonly format: TableFormat;
  readonly content: ContentLevel;
  readonly shard: Shard | null;
  days: Record<string, Record<string, string>>;
}

/** The folder is of other options, or its ledger is none. */
export class TableFolderError extends Error {
  override name = "TableFolderError";
}

/** That of half a million sessions: it has the path of each. */
const MAX_LEDGER_BYTES = 128 * 1024 * 1024;

/** The ledger is written at the end of a day, but not more often: it names every session. */
const LEDGER_INTERVAL_MS = 2000;

/** A day that has to be written. */
interface PendingDay {
  readonly day: string;
  readonly members: readonly TableBundle[];
  readonly parts: readonly (readonly PartMember[])[];
}

/** Writes the tables of a root to a folder. */
export class TableFolder implements Disposable {
  readonly #folder: string;
  readonly #options: TableFolderOptions;
  readonly #limits: Partial<Limits>;
  readonly #ledger: Ledger;
  #ledgerAt = performance.now();

  /**
   * Opens a folder, which is made when something is written.
   *
   * @param limits Of them, `output` is the bytes of each file.
   * @throws {TableFolderError} If it has tables of other options, or something else.
   * @throws {OutputError} If there is a link or a special file in place of what is written.
   */
  constructor(
    folder: string,
    options: TableFolderOptions,
    limits: Partial<Limits> = {},
  ) {
    this.#folder = withoutSeparators(folder);
    for (const { name } of TABLES) requireOwnFolder(`${this.#folder}/${name}`);
    this.#options = options;
    this.#limits = limits;
    this.#ledger = readLedger(`${this.#folder}/${LEDGER_FILE}`) ??
      { tables_revision: TABLES_REVISION, ...options, days: {} };
    const { tables_revision, format, content, shard } = this.#ledger;
    const known = JSON.stringify({ tables_revision, format, content, shard });
    const wanted = JSON.stringify({
      tables_revision: TABLES_REVISION,
      format: options.format,
      content: options.content,
      shard: options.shard,
    });
    if (known !== wanted) {
      throw new TableFolderError(
        `${folder} has tables of other options: ${known}`,
      );
    }
  }

  /**
   * Writes every day whose bundles changed.
   *
   * @param bundles Every bundle of the root.
   * @param make Makes the files.
   * @param onPart Called after each part with the number of its sessions.
   */
  async update(
    bundles: readonly TableBundle[],
    make: MakeParts,
    onPart: (sessions: number) => void | Promise<void> = () => {},
  ): Promise<TableRun> {
    const pending = this.#pendingDays(bundles);
    const made = make(pending.flatMap(({ parts }) => parts))
      [Symbol.asyncIterator]();
    let read = 0;
    for (const each of pending) {
      const unreadable: string[] = [];
      for (const [at, part] of each.parts.entries()) {
        const { value, done } = await made.next();
        if (done) throw new TypeError("fewer parts were made than wanted");
        await this.#writePart(each.day, at, value);
        for (const path of value.unreadable) unreadable.push(path);
        read += part.length;
        await onPart(part.length);
      }
      this.#removeParts(each);
      await this.#endDay(each, new Set(unreadable));
    }
    if (pending.length > 0 || this.#isEmpty) await this.#writeLedger();
    const unreadable = Object.values(this.#ledger.days).flatMap((day) =>
      Object.keys(day).filter((path) => day[path]?.endsWith(UNREADABLE))
    );
    return {
      read,
      days: pending.length,
      bundles: bundles.length - unreadable.length,
      unreadable,
    };
  }

  /** Nothing is open between two days. */
  [Symbol.dispose](): void {}

  get #isEmpty(): boolean {
    return Object.keys(this.#ledger.days).length === 0;
  }

  #pendingDays(bundles: readonly TableBundle[]): PendingDay[] {
    const days = new Map<string, TableBundle[]>();
    for (const day of Object.keys(this.#ledger.days)) days.set(day, []);
    for (const bundle of bundles) {
      const known = days.get(bundle.day);
      if (known === undefined) days.set(bundle.day, [bundle]);
      else known.push(bundle);
    }
    return [...days].sort(([a], [b]) => a < b ? -1 : 1)
      .filter(([day, members]) => !this.#isWritten(day, members))
      .map(([day, members]) => ({ day, members, parts: partsOf(members) }));
  }

  #isWritten(day: string, members: readonly TableBundle[]): boolean {
    const known = this.#ledger.days[day];
    return known !== undefined && members.length > 0 &&
      Object.keys(known).length === members.length &&
      members.every(({ path, fingerprint }) =>
        known[path] === fingerprint || known[path] === fingerprint + UNREADABLE
      );
  }

  async #writePart(day: string, at: number, part: TablePart): Promise<void> {
    try {
      const outputs = part.files.map(({ table, bytes }) => {
        const path = this.#partPath(table, day, at);
        const folder = path.slice(0, path.lastIndexOf("/"));
        onDisk(folder, () => Deno.mkdirSync(folder, { recursive: true }));
        return { path, bytes };
      });
      await writeOutputs(outputs, this.#limits);
    } catch (error) {
      // A new day is complete or absent; one that was there keeps the files that it has.
      const isNew = this.#ledger.days[day] === undefined;
      if (isNew) this.#removeParts({ day, parts: [] });
      throw error;
    }
  }

  /** Removes the files of parts that a day had before. */
  #removeParts({ day, parts }: Pick<PendingDay, "day" | "parts">): void {
    for (const { name } of TABLES) {
      let at = parts.length;
      while (removeFile(this.#partPath(name, day, at))) at++;
    }
  }

  #partPath(table: string, day: string, at: number): string {
    const folder = `${this.#folder}/${table}/date=${day}`;
    requireOwnFolder(folder);
    const name = at === 0 ? "part" : `part-${at + 1}`;
    return `${folder}/${name}.${this.#options.format}`;
  }

  async #endDay(
    { day, members }: PendingDay,
    unreadable: ReadonlySet<string>,
  ): Promise<void> {
    if (members.length === 0) delete this.#ledger.days[day];
    else {
      this.#ledger.days[day] = Object.fromEntries(
        members.toSorted(inOrder).map(({ path, fingerprint }) => [
          path,
          fingerprint + (unreadable.has(path) ? UNREADABLE : ""),
        ]),
      );
    }
    if (performance.now() - this.#ledgerAt < LEDGER_INTERVAL_MS) return;
    await this.#writeLedger();
    this.#ledgerAt = performance.now();
  }

  async #writeLedger(): Promise<void> {
    const days = Object.entries(this.#ledger.days)
      .sort(([a], [b]) => a < b ? -1 : 1);
    const text = JSON.stringify(
      { ...this.#ledger, days: Object.fromEntries(days) },
      null,
      1,
    );
    onDisk(
      this.#folder,
      () => Deno.mkdirSync(this.#folder, { recursive: true }),
    );
    await writeOutput(
      `${this.#folder}/${LEDGER_FILE}`,
      (write) => write(new TextEncoder().encode(`${text}\n`)),
    );
  }
}

/** Removes the directories of tables and days that have no file, and `folder` unless it is kept. */
export function removeEmptyFolders(folder: string, isKept: boolean): void {
  for (const { name } of TABLES) {
    const table = `${folder}/${name}`;
    for (const day of namesIn(table)) removeIfEmpty(`${table}/${day}`);
    removeIfEmpty(table);
  }
  if (!isKept) removeIfEmpty(folder);
}

function namesIn(folder: string): string[] {
  try {
    if (!Deno.lstatSync(folder).isDirectory) return [];
    return Array.from(Deno.readDirSync(folder), ({ name }) => name)
      .filter((name) => name.startsWith("date="));
  } catch {
    // It was not made.
    return [];
  }
}

function removeIfEmpty(folder: string): void {
  try {
    if (Deno.lstatSync(folder).isDirectory) Deno.removeSync(folder);
  } catch {
    // It has files, or was not made: the error that ended the run is the one to report.
  }
}

/** Removes a file; returns whether there was one. */
function removeFile(path: string): boolean {
  try {
    Deno.removeSync(path);
    return true;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return false;
  }
}

function readLedger(path: string): Ledger | null {
  const size = requireRegular(path);
  if (size === null) return null;
  const ledger = size > MAX_LEDGER_BYTES
    ? null
    : parsed(onDisk(path, () => Deno.readTextFileSync(path)));
  if (isLedger(ledger)) return ledger;
  throw new TableFolderError(
    `${path} is no ledger of tables: name another folder, or remove it`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Days are names of folders, below which files are removed. */
const DAY = /^(?:unknown|[+-]?\d{4,6}-\d\d-\d\d)$/;

function isLedger(value: unknown): value is Ledger {
  return typeof value === "object" && value !== null &&
    "tables_revision" in value && "days" in value &&
    typeof value.days === "object" && value.days !== null &&
    Object.keys(value.days).every((day) => DAY.test(day)) &&
    Object.values(value.days).every((day) =>
      typeof day === "object" && day !== null &&
      Object.values(day).every((each) => typeof each === "string")
    );
}
