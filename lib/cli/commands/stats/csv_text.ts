/**
 * Figures for a spreadsheet: CSV by RFC 4180, with nothing in it that one would take for a formula.
 *
 * @module
 */

import { stringify } from "csv-stringify/sync";
import type { Integer } from "../../../format/vocabulary.ts";
import type {
  StatsComparison,
  StatsFigure,
} from "../../../query/stats/comparison.ts";
import type { StatsAnswer } from "../../../query/stats/stats_answer.ts";
import { escapeControls } from "../../../text/escape.ts";
import type { StatsColumn } from "../../config/config.ts";
import { comparedFigures } from "./compared_figures.ts";
import { STATS_FIELDS } from "./stats_columns.ts";

/**
 * The rows, without their total: a spreadsheet adds up itself. Their group is
 * in the column `group`. What is unknown is empty. Texts that a spreadsheet would run begin with
 * an apostrophe.
 */
export function statsCsv(
  { by, rows }: StatsAnswer,
  columns: readonly StatsColumn[],
): string {
  const cells = rows.map((row) => [
    escapeControls(row.group),
    ...columns.map((name) => {
      const value = STATS_FIELDS[name].value(row, by);
      return typeof value === "string" ? escapeControls(value) : value;
    }),
  ]);
  return csvOf([["group", ...columns], ...cells]);
}

const COMPARED_COLUMNS = [
  "group",
  "before_group",
  "figure",
  "value",
  "before",
  "change",
  "percent",
  "is_minimum",
  "is_before_minimum",
] as const;

/** A row for each compared figure, without those of the total. */
export function comparedCsv(
  { rows }: StatsComparison,
  wanted: readonly StatsFigure[],
): string {
  const cells = comparedFigures(rows, wanted).map((figure) =>
    COMPARED_COLUMNS.map((name) => {
      const value = figure[name];
      return typeof value === "string"
        ? escapeControls(value)
        : typeof value === "boolean"
        ? String(value)
        : value;
    })
  );
  return csvOf([COMPARED_COLUMNS, ...cells]);
}

function csvOf(
  rows: readonly (readonly (Integer | string | null)[])[],
): string {
  return stringify([...rows], {
    record_delimiter: "windows",
    escape_formulas: true,
  });
}
