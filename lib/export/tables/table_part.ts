/**
 * Some sessions of a day as files of tables, in memory: what one worker makes at a time.
 *
 * @module
 */

import type { TraceSession } from "../../query/session/session.ts";
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
  /** Its path. */
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
  { format, content }: PartOptions,
): TablePart {
  const { rows, unreadable } = readPart(members, open, content);
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
  content: ContentLevel,
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
    const facts = new SessionFacts(session, id);
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
