/**
 * The columns of `stats`, as text and as CSV.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import { momentOf } from "../../../text/figures.ts";
import type { StatsFigure } from "../../../query/stats/comparison.ts";
import { figureOf } from "../../../query/stats/row_figures.ts";
import type { StatsBy, StatsRow } from "../../../query/stats/stats_answer.ts";
import type { StatsColumn } from "../../config/config.ts";

/** What a column holds. */
export type Measure =
  | "text"
  | "count"
  | "failures"
  | "tokens"
  | "time"
  | "cost";

export interface StatsColumnSpec {
  /** The title on a terminal; CSV has the name of the column. */
  readonly title: string;
  /** The title of a group of columns. */
  readonly groupTitle?: string;
  /** What it holds. */
  readonly measure: Measure;
  /** The value in a row; null where it is unknown or does not apply. */
  value(row: StatsRow, by: StatsBy): Integer | string | null;
}

export const STATS_FIELDS: Readonly<Record<StatsColumn, StatsColumnSpec>> = {
  bundle: text("bundle", (row) => row.bundle),
  bundles: number("bundles", "bundles", "count"),
  session: text("session", (row) => row.session_id),
  started: text(
    "started",
    ({ started_at_unix_ms: start }) => start === null ? null : momentOf(start),
  ),
  cwd: text("directory", (row) => row.cwd),
  prompt: text("prompt", (row) => row.prompt),
  agent: text("agent", (row) => row.agent_path),
  outcome: text("outcome", (row) => row.outcome),
  status: text("status", (row) => row.status),
  calls: number("calls", "requests", "count"),
  failed_calls: number("failed_calls", "requests", "failures", "failed"),
  tool_calls: number("tool_calls", "tool calls", "count"),
  failed_tool_calls: number(
    "failed_tool_calls",
    "tool calls",
    "failures",
    "failed",
  ),
  input_tokens: number("input_tokens", "input", "tokens"),
  cached_input_tokens: number("cached_input_tokens", "cached", "tokens"),
  cache_write_input_tokens: number(
    "cache_write_input_tokens",
    "written",
    "tokens",
  ),
  output_tokens: number("output_tokens", "output", "tokens"),
  reasoning_output_tokens: number(
    "reasoning_output_tokens",
    "reasoning",
    "tokens",
  ),
  calls_with_usage: number("calls_with_usage", "with usage", "count"),
  p50_ms: number("p50_ms", "p50", "time"),
  p90_ms: number("p90_ms", "p90", "time"),
  p99_ms: number("p99_ms", "p99", "time"),
  max_ms: number("max_ms", "max", "time"),
  total_ms: number("total_ms", "total", "time"),
  first_token_ms: number("first_token_ms", "token", "time", "first"),
  waited_ms: number("waited_ms", "waited", "time"),
  ran_ms: number("ran_ms", "ran", "time"),
  turns_ms: number("turns_ms", "took", "time"),
  model_ms: number("model_ms", "model", "time"),
  tool_ms: number("tool_ms", "tool", "time"),
  idle_ms: number("idle_ms", "idle", "time"),
  cost: number("cost", "cost", "cost"),
  unpriced_calls: number("unpriced_calls", "unpriced", "count"),
};

const TOKENS: readonly StatsColumn[] = [
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
];
const SPREAD: readonly StatsColumn[] = ["p50_ms", "p90_ms", "p99_ms", "max_ms"];
const OF_BUNDLE: readonly StatsColumn[] = [
  "outcome",
  "calls",
  "failed_calls",
  "tool_calls",
  "failed_tool_calls",
  ...TOKENS,
  "first_token_ms",
  "turns_ms",
  "model_ms",
  "tool_ms",
  "idle_ms",
  "cost",
];

const OF_MANY: readonly StatsColumn[] = [
  "bundles",
  ...OF_BUNDLE,
  "p50_ms",
  "p90_ms",
  "p99_ms",
];

/** Columns on a terminal, where the user wants no others; those that matter least last. */
export const DEFAULT_COLUMNS: Readonly<
  Record<StatsBy, readonly StatsColumn[]>
> = {
  model: ["calls", "failed_calls", ...TOKENS, ...SPREAD, "cost"],
  tool: [
    "tool_calls",
    "failed_tool_calls",
    ...SPREAD,
    "total_ms",
    "waited_ms",
    "ran_ms",
    "input_tokens",
    "cached_input_tokens",
    "cost",
  ],
  turn: ["agent", ...OF_BUNDLE],
  thread: ["agent", ...OF_BUNDLE],
  bundle: OF_BUNDLE,
  effort: ["calls", "failed_calls", ...TOKENS, ...SPREAD, "cost"],
  agent: OF_MANY,
  session: OF_MANY,
  project: OF_MANY,
  day: OF_MANY,
  week: OF_MANY,
  month: OF_MANY,
};

/** Which columns a narrow terminal does without, the highest first. */
const DROPPED_FIRST: Readonly<Partial<Record<StatsColumn, number>>> = {
  first_token_ms: 8,
  reasoning_output_tokens: 7,
  cached_input_tokens: 7,
  waited_ms: 8,
  ran_ms: 8,
  p99_ms: 6,
  idle_ms: 5,
  tool_ms: 5,
  model_ms: 5,
  p90_ms: 4,
  agent: 3,
  output_tokens: 2,
  input_tokens: 2,
  total_ms: 1,
};

/** When a narrow terminal does without a column: the highest first; undefined for never. */
export function dropPriorityOf(
  name: StatsColumn,
  by: StatsBy,
): number | undefined {
  const isExtra = name === "p50_ms" && DEFAULT_COLUMNS[by] === OF_MANY;
  return isExtra ? 1 : DROPPED_FIRST[name];
}

function text(
  title: string,
  value: (row: StatsRow) => string | null,
): StatsColumnSpec {
  return { title, measure: "text", value };
}

function number(
  name: StatsFigure,
  title: string,
  measure: Measure,
  groupTitle?: string,
): StatsColumnSpec {
  return {
    title,
    ...groupTitle === undefined ? {} : { groupTitle },
    measure,
    value: (row, by) => figureOf(name, row, by),
  };
}
