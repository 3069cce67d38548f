/**
 * The session as the page reads it: rows, look-ups, and texts on demand.
 *
 * @module
 */

import type { ObjectKind } from "../../../query/session/names/object_kind.ts";
import type {
  CallRow,
  CellRow,
  EventRow,
  FailureRow,
  ItemList,
  ItemRow,
  LinksRow,
  OperationRow,
  PayloadRow,
  Pointer,
  ReportData,
  ReportRows,
  TextRef,
  ThreadRow,
  ToolRow,
  TurnRow,
} from "../../report_data.ts";
import { BLOCKS, type PageWatch } from "../../block_names.ts";
import { DataBlocks, type ReadBlock, readData } from "./data_blocks.ts";
import { type Found, type RowOf, TABLES } from "./objects.ts";
import { unpackTable } from "../../packed_table.ts";

/** A list of items that shares its storage with others. */
export interface Items {
  readonly length: number;
  /** The item at `index`; undefined where the graph does not hold it. */
  at(index: number): ItemRow | undefined;
}

const NO_CALLS: readonly Pointer[] = [];
const NO_FAILURES: readonly FailureRow[] = [];

/** A session. */
export class Model {
  /** The data of the report, with its rows packed. */
  readonly data: ReportData;
  /** Its number in a page of several, from 1 on. */
  readonly session: number;
  /** Set where the session was still recorded when the page was made. */
  readonly watch: PageWatch | null;
  /** Every row, in order of creation. */
  readonly rows: ReportRows;
  readonly #blocks: DataBlocks;
  readonly #byId: Map<ObjectKind, ReadonlyMap<string, Found["row"]>> =
    new Map();
  readonly #links: Map<ObjectKind, ReadonlyMap<string, LinksRow>> = new Map();
  #failures: ReadonlyMap<string, readonly FailureRow[]> | undefined;
  #calls: ReadonlyMap<string, readonly Pointer[]> | undefined;
  #span: { readonly start: number; readonly end: number } | undefined;

  /**
   * Unpacks a report; long texts and payloads are read on demand. `session` is its number in a page
   * of several.
   */
  constructor(read: ReadBlock, session = 1) {
    this.session = session;
    this.watch = JSON.parse(read(BLOCKS.watch) ?? "null");
    const data = readData(read);
    this.data = data;
    this.rows = lazyRows(data);
    this.#blocks = new DataBlocks(read, data.text_blocks);
  }

  row<K extends ObjectKind>(kind: K, id: string): RowOf[K] | undefined {
    // The table of a kind holds rows of that kind.
    return this.#table(kind).get(id) as RowOf[K] | undefined;
  }

  /** The row of an object of any kind, with the kind. */
  find([kind, id]: Pointer): Found | undefined {
    const row = this.row(kind, id);
    return row === undefined ? undefined : { kind, row } as Found;
  }

  thread(id: string | null): ThreadRow | undefined {
    return id === null ? undefined : this.row("thread", id);
  }

  turn(id: string | null): TurnRow | undefined {
    return id === null ? undefined : this.row("turn", id);
  }

  item(id: string): ItemRow | undefined {
    return this.row("item", id);
  }

  /** A request to a model. */
  call(id: string): CallRow | undefined {
    return this.row("inference_call", id);
  }

  /** Whether the page is of a session log, which has neither requests nor runtime evidence. */
  get isSessionLog(): boolean {
    return this.data.show.completeness.is_session_log;
  }

  /** A status of the session or of a thread as recorded; a session log has neither. */
  recorded<T>(status: T): T | "unknown" {
    return this.isSessionLog ? "unknown" : status;
  }

  /** A tool call. */
  tool(id: string): ToolRow | undefined {
    return this.row("tool_call", id);
  }

  /** A code cell. */
  cell(id: string): CellRow | undefined {
    return this.row("code_cell", id);
  }

  /** An operation of a terminal. */
  operation(id: string | null): OperationRow | undefined {
    return id === null ? undefined : this.row("terminal_operation", id);
  }

  payload(id: string): PayloadRow | undefined {
    return this.row("payload", id);
  }

  /** A long text; empty where there is none, and while the page is still being read. */
  text(ref: TextRef | null): string {
    return ref === null ? "" : this.#blocks.text(ref);
  }

  /** A payload, as in its file; undefined when the page does not have it. */
  payloadText({ id, block }: PayloadRow): string | undefined {
    return block === null ? undefined : this.#blocks.payload(block, id);
  }

  list([vector, length]: ItemList): Items {
    const rows = this.data.vectors[vector] ?? [];
    return {
      length,
      at: (index) =>
        index < length ? this.rows.items[rows[index] ?? -1] : undefined,
    };
  }

  /** The short name of an object, such as `call:3`; its id where the graph does not hold it. */
  handle([kind, id]: Pointer): string {
    return this.row(kind, id)?.handle ?? id;
  }

  /** The tool calls and code cells that an item asks for or answers. */
  callsOf({ id }: ItemRow): readonly Pointer[] {
    this.#calls ??= callsByItem(this.rows);
    return this.#calls.get(id) ?? NO_CALLS;
  }

  /** The events about an object, in the order of the log. */
  eventsAbout([kind, id]: Pointer): readonly EventRow[] {
    return this.linksOf([kind, id])?.events.flatMap((row) =>
      this.rows.events[row] ?? []
    ) ?? [];
  }

  /** Evidence and relations of an object; undefined where the graph does not hold it. */
  linksOf([kind, id]: Pointer): LinksRow | undefined {
    let links = this.#links.get(kind);
    if (links === undefined) {
      const { links: packed, strings } = this.data;
      const unpacked = unpackTable<LinksRow>(packed[kind], strings);
      const ids = [...this.#table(kind).keys()];
      links = new Map(unpacked.map((each, row) => [ids[row] ?? "", each]));
      this.#links.set(kind, links);
    }
    return links.get(id);
  }

  /** The issues of an object itself. */
  failuresOf([kind, id]: Pointer): readonly FailureRow[] {
    this.#failures ??= failuresByObject(this.rows.failures);
    return this.#failures.get(`${kind} ${id}`) ?? NO_FAILURES;
  }

  /** The first issue of an object, in one line; null where it has none. */
  errorOf(pointer: Pointer): string | null {
    return this.failuresOf(pointer)[0]?.text ?? null;
  }

  /** First and last recorded time of the session, in milliseconds since 1970. */
  span(): { readonly start: number; readonly end: number } {
    return this.#span ??= spanOf(this.data, this.rows);
  }

  /**
   * Milliseconds from the start of the session to a moment; null after a jump of the clock. Where the
   * event of the moment is not known, it may be after any jump.
   */
  sinceStart(at: number, seq: number | null): number | null {
    const [jump] = this.data.show.clock_jumps;
    const isKnown = jump === undefined ||
      seq !== null && seq < Number(jump.before_seq);
    return isKnown ? at - this.span().start : null;
  }

  #table(kind: ObjectKind): ReadonlyMap<string, Found["row"]> {
    let table = this.#byId.get(kind);
    if (table === undefined) {
      const rows: readonly Found["row"][] = this.rows[TABLES[kind]];
      table = new Map(rows.map((row) => [row.id, row]));
      this.#byId.set(kind, table);
    }
    return table;
  }
}

/** The rows of a report; a table is unpacked when it is first read. */
function lazyRows({ rows, strings }: ReportData): ReportRows {
  const tables = {};
  for (const [name, packed] of Object.entries(rows)) {
    let table: readonly unknown[] | undefined;
    Object.defineProperty(tables, name, {
      get: () => table ??= unpackTable(packed, strings),
    });
  }
  // `rows` has every table, packed.
  return tables as ReportRows;
}

function failuresByObject(
  failures: readonly FailureRow[],
): Map<string, readonly FailureRow[]> {
  const found = new Map<string, FailureRow[]>();
  for (const failure of failures) {
    if (failure.about === null) continue;
    const key = failure.about.join(" ");
    const before = found.get(key);
    if (before === undefined) found.set(key, [failure]);
    else before.push(failure);
  }
  return found;
}

function spanOf(
  data: ReportData,
  rows: ReportRows,
): { start: number; end: number } {
  const { session } = data;
  let start = session.started;
  let end = session.ended ?? session.started;
  const seen = (at: number | null) => {
    if (at === null) return;
    start = Math.min(start, at);
    end = Math.max(end, at);
  };
  const windows = [
    rows.threads,
    rows.turns,
    rows.calls,
    rows.tools,
    rows.cells,
    rows.operations,
    rows.summaries,
  ];
  for (const table of windows) {
    for (const row of table) {
      seen(row.started);
      seen(row.ended);
    }
  }
  for (const { at } of timesOf(data)) seen(at);
  return { start, end };
}

/** The times of all events, without their other columns, which only some views read. */
function timesOf({ rows, strings }: ReportData): Pick<EventRow, "at">[] {
  const { length, columns: { at } } = rows.events;
  return at === undefined
    ? []
    : unpackTable({ length, columns: { at } }, strings);
}

/** Item → the tool calls and code cells that it asks for or answers. */
function callsByItem(rows: ReportRows): Map<string, readonly Pointer[]> {
  const found = new Map<string, Pointer[]>();
  const add = (item: string, pointer: Pointer) => {
    const before = found.get(item);
    if (before === undefined) found.set(item, [pointer]);
    else before.push(pointer);
  };
  for (const tool of rows.tools) {
    const items = [...tool.call_item_ids, ...tool.output_item_ids];
    for (const id of new Set(items)) add(id, ["tool_call", tool.id]);
  }
  for (const cell of rows.cells) {
    const items = [cell.source_item_id, ...cell.output_item_ids];
    for (const id of new Set(items)) add(id, ["code_cell", cell.id]);
  }
  // An output that no request showed names its call, which does not list it.
  for (const { id, produced_by: producers } of rows.items) {
    for (const [kind, maker] of producers) {
      if (kind !== "tool_call" && kind !== "code_cell") continue;
      const known = found.get(id) ?? [];
      if (known.some((each) => each[0] === kind && each[1] === maker)) continue;
      add(id, [kind, maker]);
    }
  }
  return found;
}
