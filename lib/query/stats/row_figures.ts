/**
 * The figures of a row by their names: what columns print, and what is compared.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { Latencies } from "./measures/latencies.ts";
import { isTokenMinimum } from "../../text/figures.ts";
import type { StatsFigure } from "./comparison.ts";
import type { StatsBy, StatsRow } from "./stats_answer.ts";

/** A figure of a row; null where it is unknown or does not apply. */
type ValueOf = (row: StatsRow, by: StatsBy) => Integer | null | undefined;

/** Every figure, in the order of an answer. */
const FIGURES: Readonly<Record<StatsFigure, ValueOf>> = {
  bundles: (row) => row.bundles,
  calls: (row) => row.calls,
  failed_calls: (row) => row.failed_calls,
  tool_calls: (row) => row.tool_calls,
  failed_tool_calls: (row) => row.failed_tool_calls,
  input_tokens: (row) => row.tokens?.input_tokens,
  cached_input_tokens: (row) => row.tokens?.cached_input_tokens,
  cache_write_input_tokens: (row) => row.tokens?.cache_write_input_tokens,
  output_tokens: (row) => row.tokens?.output_tokens,
  reasoning_output_tokens: (row) => row.tokens?.reasoning_output_tokens,
  calls_with_usage: (row) => row.tokens?.calls_with_usage,
  p50_ms: (row, by) => latencyOf(row, by)?.p50_ms,
  p90_ms: (row, by) => latencyOf(row, by)?.p90_ms,
  p99_ms: (row, by) => latencyOf(row, by)?.p99_ms,
  max_ms: (row, by) => latencyOf(row, by)?.max_ms,
  total_ms: (row, by) => latencyOf(row, by)?.total_ms,
  first_token_ms: (row) => row.first_token_latency?.p50_ms,
  turns_ms: (row) => row.time?.turns_ms,
  model_ms: (row) => row.time?.model_ms,
  tool_ms: (row) => row.time?.tool_ms,
  idle_ms: (row) => row.time?.idle_ms,
  // The sum of binary fractions: twelve digits are more than any price has.
  cost: ({ cost }) =>
    cost === null || cost.amount === null
      ? null
      : Number(cost.amount.toFixed(12)),
  unpriced_calls: (row) => row.cost?.unpriced_calls,
  waited_ms: (row) => row.tool_waited_ms,
  ran_ms: (row) => row.tool_ran_ms,
};

/** The names of all figures. */
export const STATS_FIGURES: readonly StatsFigure[] = Object.keys(FIGURES)
  .filter(isStatsFigure);

/** Whether a name is that of a figure. */
export function isStatsFigure(name: string): name is StatsFigure {
  return Object.hasOwn(FIGURES, name);
}

/** A figure of a row that is counted by `by`; null where it is unknown or does not apply. */
export function figureOf(
  name: StatsFigure,
  row: StatsRow,
  by: StatsBy,
): Integer | null {
  return FIGURES[name](row, by) ?? null;
}

/** Whether a figure is of some of the requests only: of the others it was not reported. */
export function isLeast(
  name: StatsFigure,
  { tokens, cost }: StatsRow,
): boolean {
  if (name === "cost") return cost !== null && cost.unpriced_calls > 0;
  return name.endsWith("_tokens") && tokens !== null &&
    (tokens.calls !== tokens.calls_with_usage || isTokenMinimum(tokens));
}

/** Of what is counted: of tool calls by tool, else of requests. */
function latencyOf(row: StatsRow, by: StatsBy): Latencies | null {
  return by === "tool" ? row.tool_latency : row.call_latency;
}
