/**
 * The catalogue of tables as text.
 *
 * @module
 */

import {
  TABLES,
  TEXTS,
  TEXTS_MEANING,
  VIEWS,
} from "../../../export/tables/catalog.ts";
import type { Table } from "../../../export/tables/table.ts";
import { largest, widthOf } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { wrappedRows } from "../../text/wrap/wrap_rows.ts";

const INDENT = 2;
const GAP = 2;

/** Names of all tables and views. */
export const TABLE_NAMES: readonly string[] = [
  ...TABLES.map(({ name }) => name),
  ...VIEWS.map(({ name }) => name),
  TEXTS,
];

/** The lines of `--tables`. */
export function* tableLines(
  { style, width }: RenderOptions,
): Generator<string> {
  const groups = [
    { title: "tables", rows: TABLES },
    { title: "views", rows: VIEWS },
    {
      title: "full-text index",
      rows: [{ name: TEXTS, meaning: TEXTS_MEANING }],
    },
  ];
  const column = INDENT + largest(TABLE_NAMES.map(widthOf), 0) + GAP;
  for (const { title, rows } of groups) {
    yield style.heading(title);
    for (const { name, meaning } of rows) {
      const label = " ".repeat(INDENT) + style.id(name) +
        " ".repeat(column - INDENT - widthOf(name));
      yield* hanging(label, column, meaning, width);
    }
  }
}

/** A text beside a label, its further rows below its first. */
function* hanging(
  label: string,
  column: number,
  text: string,
  width: number,
): Generator<string> {
  const [first = "", ...others] = wrappedRows(text, width - column);
  yield label + first;
  for (const other of others) yield " ".repeat(column) + other;
}

/** The lines of `--schema`; null for a name that is no table. */
export function schemaLines(
  name: string,
  render: RenderOptions,
): string[] | null {
  const table = TABLES.find((each) => each.name === name);
  if (table !== undefined) return columnLinesOf(table, render);
  const view = VIEWS.find((each) => each.name === name);
  if (view !== undefined) {
    return [`${view.meaning}.`, ...view.select.trim().split("\n")];
  }
  return name === TEXTS
    ? [`${TEXTS_MEANING}.`, "session_id, object_kind, object_id, text"]
    : null;
}

function columnLinesOf(
  { meaning, columns, key }: Table,
  { style, width }: RenderOptions,
): string[] {
  const nameWidth = largest(columns.map((each) => widthOf(each.name)), 0) + GAP;
  const typeWidth = nameWidth +
    largest(columns.map((each) => each.type.length), 0) + GAP;
  const lines = [`${meaning}. Key: ${key.join(", ")}.`];
  for (const { name, type, nullable, meaning, references } of columns) {
    const label = style.id(name) + " ".repeat(nameWidth - widthOf(name)) +
      style.dim(type.padEnd(typeWidth - nameWidth));
    const notes = [
      meaning,
      ...nullable && !meaning.includes("null")
        ? ["null where not recorded"]
        : [],
      ...references === null ? [] : [`as ${references}`],
    ];
    lines.push(...hanging(label, typeWidth, notes.join("; "), width));
  }
  return lines;
}
