/**
 * Ids that Codex removed from the tool outputs of a request and recorded in the event instead.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { InferenceStarted } from "../../format/event.ts";
import type { NormalizedItem } from "../items/content_class.ts";

/** The stripped ids of one request. */
export class StrippedIds {
  readonly #event: InferenceStarted;
  readonly #skipped: readonly number[];
  /** Index of the first item that gets an id, `Infinity` when none does. */
  first = Infinity;

  /** `skipped` has the indexes of the elements that are not items, ascending. */
  constructor(event: InferenceStarted, skipped: readonly number[]) {
    this.#event = event;
    this.#skipped = skipped;
  }

  /**
   * Returns the items of the request with their ids. `items` is not changed.
   *
   * @throws {ReplayError} If the element of an id is not a tool output without an id.
   */
  applyTo(items: readonly NormalizedItem[]): readonly NormalizedItem[] {
    const { stripped_tool_output_ids: stripped } = this.#event;
    if (stripped.length === 0) return items;
    const named = [...items];
    for (const [at, id] of stripped) {
      const index = this.#indexOf(Number(at));
      const item = index === undefined ? undefined : named[index];
      if (index === undefined || item === undefined || !item.isIdlessOutput) {
        throw this.#mismatch(Number(at), id);
      }
      named[index] = { ...item, responsesId: id, isIdlessOutput: false };
      this.first = Math.min(this.first, index);
    }
    return named;
  }

  /** Returns the item index of the element at `at`, `undefined` when it is not an item. */
  #indexOf(at: number): number | undefined {
    let before = 0;
    for (const skipped of this.#skipped) {
      if (skipped === at) return undefined;
      if (skipped < at) before++;
    }
    return at - before;
  }

  #mismatch(at: number, id: string): ReplayError {
    const { inference_call_id } = this.#event;
    return new ReplayError(
      "stripped_id_mismatch",
      `element ${at} of the request of inference ${
        quote(inference_call_id)
      } is not a tool output without an id, so it cannot have lost ${
        quote(id)
      }`,
      { inference_call_id, responses_item_id: id },
    );
  }
}
