/**
 * Tokens of several requests, added up; what a provider did not report stays unknown.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { TokenUsage } from "../../../graph/runtime.ts";
import type { ReportedTokens } from "../../session/session_log/session_log.ts";
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
  /** Compaction requests, which are no calls: their tokens are never recorded, and in no sum. */
  readonly compaction_requests: KnownCount;
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
  #compactions = 0;
  /** Tokens that session logs report, of an unknown number of requests. */
  #reported: ReportedTokens | null = null;
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

  /** Counts a compaction request, whose tokens are unknown. */
  addCompaction(): void {
    this.#compactions++;
  }

  /** Adds tokens that a session log reports, whatever requests they are of. */
  addReported(tokens: ReportedTokens): void {
    const before = this.#reported;
    this.#reported = tokensBy((key) => {
      const [a, b] = [before === null ? 0 : before[key], tokens[key]];
      return a === null || b === null ? null : sumOf(a, b);
    });
  }

  /** What was counted so far, of a session that lost some evidence. */
  sum(lost: LostEvidence = NOTHING_LOST): TokenSum {
    const isPartial = mayHaveMore(lost, this.#withUsage, this.#calls);
    const reported = this.#reported;
    const sum = (key: keyof TokenUsage) => {
      const known = this.#withUsage === 0
        ? null
        : knownCount(this.#sum[key], isPartial);
      const more = reported === null ? null : reported[key];
      return known === null || more === null
        ? more ?? known
        : sumOf(known, more);
    };
    return {
      calls: knownCount(this.#calls, lost.events),
      calls_with_usage: knownCount(this.#withUsage, lost.any),
      compaction_requests: knownCount(this.#compactions, lost.events),
      ...tokensBy(sum),
    };
  }
}

function tokensBy(
  of: (key: keyof TokenUsage) => Integer | null,
): ReportedTokens {
  return {
    input_tokens: of("input_tokens"),
    cached_input_tokens: of("cached_input_tokens"),
    cache_write_input_tokens: of("cache_write_input_tokens"),
    output_tokens: of("output_tokens"),
    reasoning_output_tokens: of("reasoning_output_tokens"),
  };
}
