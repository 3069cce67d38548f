/**
 * A folder of tables that follows a root of bundles: one file for each table and day.
 *
 *     DIR/tables.json                    the ledger: which bundles are in which day
 *     DIR/turns/date=2026-11-29/part.parquet
 *
 * A file is a function of the bundles that began on its day, in the order of their ids, so that runs
 * that were killed or repeated lead to the same bytes. A day is written anew when one of its bundles
 * is new, changed, or gone; its entry in the ledger is written last.
 *
 * @module
 */

import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import { readManifest } from "../../bundle/manifest_file.ts";
import { writeOutput } from "../../bundle/output/output_file.ts";
import { BundleFormatError, LimitError } from "../../errors.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
} from "../../format/manifest.ts";
import { dateOf, dayOf } from "../../text/date.ts";
import { sha256Hex } from "../../format/sha256.ts";
import type { Session } from "../../query/session/session.ts";
import { TABLES } from "./catalog.ts";
import { SessionFacts } from "./session_facts.ts";
import type { CellValue } from "./table.ts";
import {
  type ContentLevel,
  tableFile,
  type TableFormat,
  TABLES_REVISION,
  withContent,
} from "./table_files.ts";

/** Name of the ledger. */
export const LEDGER_FILE = "tables.json";

/** One of several machines that share a root without a coordinator. */
export interface Shard {
  /** Its number, counted from 1. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
}

/** What a folder of tables has. Another choice needs another folder. */
export interface TableFolderOptions {
  /** Format of the files. */
  readonly format: TableFormat;
  /** How much free text of sessions is in them. */
  readonly content: ContentLevel;
  /** The part of the root; null for all of it. */
  readonly shard: Shard | null;
}

/** A bundle that belongs into the tables. */
export interface TableBundle {
  /** Its path. */
  readonly path: string;
  /** Id of the recording. */
  readonly id: string;
  /** The day it began, as `2026-11-29`. */
  readonly day: string;
  /** What changes when the bundle changes. */
  readonly fingerprint: string;
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

/**
 * Describes a bundle for the tables, reading its manifest; null where it belongs to another shard.
 *
 * @throws {BundleFormatError} If the manifest cannot be read.
 */
export function tableBundle(
  path: string,
  shard: Shard | null,
): TableBundle | null {
  const manifest = readManifest(new DiskFiles(path));
  const { trace_id: id, started_at_unix_ms: start } = manifest;
  if (shard !== null && shardOf(id, shard.count) !== shard.index) return null;
  const date = dateOf(start);
  const day = date === null ? "unknown" : dayOf(date);
  return { path, id, day, fingerprint: fingerprintOf(path) };
}

/** The shard of a recording: copies of one recording are in the same one. */
function shardOf(id: string, count: number): number {
  return Number(BigInt(`0x${sha256Hex(id).slice(0, 12)}`) % BigInt(count)) + 1;
}

/** Size and time of the files that change when a bundle does. */
function fingerprintOf(path: string): string {
  const parts = [MANIFEST_FILE, EVENT_LOG_FILE, PAYLOADS_DIR].map((name) => {
    try {
      const { size, mtime } = Deno.lstatSync(`${path}/${name}`);
      return `${size}:${mtime?.getTime() ?? "?"}`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "-";
      throw error;
    }
  });
  return parts.join(" ");
}

/** Writes the tables of a root to a folder. */
export class TableFolder {
  readonly #folder: string;
  readonly #options: TableFolderOptions;
  readonly #ledger: Ledger;

  /**
   * Opens a folder, which is made when something is written.
   *
   * @throws {TableFolderError} If it has tables of other options, or something else.
   */
  constructor(folder: string, options: TableFolderOptions) {
    this.#folder = folder.replace(/\/+$/, "") || "/";
    this.#options = options;
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
   * @param open Opens a bundle; null where it cannot be read, which is reported by the caller.
   * @param onDay Called after each day.
   */
  async update(
    bundles: readonly TableBundle[],
    open: (bundle: TableBundle) => Session | null,
    onDay: () => void | Promise<void> = () => {},
  ): Promise<TableRun> {
    const days = new Map<string, TableBundle[]>();
    for (const day of Object.keys(this.#ledger.days)) days.set(day, []);
    for (const bundle of bundles) {
      const known = days.get(bundle.day);
      if (known === undefined) days.set(bundle.day, [bundle]);
      else known.push(bundle);
    }
    const run = { read: 0, days: 0 };
    for (const [day, members] of [...days].sort(([a], [b]) => a < b ? -1 : 1)) {
      if (this.#isWritten(day, members)) continue;
      await this.#writeDay(day, members, open);
      run.read += members.length;
      run.days++;
      await onDay();
    }
    if (Object.keys(this.#ledger.days).length === 0) await this.#writeLedger();
    const unreadable = Object.values(this.#ledger.days).flatMap((day) =>
      Object.keys(day).filter((path) => day[path]?.endsWith(UNREADABLE))
    );
    return { ...run, bundles: bundles.length - unreadable.length, unreadable };
  }

  #isWritten(day: string, members: readonly TableBundle[]): boolean {
    const known = this.#ledger.days[day];
    return known !== undefined && members.length > 0 &&
      Object.keys(known).length === members.length &&
      members.every(({ path, fingerprint }) =>
        known[path] === fingerprint || known[path] === fingerprint + UNREADABLE
      );
  }

  async #writeDay(
    day: string,
    members: readonly TableBundle[],
    open: (bundle: TableBundle) => Session | null,
  ): Promise<void> {
    const rows = new Map<string, CellValue[][]>(
      TABLES.map(({ name }) => [name, []]),
    );
    const ids = new Set<string>();
    const entries: Record<string, string> = {};
    for (const bundle of members.toSorted(inOrder)) {
      const session = open(bundle);
      entries[bundle.path] = bundle.fingerprint +
        (session === null ? UNREADABLE : "");
      if (session === null) continue;
      let id = bundle.id;
      for (let at = 2; ids.has(id); at++) id = `${bundle.id}#${at}`;
      ids.add(id);
      this.#addRows(new SessionFacts(session, id), rows);
    }
    const { format } = this.#options;
    for (const table of TABLES) {
      const folder = `${this.#folder}/${table.name}/date=${day}`;
      const file = `${folder}/part.${format}`;
      if (members.length === 0) {
        removeFile(file);
        continue;
      }
      Deno.mkdirSync(folder, { recursive: true });
      const bytes = tableFile(table, rows.get(table.name) ?? [], format);
      await writeOutput(file, (write) => write(bytes));
    }
    if (members.length === 0) delete this.#ledger.days[day];
    else this.#ledger.days[day] = entries;
    await this.#writeLedger();
  }

  #addRows(facts: SessionFacts, rows: Map<string, CellValue[][]>): void {
    for (const table of TABLES) {
      const list = rows.get(table.name);
      for (const row of table.rows(facts)) {
        list?.push(withContent(table, row, this.#options.content));
      }
    }
  }

  async #writeLedger(): Promise<void> {
    const days = Object.entries(this.#ledger.days)
      .sort(([a], [b]) => a < b ? -1 : 1);
    const text = JSON.stringify(
      { ...this.#ledger, days: Object.fromEntries(days) },
      null,
      1,
    );
    Deno.mkdirSync(this.#folder, { recursive: true });
    await writeOutput(
      `${this.#folder}/${LEDGER_FILE}`,
      (write) => write(new TextEncoder().encode(`${text}\n`)),
    );
  }
}

function inOrder(a: TableBundle, b: TableBundle): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}

function removeFile(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

function readLedger(path: string): Ledger | null {
  let text: string;
  try {
    text = Deno.readTextFileSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const ledger = parsed(text);
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

function isLedger(value: unknown): value is Ledger {
  return typeof value === "object" && value !== null &&
    "tables_revision" in value && "days" in value &&
    typeof value.days === "object" && value.days !== null &&
    Object.values(value.days).every((day) =>
      typeof day === "object" && day !== null &&
      Object.values(day).every((each) => typeof each === "string")
    );
}

/** Whether an error is about one bundle, so that the others are read. */
export function isBundleFault(error: unknown): boolean {
  return error instanceof BundleFormatError || error instanceof LimitError;
}
