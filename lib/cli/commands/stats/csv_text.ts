/**
 * Figures for a spreadsheet: CSV by RFC 4180, with nothing in it that one would take for a formula.
 *
 * @module
 */

import { stringify } from "csv-stringify/sync";
import type { StatsAnswer } from "../../../query/stats/stats_answer.ts";
import { escapeControls } from "../../../text/escape.ts";
import type { StatsColumn } from "../../config/config.ts";
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
  return stringify([["group", ...columns], ...cells], {
    record_delimiter: "windows",
    escape_formulas: true,
  });
}
