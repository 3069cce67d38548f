/**
 * Some sessions of a day as files of tables, in memory: what one worker makes at a time.
 *
 * @module
 */

import type { Session } from "../../query/session/session.ts";
import { TABLES } from "./catalog.ts";
import { SessionFacts } from "./session_facts.ts";
import type { CellValue } from "./table.ts";
import {
  type ContentLevel,
  tableFile,
  type TableFormat,
  withContent,
} from "./table_files.ts";

/** Sessions of one part at most: so that memory does not grow with those of a day. */
export const MAX_PART_SESSIONS = 200;
/** Bytes of their logs at most, unless one session has more. */
export const MAX_PART_BYTES = 32 * 1024 * 1024;

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

/** The files of a part. */
export interface TablePart {
  /** One for each table, in the order of the catalogue. */
  readonly files: readonly {
    readonly table: string;
    readonly bytes: Uint8Array;
  }[];
  /** Paths of the bundles that could not be read: they are in no table. */
  readonly unreadable: readonly string[];
}

/**
 * Makes the files of a part.
 *
 * @param open Opens a bundle; null where it cannot be read, which is reported by the caller.
 */
export function tablePart(
  members: readonly PartMember[],
  open: (path: string) => Session | null,
  { format, content }: PartOptions,
): TablePart {
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
  const files = TABLES.map((table) => ({
    table: table.name,
    bytes: tableFile(table, rows.get(table.name) ?? [], format),
  }));
  return { files, unreadable };
}
