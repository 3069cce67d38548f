/**
 * Compared figures as a table: a line for each figure of each group.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type {
  ComparedPeriod,
  ComparedRow,
  StatsComparison,
  StatsFigure,
} from "../../../query/stats/comparison.ts";
import type { StatsBy } from "../../../query/stats/stats_answer.ts";
import {
  amountText,
  changeOf,
  counted,
  countOf,
  durationOf,
  momentOf,
  UNKNOWN,
} from "../../../text/figures.ts";
import { besideLabel, flowed, sheetLines } from "../../text/definition_list.ts";
import { type Field, fieldLines } from "../../text/fields.ts";
import { oneLine } from "../../text/fit.ts";
import type { RenderOptions } from "../../text/render_options.ts";
import { comparedFigures, type FigureOfGroup } from "./compared_figures.ts";
import { STATS_FIELDS } from "./stats_columns.ts";

/** In front of the difference of minimums. */
const MINIMUMS_COMPARED = "≈";

/** The lines of compared figures; those that are 0 now and before, or unknown, are left out. */
export function* comparedLines(
  by: StatsBy,
  comparison: StatsComparison,
  figures: readonly StatsFigure[],
  render: RenderOptions,
): Generator<string> {
  const { period, before, rows, total } = comparison;
  const shown = total === null || rows.length < 2 ? rows : [...rows, total];
  const groups = shown.map((row) => ({ row, lines: linesOf(row, figures) }));
  const lines = groups.flatMap((each) => each.lines);
  const [head = "", ...table] = fieldLines(fieldsOf(render), lines, render);
  yield head;
  let next = 0;
  for (const each of groups) {
    yield groupLine(by, comparison, each.row, render);
    const last = next + each.lines.length;
    yield* table.slice(next, last);
    next = last;
  }
  if (shown.length > 0) yield "";
  const { style } = render;
  const { width } = besideLabel(render);
  const fact = (label: string, pieces: readonly string[]) => ({
    label,
    lines: flowed(pieces, width),
  });
  yield* sheetLines([
    fact("period", periodPieces(period, render)),
    fact("before", periodPieces(before, render)),
    fact(
      "latencies",
      [
        by === "tool" ? "of tool calls that ended" : "of requests that ended",
        "percentiles by nearest rank",
      ].map(style.dim),
    ),
    ...lines.some(isInexact)
      ? [
        fact(MINIMUMS_COMPARED, [
          style.warning("computed of minimums: it may be more or less"),
        ]),
      ]
      : [],
  ], render);
}

function linesOf(
  row: ComparedRow,
  wanted: readonly StatsFigure[],
): FigureOfGroup[] {
  return comparedFigures([row], wanted)
    .filter(({ value, before }) => !isNothing(value) || !isNothing(before));
}

/** The name of a group, and of the one before where each has another. */
function groupLine(
  by: StatsBy,
  { period }: StatsComparison,
  { group, before_group: before }: ComparedRow,
  { width, style }: RenderOptions,
): string {
  const other = period === null ? ` (before: ${before ?? UNKNOWN})` : "";
  return style.heading(oneLine(`${by} ${group}${other}`, width));
}

function isNothing(value: Integer | null): boolean {
  return value === null || Number(value) === 0;
}

function fieldsOf({ style }: RenderOptions): Field<FigureOfGroup>[] {
  const number = (
    title: string,
    cell: (figure: FigureOfGroup) => string,
  ): Field<FigureOfGroup> => ({ title, align: "right", cell });
  return [
    { title: "figure", cell: ({ figure }) => `  ${titleOf(figure)}` },
    number(
      "value",
      ({ figure, value, is_minimum: isLeast }) =>
        valueText(figure, value, isLeast),
    ),
    number(
      "before",
      ({ figure, before: value, is_before_minimum: isLeast }) =>
        valueText(figure, value, isLeast),
    ),
    number(
      "change",
      (each) => marked(each, changeText(each.figure, each.change)),
    ),
    number("percent", (each) => {
      const text = marked(each, percentText(each.percent));
      const isWorse = STATS_FIELDS[each.figure].measure === "failures" &&
        Number(each.percent) > 0;
      return isWorse ? style.error(text) : text;
    }),
  ];
}

function percentText(percent: number | null): string {
  if (percent === null) return UNKNOWN;
  return `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`;
}

/** Whether what is computed of the figure is computed of a minimum. */
function isInexact(
  { figure, is_minimum: isLeast, is_before_minimum: wasLeast }: FigureOfGroup,
): boolean {
  return (isLeast || wasLeast) && !isSpread(figure);
}

/** What is computed of a minimum has a mark: it may be more or less. */
function marked(figure: FigureOfGroup, text: string): string {
  return isInexact(figure) && text !== UNKNOWN
    ? `${MINIMUMS_COMPARED}${text}`
    : text;
}

/** Percentiles and other times are of what is known, in both periods. */
function isSpread(figure: StatsFigure): boolean {
  return STATS_FIELDS[figure].measure === "time";
}

/** What a figure is called, with the title of its group before it. */
function titleOf(name: StatsFigure): string {
  const { title, groupTitle, measure } = STATS_FIELDS[name];
  const full = groupTitle === undefined ? title : `${groupTitle} ${title}`;
  return measure === "tokens" ? `${full} tokens` : full;
}

/** A minimum has a mark, unless it is a percentile or another part of what is known. */
function valueText(
  name: StatsFigure,
  value: Integer | null,
  isMinimum: boolean,
): string {
  if (value === null) return UNKNOWN;
  return `${isMinimum && !isSpread(name) ? "≥" : ""}${plainText(name, value)}`;
}

function changeText(name: StatsFigure, change: Integer | null): string {
  if (change === null) return UNKNOWN;
  return changeOf(change, (size) => plainText(name, size));
}

function plainText(name: StatsFigure, value: Integer): string {
  switch (STATS_FIELDS[name].measure) {
    case "time":
      return durationOf(value);
    case "cost":
      return amountText(Number(value));
    case "text":
    case "count":
    case "failures":
    case "tokens":
      return countOf(value);
  }
}

function periodPieces(
  period: ComparedPeriod | null,
  { style, isLocal }: RenderOptions,
): string[] {
  if (period === null) return [];
  const { from_unix_ms: from, to_unix_ms: to, bundles } = period;
  return [
    `${momentOf(from, isLocal)} to ${momentOf(to, isLocal)}`,
    counted(bundles, "bundle"),
    ...period.is_minimum
      ? [style.warning("evidence was lost: counts and sums are minimums")]
      : [],
  ];
}
