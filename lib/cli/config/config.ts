/**
 * The configuration in `rollout-trace.jsonc`: columns, limits, prices and patterns of a user.
 *
 * @module
 */

import type { Limits } from "../../bundle/limits.ts";
import type { PriceTable } from "../../query/stats/measures/cost.ts";
import type { CustomPattern } from "../../export/redact/detect/custom_patterns.ts";

/** Name of the file in the working directory. */
export const CONFIG_FILE = "rollout-trace.jsonc";

/** Columns of `list`. */
export const LIST_COLUMNS = [
  "bundle",
  "outcome",
  "status",
  "started",
  "age",
  "duration",
  "size",
  "events",
  "schema",
  "model",
  "turns",
  "requests",
  "failed",
  "errors",
  "tools",
  "threads",
  "tokens",
  "cost",
  "cwd",
  "session",
  "continues",
  "prompt",
  "result",
] as const;

/** Columns of `stats`; milliseconds, tokens, and the user's currency. */
export const STATS_COLUMNS = [
  "bundle",
  "bundles",
  "session",
  "started",
  "cwd",
  "prompt",
  "agent",
  "outcome",
  "status",
  "calls",
  "failed_calls",
  "tool_calls",
  "failed_tool_calls",
  "input_tokens",
  "cached_input_tokens",
  "cache_write_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
  "calls_with_usage",
  "p50_ms",
  "p90_ms",
  "p99_ms",
  "max_ms",
  "total_ms",
  "first_token_ms",
  "turns_ms",
  "model_ms",
  "tool_ms",
  "idle_ms",
  "cost",
  "unpriced_calls",
  "waited_ms",
  "ran_ms",
] as const;

/** A column of `list`. */
export type ListColumn = typeof LIST_COLUMNS[number];
/** A column of `stats`. */
export type StatsColumn = typeof STATS_COLUMNS[number];

/** What `redact` finds beside its own rules, and what it does not. */
export interface RedactConfig {
  /** Patterns of values. */
  readonly patterns: readonly CustomPattern[];
  /** Values that are kept: texts, or expressions between slashes. */
  readonly allow: readonly string[];
}

/** The configuration of a user; null where the file has no entry. */
export interface Config {
  /** Columns of `list`, in this order. */
  readonly listColumns: readonly ListColumn[] | null;
  /** Columns of `stats` beside what is counted by, in this order. */
  readonly statsColumns: readonly StatsColumn[] | null;
  /** Limits that are not the default ones. */
  readonly limits: Partial<Limits>;
  /** What models cost. */
  readonly prices: PriceTable | null;
  /** Patterns and values for `redact`. */
  readonly redact: RedactConfig;
}

/** An empty configuration. */
export const NO_CONFIG: Config = {
  listColumns: null,
  statsColumns: null,
  limits: {},
  prices: null,
  redact: { patterns: [], allow: [] },
};
