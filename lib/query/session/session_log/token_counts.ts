/**
 * Tokens of a session log: the totals of its `token_count` events.
 *
 * @module
 */

import type { JsonValue } from "../../../format/payload.ts";
import { isJsonObject } from "../../../format/payload.ts";
import { countIn } from "./log_line.ts";
import type { ReportedTokens } from "./session_log.ts";

/** Follows the totals of a session, and how much they grow in each turn. */
export class TokenCounts {
  #total: ReportedTokens | null = null;
  #start: ReportedTokens | null = null;

  /** The totals so far; null before the first. */
  get total(): ReportedTokens | null {
    return this.#total;
  }

  /** Begins a turn. */
  startTurn(): void {
    this.#start = this.#total;
  }

  /** Reads the `info` of a `token_count` event, which may be null. */
  add(info: JsonValue | undefined): void {
    if (!isJsonObject(info)) return;
    const total = tokensIn(info["total_token_usage"]);
    if (total === null) return;
    // Before the first total, a session that is continued had some already.
    const last = tokensIn(info["last_token_usage"]);
    this.#start ??= last && differenceOf(total, last);
    this.#total = total;
  }

  /** Tokens of the turn; null where nothing was reported in it. */
  get turn(): ReportedTokens | null {
    return this.#total === null || this.#start === null ||
        this.#total === this.#start
      ? null
      : differenceOf(this.#total, this.#start);
  }
}

function tokensIn(value: JsonValue | undefined): ReportedTokens | null {
  if (!isJsonObject(value)) return null;
  return {
    input_tokens: countIn(value, "input_tokens"),
    cached_input_tokens: countIn(value, "cached_input_tokens"),
    cache_write_input_tokens: countIn(value, "cache_write_input_tokens"),
    output_tokens: countIn(value, "output_tokens"),
    reasoning_output_tokens: countIn(value, "reasoning_output_tokens"),
  };
}

/** How much more `a` has than `b`; null where a count is unknown, or has become less. */
function differenceOf(a: ReportedTokens, b: ReportedTokens): ReportedTokens {
  const minus = (key: keyof ReportedTokens) => {
    const [more, less] = [a[key], b[key]];
    const grown = more === null || less === null
      ? -1
      : Number(more) - Number(less);
    return grown < 0 ? null : grown;
  };
  return {
    input_tokens: minus("input_tokens"),
    cached_input_tokens: minus("cached_input_tokens"),
    cache_write_input_tokens: minus("cache_write_input_tokens"),
    output_tokens: minus("output_tokens"),
    reasoning_output_tokens: minus("reasoning_output_tokens"),
  };
}
