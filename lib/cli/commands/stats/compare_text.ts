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

/** A figure, and whether it is the first of its group. */
interface Line extends FigureOfGroup {
  readonly isFirst: boolean;
}

/** The lines of compared figures; those that are 0 now and before, or unknown, are left out. */
export function* comparedLines(
  by: StatsBy,
  comparison: StatsComparison,
  figures: readonly StatsFigure[],
  render: RenderOptions,
): Generator<string> {
  const { period, before, rows, total } = comparison;
  const shown = total === null || rows.length < 2 ? rows : [...rows, total];
  const lines = shown.flatMap((row) => linesOf(row, figures));
  yield* fieldLines(fieldsOf(by, comparison, render), lines, render);
  if (lines.length > 0) yield "";
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
        by === "tool" ? "of tool calls that ended" : "of calls that ended",
        "percentiles by nearest rank",
      ].map(style.dim),
    ),
  ], render);
}

function linesOf(row: ComparedRow, wanted: readonly StatsFigure[]): Line[] {
  return comparedFigures([row], wanted)
    .filter(({ value, before }) => !isNothing(value) || !isNothing(before))
    .map((figure, at) => ({ ...figure, isFirst: at === 0 }));
}

function isNothing(value: Integer | null): boolean {
  return value === null || Number(value) === 0;
}

function fieldsOf(
  by: StatsBy,
  { period }: StatsComparison,
  { width, style }: RenderOptions,
): Field<Line>[] {
  const number = (
    title: string,
    cell: (line: Line) => string,
  ): Field<Line> => ({
    title,
    align: "right",
    cell,
  });
  const before: Field<Line> = {
    title: `${by} before`,
    cell: ({ before_group: group, isFirst }) =>
      isFirst ? oneLine(group ?? UNKNOWN, width) : "",
  };
  return [
    {
      title: by,
      shrinkable: true,
      cell: ({ group, isFirst }) => isFirst ? oneLine(group, width) : "",
    },
    ...period === null ? [before] : [],
    { title: "figure", cell: ({ figure }) => titleOf(figure) },
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
    number("change", ({ figure, change }) => signed(figure, change)),
    number(
      "percent",
      ({ percent, figure }) =>
        percent === null
          ? UNKNOWN
          : STATS_FIELDS[figure].measure === "failures" && percent > 0
          ? style.error(`+${percent.toFixed(1)} %`)
          : `${percent > 0 ? "+" : ""}${percent.toFixed(1)} %`,
    ),
  ];
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
  const isSpread = STATS_FIELDS[name].measure === "time";
  return `${isMinimum && !isSpread ? "≥" : ""}${plainText(name, value)}`;
}

function signed(name: StatsFigure, change: Integer | null): string {
  if (change === null) return UNKNOWN;
  if (Number(change) === 0) return "0";
  const size = change < 0 ? -change : change;
  return `${change < 0 ? "-" : "+"}${plainText(name, size)}`;
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
