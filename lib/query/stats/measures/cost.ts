/**
 * What requests cost by the user's own prices; none are known here.
 *
 * @module
 */

import type { TokenUsage } from "../../../graph/runtime.ts";

/** What a million tokens of a model cost. */
export interface ModelPrice {
  /** Input that was not served from a cache. */
  readonly input: number;
  /** Input served from a cache. */
  readonly cached_input: number;
  /** Input written to a cache; without it, as any other input. */
  readonly cache_write_input?: number;
  /** Output, reasoning included. */
  readonly output: number;
}

/** The user's prices. */
export interface PriceTable {
  /** Currency of all of them, as it is to be shown. */
  readonly currency: string;
  /** Prices, by the model's name. */
  readonly models: ReadonlyMap<string, ModelPrice>;
}

/** What some requests cost. */
export interface Cost {
  /** Currency, as the user spells it. */
  readonly currency: string;
  /** What the priced requests cost; null when none is priced. */
  readonly amount: number | null;
  /** Requests with a price: their model has one, and the provider reported their tokens. */
  readonly priced_calls: number;
  /**
   * Requests without, compaction requests included, whose tokens are never recorded: the amount does
   * not hold what they cost.
   */
  readonly unpriced_calls: number;
}

const MILLION = 1_000_000;

/** What a request cost; null where its model has no price, or its tokens were not reported. */
export function costOfRequest(
  prices: PriceTable | null,
  model: string,
  usage: TokenUsage | null,
): number | null {
  const price = prices?.models.get(model);
  if (price === undefined || usage === null) return null;
  const input = Number(usage.input_tokens);
  // Both are part of the input; more of them than input does not make the cost negative.
  const cached = Math.min(input, Number(usage.cached_input_tokens));
  const written = Math.min(
    input - cached,
    Number(usage.cache_write_input_tokens),
  );
  return ((input - cached - written) * price.input +
    cached * price.cached_input +
    written * (price.cache_write_input ?? price.input) +
    Number(usage.output_tokens) * price.output) / MILLION;
}

/** Adds up what requests cost. */
export class CostCounter {
  readonly #prices: PriceTable | null;
  #amount = 0;
  #priced = 0;
  #unpriced = 0;

  /** Counts by `prices`; without any, nothing has a cost. */
  constructor(prices: PriceTable | null) {
    this.#prices = prices;
  }

  /** Counts a request. */
  add(model: string, usage: TokenUsage | null): void {
    const cost = costOfRequest(this.#prices, model, usage);
    if (cost === null) this.#unpriced++;
    else {
      this.#priced++;
      this.#amount += cost;
    }
  }

  /** What was counted so far; null where there are no prices at all. */
  get cost(): Cost | null {
    if (this.#prices === null) return null;
    return {
      currency: this.#prices.currency,
      amount: this.#priced === 0 ? null : this.#amount,
      priced_calls: this.#priced,
      unpriced_calls: this.#unpriced,
    };
  }
}
