/**
 * Which requests carried an item, and which compactions found it in the history.
 *
 * @module
 */

import type { ConversationItemId } from "../../../format/ids.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { Compaction, InferenceCall } from "../../../graph/runtime.ts";
import { inCreationOrder } from "../../session/names/creation_order.ts";
import { PrefixIndex } from "./prefix_index.ts";

/** The requests that carried an item. */
export interface CarrierIndex {
  /** How many requests carried it. */
  readonly count: number;
  /** The first of them; null when none did. */
  readonly first: InferenceCall | null;
  /** The last of them; null when none did. */
  readonly last: InferenceCall | null;
}

/** Looks up what carried an item, without walking the requests. */
export class ItemCarriers {
  /** The requests, in the order in which they were sent. */
  readonly #calls: readonly InferenceCall[];
  readonly #compactions: readonly Compaction[];
  readonly #requests: PrefixIndex;
  readonly #inputs: PrefixIndex;

  /** Indexes the requests and compactions of `trace`. */
  constructor(trace: RolloutTrace) {
    this.#calls = inCreationOrder("inference_call", trace.inference_calls)
      .map(([, call]) => call);
    this.#compactions = inCreationOrder("compaction", trace.compactions)
      .map(([, compaction]) => compaction);
    this.#requests = new PrefixIndex(
      this.#calls.map(({ request_item_ids: list, thread_id: group }) => ({
        list,
        group,
      })),
    );
    this.#inputs = new PrefixIndex(
      this.#compactions.map(({ input_item_ids: list, thread_id: group }) => ({
        list,
        group,
      })),
    );
  }

  /** The requests that carried an item: the first, the last, and how many. */
  requests(id: ConversationItemId): CarrierIndex {
    const { count, first, last } = this.#requests.holders(id);
    return {
      count,
      first: this.#calls[first] ?? null,
      last: this.#calls[last] ?? null,
    };
  }

  /** Every request that carried an item, in the order in which they were sent. */
  everyRequest(id: ConversationItemId): InferenceCall[] {
    return this.#requests.places(id).flatMap((place) =>
      this.#calls[place] ?? []
    );
  }

  /** The compactions that found an item in the history, in order. */
  compactions(id: ConversationItemId): Compaction[] {
    return this.#inputs.places(id).flatMap((place) =>
      this.#compactions[place] ?? []
    );
  }
}
