/**
 * Tokens, costs and times in words.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { Cost } from "../../query/stats/measures/cost.ts";
import type { TimeSplit } from "../../query/stats/measures/time_split.ts";
import type { TokenSum } from "../../query/stats/measures/token_sum.ts";
import {
  amountText,
  counted,
  countOf,
  durationOf,
  isTokenMinimum,
  shareOf,
  UNKNOWN,
} from "../../text/figures.ts";
import { oneLine } from "../text/fit.ts";

/** Input and output, each with its parts; and of how many requests they are. */
export function tokenPieces(tokens: TokenSum): string[] {
  const {
    calls,
    calls_with_usage,
    compaction_requests: compactions,
    input_tokens: input,
    cached_input_tokens: cached,
    cache_write_input_tokens: written,
    output_tokens: output,
    reasoning_output_tokens: reasoning,
  } = tokens;
  const others = compactions ?? 0;
  if (calls === 0 && others === 0) return [];
  const isUncounted = calls === null || calls_with_usage === null;
  if (calls === 0 && input === null) {
    return [`${UNKNOWN}: those of compaction requests are not recorded`];
  }
  if (isUncounted && input === null) {
    return [`${UNKNOWN}: no response with usage could be read`];
  }
  if (input === null || output === null) {
    return isUncounted ? [UNKNOWN] : [
      `${UNKNOWN}: usage reported by none of ${counted(calls, "request")}`,
    ];
  }
  const parts = [`cached ${countOf(cached)}`];
  if (written !== null && written > 0) {
    parts.push(`written to the cache ${countOf(written)}`);
  }
  return [
    `input ${countOf(input)} (${parts.join(", ")})`,
    `output ${countOf(output)} (reasoning ${countOf(reasoning)})`,
    ...!isUncounted && calls_with_usage < calls
      ? [
        `usage reported by ${calls_with_usage} of ${counted(calls, "request")}`,
      ]
      : [],
    ...others > 0
      ? [`usage of ${counted(others, "compaction request")} unknown`]
      : [],
  ];
}

/** Where the time of turns went, and what share that is. */
export function timePieces(time: TimeSplit): string[] {
  const { turns_ms: total } = time;
  if (total === 0) return [];
  if (total === null) return [UNKNOWN];
  const part = (name: string, ms: number | null) =>
    ms === null || ms === 0
      ? `${name} ${ms === null ? UNKNOWN : "none"}`
      : `${name} ${durationOf(ms)} (${shareOf(ms, total)})`;
  return [
    part("model", time.model_ms),
    // Tools that ran while a model did are not in it.
    part("tools only", time.tool_ms),
    part("idle", time.idle_ms),
  ];
}

/** A count of tokens; a minimum, where not every request reported its usage. */
export function tokenCount(
  count: Integer | null,
  tokens: TokenSum,
): string {
  const { calls, compaction_requests: others } = tokens;
  if (count === null) return calls === 0 && others === 0 ? "-" : "?";
  return isTokenMinimum(tokens) ? `≥${countOf(count)}` : countOf(count);
}

/** `0.0123 USD`; with how many requests have a price, if not all have. */
export function costText(
  { currency, amount, priced_calls: priced, unpriced_calls: unpriced }: Cost,
): string {
  if (amount === null) return UNKNOWN;
  const sum = `${amountText(amount)} ${oneLine(currency, 12)}`;
  return unpriced === 0
    ? sum
    : `at least ${sum}: ${priced} of ${
      counted(priced + unpriced, "request")
    } have a price`;
}
