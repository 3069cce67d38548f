/**
 * Tokens of several requests, added up; what a provider did not report stays unknown.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { TokenUsage } from "../../../graph/runtime.ts";
import {
  type KnownCount,
  knownCount,
  type LostEvidence,
  mayHaveMore,
  NOTHING_LOST,
} from "../../evidence/known_count.ts";

/**
 * Tokens of some requests. Cached and written tokens are part of the input, reasoning tokens of
 * the output: they are never to be added to them.
 */
export interface TokenSum {
  /** Requests that were counted. */
  readonly calls: KnownCount;
  /** Requests whose tokens the provider reported; the sums are of these alone. */
  readonly calls_with_usage: KnownCount;
  /** All input; null when no request has usage, and where 0 may be what is left after losses. */
  readonly input_tokens: Integer | null;
  /** Input served from a cache; null as `input_tokens`. */
  readonly cached_input_tokens: Integer | null;
  /** Input written to a cache; null as `input_tokens`. */
  readonly cache_write_input_tokens: Integer | null;
  /** All output; null as `input_tokens`. */
  readonly output_tokens: Integer | null;
  /** Output that was reasoning; null as `input_tokens`. */
  readonly reasoning_output_tokens: Integer | null;
}

/** Adds exactly, also beyond what a `number` holds. */
function sumOf(a: Integer, b: Integer): Integer {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return BigInt(a) + BigInt(b);
}

/** Adds up tokens, request by request. */
export class TokenCounter {
  #calls = 0;
  #withUsage = 0;
  #sum: TokenUsage = {
    input_tokens: 0,
    cached_input_tokens: 0,
    cache_write_input_tokens: 0,
    output_tokens: 0,
    reasoning_output_tokens: 0,
  };

  /** Counts a request; `usage` is null where the provider reported none. */
  add(usage: TokenUsage | null): void {
    this.#calls++;
    if (usage === null) return;
    this.#withUsage++;
    const sum = this.#sum;
    this.#sum = {
      input_tokens: sumOf(sum.input_tokens, usage.input_tokens),
      cached_input_tokens: sumOf(
        sum.cached_input_tokens,
        usage.cached_input_tokens,
      ),
      cache_write_input_tokens: sumOf(
        sum.cache_write_input_tokens,
        usage.cache_write_input_tokens,
      ),
      output_tokens: sumOf(sum.output_tokens, usage.output_tokens),
      reasoning_output_tokens: sumOf(
        sum.reasoning_output_tokens,
        usage.reasoning_output_tokens,
      ),
    };
  }

  /** What was counted so far, of a session that lost some evidence. */
  sum(lost: LostEvidence = NOTHING_LOST): TokenSum {
    const isPartial = mayHaveMore(lost, this.#withUsage, this.#calls);
    const sum = (key: keyof TokenUsage) =>
      this.#withUsage === 0 ? null : knownCount(this.#sum[key], isPartial);
    return {
      calls: knownCount(this.#calls, lost.events),
      calls_with_usage: knownCount(this.#withUsage, lost.any),
      input_tokens: sum("input_tokens"),
      cached_input_tokens: sum("cached_input_tokens"),
      cache_write_input_tokens: sum("cache_write_input_tokens"),
      output_tokens: sum("output_tokens"),
      reasoning_output_tokens: sum("reasoning_output_tokens"),
    };
  }
}
