/**
 * Some sessions of a day as files of tables, in memory: what one worker makes at a time.
 *
 * @module
 */

import { readManifest } from "../../bundle/manifest_file.ts";
import { DiskFiles } from "../../bundle/storage/disk_files.ts";
import { isSessionLog } from "../../bundle/storage/find_bundles.ts";
import {
  EVENT_LOG_FILE,
  MANIFEST_FILE,
  PAYLOADS_DIR,
} from "../../format/manifest.ts";
import { sha256Hex } from "../../format/sha256.ts";
import type { UnixMs } from "../../format/vocabulary.ts";
import { readLogHead } from "../../query/session/session_log/log_head.ts";
import type { TraceSession } from "../../query/session/session.ts";
import type { PriceTable } from "../../query/stats/measures/cost.ts";
import { dateOf, dayOf } from "../../text/date.ts";
import { TABLES } from "./catalog.ts";
import { type SqlValue, sqlValue } from "./database.ts";
import { SessionFacts } from "./session_facts.ts";
import type { CellValue } from "./table.ts";
import {
  type ContentLevel,
  tableFile,
  type TableFormat,
  withContent,
} from "./table_files.ts";

/** Sessions of one part at most: so that memory does not grow with those of a day. */
const MAX_PART_SESSIONS = 32;
/** Bytes of their logs at most, unless one session has more. */
const MAX_PART_BYTES = 32 * 1024 * 1024;

/** A bundle that belongs into the tables. */
export interface TableBundle {
  readonly path: string;
  /** Id of the recording. */
  readonly id: string;
  /** The day it began, as `2026-11-29`. */
  readonly day: string;
  /** What changes when the bundle changes. */
  readonly fingerprint: string;
  /** Size of its log. */
  readonly logBytes: number;
}

/** One of several machines that share a root without a coordinator. */
export interface Shard {
  /** Its number, counted from 1. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
}

/**
 * Describes a bundle for the tables by its manifest, or a session log by its first line; null where it
 * belongs to another shard.
 *
 * @param prices What {@linkcode pricesPrint} returns: with other prices the rows are others.
 * @throws {BundleFormatError} If the manifest cannot be read.
 */
export function tableBundle(
  path: string,
  shard: Shard | null,
  prices = "",
): TableBundle | null {
  const isLog = isSessionLog(path);
  const [id, start] = isLog ? startOfLog(path) : startOfBundle(path);
  if (shard !== null && shardOf(id, shard.count) !== shard.index) return null;
  const date = dateOf(start);
  const day = date === null ? "unknown" : dayOf(date);
  const files = isLog
    ? [path]
    : [MANIFEST_FILE, EVENT_LOG_FILE, PAYLOADS_DIR].map((name) =>
      `${path}/${name}`
    );
  const { fingerprint, logBytes } = fingerprintOf(files, isLog ? 0 : 1);
  return { path, id, day, fingerprint: fingerprint + prices, logBytes };
}

/** What ends the fingerprint of a session whose rows have costs by these prices. */
export function pricesPrint(prices: PriceTable | null): string {
  if (prices === null) return "";
  const models = [...prices.models].sort(([a], [b]) => a < b ? -1 : 1);
  const text = JSON.stringify([prices.currency, models]);
  return ` prices:${sha256Hex(text).slice(0, 12)}`;
}

/** The id and the start of what is recorded. */
type Start = readonly [id: string, startedAt: UnixMs];

function startOfBundle(path: string): Start {
  const manifest = readManifest(new DiskFiles(path));
  return [manifest.trace_id, manifest.started_at_unix_ms];
}

/** Without metadata in its first line, a log has its path as id, and no day. */
function startOfLog(path: string): Start {
  const head = readLogHead(path);
  return head === null ? [path, NaN] : [head.thread, head.startedAt];
}

/** The shard of a recording: copies of one recording are in the same one. */
function shardOf(id: string, count: number): number {
  return Number(BigInt(`0x${sha256Hex(id).slice(0, 12)}`) % BigInt(count)) + 1;
}

/** Size and time of the files that change when a session does; one of them is the log. */
function fingerprintOf(
  files: readonly string[],
  log: number,
): Pick<TableBundle, "fingerprint" | "logBytes"> {
  let logBytes = 0;
  const parts = files.map((file, at) => {
    try {
      const { size, mtime } = Deno.lstatSync(file);
      if (at === log) logBytes = size;
      return `${size}:${mtime?.getTime() ?? "?"}`;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return "-";
      throw error;
    }
  });
  return { fingerprint: parts.join(" "), logBytes };
}

/** A session of a part. */
export interface PartMember {
  /** The path of its bundle. */
  readonly path: string;
  /** What the tables call it. */
  readonly id: string;
}

/** How the files are made. */
export interface PartOptions {
  /** Format of the files. */
  readonly format: TableFormat;
  /** How much free text of sessions is in them. */
  readonly content: ContentLevel;
  /** The user's prices; without any, nothing has a cost. */
  readonly prices?: PriceTable | null;
}

/** A part: its files, or its rows where the tables are one database. */
export interface TablePart {
  /** One for each table, in the order of the catalogue; none for a database. */
  readonly files: readonly {
    readonly table: string;
    readonly bytes: Uint8Array;
  }[];
  /** The rows of each table, for a database; none for files. */
  readonly tables: readonly {
    readonly name: string;
    readonly rows: readonly (readonly SqlValue[])[];
  }[];
  /** Paths of the bundles that could not be read: they are in no table. */
  readonly unreadable: readonly string[];
}

/** Makes parts, in their order. */
export type MakeParts = (
  parts: readonly (readonly PartMember[])[],
) => AsyncIterable<TablePart>;

/**
 * Makes a part.
 *
 * @param open Opens a bundle; null where it cannot be read, which is reported by the caller.
 */
export function tablePart(
  members: readonly PartMember[],
  open: (path: string) => TraceSession | null,
  options: PartOptions,
): TablePart {
  const { format } = options;
  const { rows, unreadable } = readPart(members, open, options);
  /** Takes the rows of a table: they are let go before those of the next are copied. */
  const rowsOf = (name: string) => {
    const found = rows.get(name) ?? [];
    rows.delete(name);
    return found;
  };
  if (format !== "sqlite") {
    const files = TABLES.map((table) => ({
      table: table.name,
      bytes: tableFile(table, rowsOf(table.name), format),
    }));
    return { files, tables: [], unreadable };
  }
  const tables = TABLES.map(({ name, columns }) => ({
    name,
    rows: rowsOf(name).map((row) =>
      row.map((value, at) => sqlValue(value, columns[at]?.type))
    ),
  }));
  return { files: [], tables, unreadable };
}

/** The rows of each table, and the paths of bundles that could not be read. */
function readPart(
  members: readonly PartMember[],
  open: (path: string) => TraceSession | null,
  { content, prices = null }: PartOptions,
): { rows: Map<string, CellValue[][]>; unreadable: string[] } {
  const rows = new Map<string, CellValue[][]>(
    TABLES.map(({ name }) => [name, []]),
  );
  const unreadable: string[] = [];
  for (const { path, id } of members) {
    const session = open(path);
    if (session === null) {
      unreadable.push(path);
      continue;
    }
    const facts = new SessionFacts(session, { id, prices });
    for (const table of TABLES) {
      const list = rows.get(table.name);
      for (const row of table.rows(facts)) {
        list?.push(withContent(table, row, content));
      }
    }
  }
  return { rows, unreadable };
}

/** Sessions in the order of their ids, as many together as a part holds. */
export function partsOf(members: readonly TableBundle[]): PartMember[][] {
  const parts: PartMember[][] = [];
  const ids = new Set<string>();
  let bytes = Infinity;
  for (const { path, id, logBytes } of members.toSorted(inOrder)) {
    let free = id;
    for (let at = 2; ids.has(free); at++) free = `${id}#${at}`;
    ids.add(free);
    bytes += logBytes;
    const last = parts.at(-1);
    if (
      last !== undefined && last.length < MAX_PART_SESSIONS &&
      bytes <= MAX_PART_BYTES
    ) last.push({ path, id: free });
    else {
      parts.push([{ path, id: free }]);
      bytes = logBytes;
    }
  }
  return parts;
}

/** The order of sessions in tables. */
export function inOrder(a: TableBundle, b: TableBundle): number {
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.path < b.path ? -1 : 1;
}
