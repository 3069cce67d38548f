/**
 * The columns of `stats`, as text and as CSV.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import { momentOf } from "../../../text/figures.ts";
import type { Latencies } from "../../../query/stats/measures/latencies.ts";
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

/** A column. */
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

/** Every column. */
export const STATS_FIELDS: Readonly<Record<StatsColumn, StatsColumnSpec>> = {
  bundle: text("bundle", (row) => row.bundle),
  bundles: number("bundles", "count", (row) => row.bundles),
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
  calls: number("requests", "count", (row) => row.calls),
  failed_calls: {
    ...number("requests", "failures", (row) => row.failed_calls),
    groupTitle: "failed",
  },
  tool_calls: number("tool calls", "count", (row) => row.tool_calls),
  failed_tool_calls: {
    ...number("tool calls", "failures", (row) => row.failed_tool_calls),
    groupTitle: "failed",
  },
  input_tokens: number("input", "tokens", (row) => row.tokens?.input_tokens),
  cached_input_tokens: number(
    "cached",
    "tokens",
    (row) => row.tokens?.cached_input_tokens,
  ),
  cache_write_input_tokens: number(
    "written",
    "tokens",
    (row) => row.tokens?.cache_write_input_tokens,
  ),
  output_tokens: number("output", "tokens", (row) => row.tokens?.output_tokens),
  reasoning_output_tokens: number(
    "reasoning",
    "tokens",
    (row) => row.tokens?.reasoning_output_tokens,
  ),
  calls_with_usage: number(
    "with usage",
    "count",
    (row) => row.tokens?.calls_with_usage,
  ),
  p50_ms: number("p50", "time", (row, by) => latencyOf(row, by)?.p50_ms),
  p90_ms: number("p90", "time", (row, by) => latencyOf(row, by)?.p90_ms),
  p99_ms: number("p99", "time", (row, by) => latencyOf(row, by)?.p99_ms),
  max_ms: number("max", "time", (row, by) => latencyOf(row, by)?.max_ms),
  total_ms: number("total", "time", (row, by) => latencyOf(row, by)?.total_ms),
  first_token_ms: {
    ...number("token", "time", (row) => row.first_token_latency?.p50_ms),
    groupTitle: "first",
  },
  waited_ms: number("waited", "time", (row) => row.tool_waited_ms),
  ran_ms: number("ran", "time", (row) => row.tool_ran_ms),
  turns_ms: number("took", "time", (row) => row.time?.turns_ms),
  model_ms: number("model", "time", (row) => row.time?.model_ms),
  tool_ms: number("tool", "time", (row) => row.time?.tool_ms),
  idle_ms: number("idle", "time", (row) => row.time?.idle_ms),
  cost: {
    title: "cost",
    measure: "cost",
    // A spreadsheet adds up what it finds: twelve digits are more than any price has.
    value: ({ cost }) =>
      cost === null || cost.amount === null
        ? null
        : String(Number(cost.amount.toFixed(12))),
  },
  unpriced_calls: number(
    "unpriced",
    "count",
    (row) => row.cost?.unpriced_calls,
  ),
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
  ...OF_BUNDLE.filter((name) => name !== "status"),
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
export const DROPPED_FIRST: Readonly<Partial<Record<StatsColumn, number>>> = {
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

/** Of what is counted: of tool calls by tool, else of requests. */
function latencyOf(row: StatsRow, by: StatsBy): Latencies | null {
  return by === "tool" ? row.tool_latency : row.call_latency;
}

function text(
  title: string,
  value: (row: StatsRow) => string | null,
): StatsColumnSpec {
  return { title, measure: "text", value };
}

function number(
  title: string,
  measure: Measure,
  value: (row: StatsRow, by: StatsBy) => Integer | null | undefined,
): StatsColumnSpec {
  return { title, measure, value: (row, by) => value(row, by) ?? null };
}
