/**
 * Counts what is compared: the sessions of two periods, or those of each day, week or month.
 *
 * @module
 */

import { subtract } from "../../format/integers.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { UnreadFolder } from "../session/answer_document.ts";
import type {
  ComparedFigure,
  ComparedPeriod,
  ComparedRow,
  Period,
  StatsCompare,
} from "./comparison.ts";
import {
  type Counted,
  FigureCounter,
  type SessionCounter,
} from "./figure_counter.ts";
import { GROUPINGS } from "./groupings.ts";
import { figureOf, isLeast, STATS_FIGURES } from "./row_figures.ts";
import type { SessionFigures } from "./session_figures.ts";
import type { StatsAnswer, StatsBy, StatsRow } from "./stats_answer.ts";

/** How rows of a sort are compared; null where each is of one session, or of a part of one. */
export function comparableBy(by: StatsBy): StatsCompare["type"] | null {
  const { isOwn, previous } = GROUPINGS[by];
  return isOwn ? null : previous === undefined ? "periods" : "previous";
}

/** Counts the sessions that began in either of two periods. */
export class PeriodCounter implements SessionCounter {
  readonly #sides: readonly [Side, Side];

  /** Nothing is counted yet. */
  constructor(
    counted: Counted,
    { period, before }: Extract<StatsCompare, { type: "periods" }>,
  ) {
    this.#sides = [
      { period, counter: new FigureCounter(counted) },
      { period: before, counter: new FigureCounter(counted) },
    ];
  }

  /** Counts a session, if it began in a period. */
  add(figures: SessionFigures): void {
    const at = figures.startedAt;
    for (const { period: { since, until }, counter } of this.#sides) {
      if (at >= since && at < until) counter.add(figures);
    }
  }

  /** Notes a directory that could not be searched for bundles: of which period is unknown. */
  addUnread(folder: UnreadFolder): void {
    for (const { counter } of this.#sides) counter.addUnread(folder);
  }

  /** Notes a bundle that could not be read: of which period is unknown. */
  skip(bundle: string, error: string): void {
    for (const { counter } of this.#sides) counter.skip(bundle, error);
  }

  /** The figures of the period, compared with those of the period before. */
  get answer(): StatsAnswer {
    const [side, sideBefore] = this.#sides;
    const answer = side.counter.answer;
    const answerBefore = sideBefore.counter.answer;
    const { by } = answer;
    const groups = new Set(
      [...answer.rows, ...answerBefore.rows].map(({ group }) => group),
    );
    const minimums = {
      value: side.counter.isMinimum,
      before: sideBefore.counter.isMinimum,
    };
    return {
      ...answer,
      comparison: {
        period: comparedPeriod(side, answer),
        before: comparedPeriod(sideBefore, answerBefore),
        rows: Array.from(groups, (group) =>
          compared(
            side.counter.rowOf(group),
            sideBefore.counter.rowOf(group),
            by,
            minimums,
          )),
        total: compared(answer.total, answerBefore.total, by, minimums),
      },
    };
  }
}

/** Counts sessions by day, week or month, each of which is compared with the one before. */
export class PreviousCounter extends FigureCounter {
  /** The figures, compared with those of the day, week or month before. */
  override get answer(): StatsAnswer {
    const answer = super.answer;
    const { by, rows } = answer;
    const minimums = { value: this.isMinimum, before: this.isMinimum };
    const compareRow = (row: StatsRow, at: number) => {
      // Nothing is known of the time before the first session.
      const group = at === 0 ? null : GROUPINGS[by].previous?.(row.group);
      const before = group == null ? null : this.rowOf(group);
      return compared(row, before, by, minimums);
    };
    return {
      ...answer,
      comparison: {
        period: null,
        before: null,
        rows: rows.map(compareRow),
        total: null,
      },
    };
  }
}

/** A period and the counter of its sessions. */
interface Side {
  readonly period: Period;
  readonly counter: FigureCounter;
}

function comparedPeriod(
  { period, counter }: Side,
  { total }: StatsAnswer,
): ComparedPeriod {
  return {
    from_unix_ms: period.since,
    to_unix_ms: period.until,
    bundles: total.bundles,
    is_minimum: counter.isMinimum,
  };
}

/** Whether there may be more than was counted, now and before. */
interface Minimums {
  readonly value: boolean;
  readonly before: boolean;
}

function compared(
  row: StatsRow,
  before: StatsRow | null,
  by: StatsBy,
  minimums: Minimums,
): ComparedRow {
  return {
    group: row.group,
    before_group: before?.group ?? null,
    figures: STATS_FIGURES.map((figure): ComparedFigure => {
      const known = (of: StatsRow | null, isMinimum: boolean) => {
        const value = of === null ? null : figureOf(figure, of, by);
        // None that is known is no evidence that there was none.
        return isMinimum && Number(value) === 0 ? null : value;
      };
      const value = known(row, minimums.value);
      const valueBefore = known(before, minimums.before);
      const change = difference(value, valueBefore);
      return {
        figure,
        value,
        before: valueBefore,
        change,
        percent: change === null || Number(valueBefore) === 0
          ? null
          : rounded(100 * Number(change) / Number(valueBefore), 2),
        is_minimum: minimums.value || isLeast(figure, row),
        is_before_minimum: minimums.before ||
          before !== null && isLeast(figure, before),
      };
    }),
  };
}

/** Exact of integers; null if either is unknown. */
function difference(a: Integer | null, b: Integer | null): Integer | null {
  if (a === null || b === null) return null;
  // Only costs are fractions: twelve digits are more than any price has.
  return isFraction(a) || isFraction(b)
    ? rounded(Number(a) - Number(b), 12)
    : subtract(a, b);
}

function isFraction(value: Integer): boolean {
  return typeof value === "number" && !Number.isInteger(value);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
