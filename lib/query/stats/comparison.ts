/**
 * What `stats` compares: two periods, or each day, week or month with the one before it.
 *
 * @module
 */

import type { Integer, UnixMs } from "../../format/vocabulary.ts";

/** The name of a figure: of milliseconds it ends in `_ms`, of tokens in `_tokens`. */
export type StatsFigure =
  | "bundles"
  | "calls"
  | "failed_calls"
  | "tool_calls"
  | "failed_tool_calls"
  | "input_tokens"
  | "cached_input_tokens"
  | "cache_write_input_tokens"
  | "output_tokens"
  | "reasoning_output_tokens"
  | "calls_with_usage"
  | "p50_ms"
  | "p90_ms"
  | "p99_ms"
  | "max_ms"
  | "total_ms"
  | "first_token_ms"
  | "turns_ms"
  | "model_ms"
  | "tool_ms"
  | "idle_ms"
  /** In the user's currency. */
  | "cost"
  | "unpriced_calls"
  | "waited_ms"
  | "ran_ms";

/** Sessions that began at or after a moment, and before another; milliseconds since 1970. */
export interface Period {
  /** The first moment. */
  readonly since: number;
  /** The moment after the last. */
  readonly until: number;
}

/** What is compared with what. */
export type StatsCompare =
  /** The sessions of a period with those of another, which may not overlap. */
  | {
    readonly type: "periods";
    readonly period: Period;
    readonly before: Period;
  }
  /** Each row with that of the day, week or month before. */
  | { readonly type: "previous" };

/** Figures beside those of before. */
export interface StatsComparison {
  /** The period whose figures are the values; null where rows are compared with previous ones. */
  readonly period: ComparedPeriod | null;
  /** The period they are compared with; null where rows are compared with previous ones. */
  readonly before: ComparedPeriod | null;
  /** One row for each group of either period. */
  readonly rows: readonly ComparedRow[];
  /** Everything together; null where rows are compared with previous ones. */
  readonly total: ComparedRow | null;
}

/** A period and what is known of it. */
export interface ComparedPeriod {
  /** When it begins. */
  readonly from_unix_ms: UnixMs;
  /** When it ends: the first moment after it. */
  readonly to_unix_ms: UnixMs;
  /** Bundles of sessions that began in it. */
  readonly bundles: number;
  /** Whether evidence was lost, so that its counts and sums are minimums. */
  readonly is_minimum: boolean;
}

/** A group beside what it was before. */
export interface ComparedRow {
  /** The group. */
  readonly group: string;
  /** The group that it is compared with; null where nothing is before it. */
  readonly before_group: string | null;
  /** Every figure. */
  readonly figures: readonly ComparedFigure[];
}

/** An exact integer; of a cost, a number that may be a fraction. */
export type FigureValue = Integer | number;

/** A figure beside what it was before. */
export interface ComparedFigure {
  /** Its name: of milliseconds it ends in `_ms`, of tokens in `_tokens`. */
  readonly figure: StatsFigure;
  /** The figure; null where it is unknown or does not apply. */
  readonly value: FigureValue | null;
  /** What it was before; null where that is unknown or does not apply. */
  readonly before: FigureValue | null;
  /** How much larger it is now; null where either is unknown. */
  readonly change: FigureValue | null;
  /** The change in percent of what it was, to two digits; null where that is 0 or unknown. */
  readonly percent: number | null;
  /**
   * Whether evidence of the value was lost, or not reported: a count or a sum is then a minimum, a
   * percentile is of what is known.
   */
  readonly is_minimum: boolean;
  /** The same of what it was before. */
  readonly is_before_minimum: boolean;
}
