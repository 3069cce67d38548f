/**
 * The rows of the page, with what their numbers refer to in place of the numbers.
 *
 * @module
 */

import {
  OBJECT_KINDS,
  OBJECT_MAPS,
  type ObjectKind,
} from "../../../lib/query/session/names/object_kind.ts";
import type { TraceSession } from "../../../lib/query/session/session.ts";
import {
  buildReport,
  type Report,
} from "../../../lib/report/build/build_report.ts";
import { TABLES } from "../../../lib/report/page/model/objects.ts";
import type { StepTuple } from "../../../lib/report/report_data.ts";
import { unpackTable } from "../../../lib/report/packed_table.ts";

const OPTIONS = { version: "0", payloads: "none", maxPayloadBytes: 0 } as const;

/** A row, by its columns. */
type Row = Record<string, unknown>;

/** A row of the page. */
export interface PageRow {
  /** Its table. */
  readonly table: string;
  /** What it is about. */
  readonly id: string;
  /** Its columns; numbers of other rows, lists and texts are replaced by these. */
  readonly row: Row;
}

/** Columns that are the number of a text. */
const TEXTS: ReadonlySet<string> = new Set([
  "text",
  "input",
  "output",
  "stdout",
  "stderr",
  "formatted",
  "source",
]);
/** Columns that are a list of items. */
const LISTS: ReadonlySet<string> = new Set([
  "items",
  "request",
  "input",
  "replacement",
]);

/** Every row that is about an object. */
export function pageRows(session: TraceSession): PageRow[] {
  const report = buildReport(session, OPTIONS);
  const resolver = new Resolver(session, report);
  const { rows, links, strings } = report.data;
  const linksIn = new Map<string, Row[]>(
    OBJECT_KINDS.map((kind) => [
      TABLES[kind],
      unpackTable<Row>(links[kind], strings),
    ]),
  );
  return Object.entries(rows).flatMap(([table, packed]) =>
    unpackTable<Row>(packed, strings).flatMap((row, i) => {
      const id = row["id"] ?? row["call_id"] ?? row["tool_id"];
      const all = { ...row, ...linksIn.get(table)?.[i] };
      return typeof id === "string"
        ? [{ table, id, row: resolver.resolved(all) }]
        : [];
    })
  );
}

/** Replaces the numbers of one report. */
class Resolver {
  readonly #data: Report["data"];
  readonly #texts: readonly string[];
  readonly #events: readonly Row[];
  /** Ids by row. */
  readonly #ids: ReadonlyMap<ObjectKind, readonly string[]>;

  constructor({ trace }: TraceSession, { data, texts }: Report) {
    this.#ids = new Map(
      OBJECT_KINDS.map((kind) => [kind, [...trace[OBJECT_MAPS[kind]].keys()]]),
    );
    this.#data = data;
    this.#texts = texts.flat();
    this.#events = unpackTable<Row>(data.rows.events, data.strings);
  }

  resolved(row: Row): Row {
    return Object.fromEntries(
      Object.entries(row).map(([key, value]) => [key, this.#value(key, value)]),
    );
  }

  #value(key: string, value: unknown): unknown {
    if (key === "parts" && Array.isArray(value)) {
      return value.map((part) => this.resolved(part));
    }
    if (key === "events" && isNumbers(value)) return value.map(this.#seqOf);
    if ((key === "upstream" || key === "downstream") && Array.isArray(value)) {
      return value.map((step) => this.#step(step));
    }
    if (LISTS.has(key) && isNumbers(value)) {
      const [vector = 0, length = 0] = value;
      return (this.#data.vectors[vector] ?? []).slice(0, length)
        .map((item) => this.#idOf("item", item));
    }
    return TEXTS.has(key) && typeof value === "number"
      ? this.#texts[value]
      : value;
  }

  #step([relation, kind, row, note, events]: StepTuple) {
    const { step_texts: texts } = this.#data;
    const objects = OBJECT_KINDS[kind] ?? "item";
    return [
      texts[relation],
      this.#idOf(objects, row),
      texts[note] ?? null,
      events.map(this.#seqOf),
    ];
  }

  #idOf(kind: ObjectKind, row: number): string | undefined {
    return this.#ids.get(kind)?.[row];
  }

  readonly #seqOf = (row: number): unknown => this.#events[row]?.["seq"];
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) &&
    value.every((each) => typeof each === "number");
}
