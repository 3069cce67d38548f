/**
 * The last full request of a thread, normalised: what of it the next request shares is not
 * normalised again.
 *
 * @module
 */

import type { RawPayloadRef, RequestWindow } from "../../format/payload.ts";
import { ItemHistory, type NormalizedItem } from "./item_record.ts";
import type { PlannedItem } from "./list_planner.ts";
import type { ItemReader } from "./model_items.ts";
import type { RequestView } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** What is shared was normalised in an earlier payload; a new item points to its own. */
export function stampNew(
  state: ReducerState,
  plan: readonly PlannedItem[],
  shared: number,
  { raw_payload_id }: RawPayloadRef,
): PlannedItem[] {
  return plan.map((planned, index) => {
    const keepsItsBody = planned.record !== null && !planned.endsReceipt;
    if (keepsItsBody || index >= shared) return planned;
    const { element } = planned;
    return {
      ...planned,
      element: state.classes.restamp(element, raw_payload_id),
    };
  });
}

/**
 * The view after a request: the old one cut to what is shared, then what is new.
 *
 * @returns The view, how many leading items were normalised before, and how many of these are
 * surely those of the last full request.
 */
export function nextView(
  state: ReducerState,
  last: RequestView | null,
  window: RequestWindow,
  { raw_payload_id }: RawPayloadRef,
  reader: ItemReader,
): { view: RequestView; kept: number; shared: number } {
  const skipped = last === null
    ? []
    : last.skipped.filter((index) => index < window.shared);
  const shared = last === null ? 0 : window.shared - skipped.length;
  const items = last === null ? [] : last.items;
  items.length = shared;
  window.fresh.forEach((element, index) => {
    const item = reader.read(element);
    if (item === null) skipped.push(window.shared + index);
    else items.push(item);
  });
  const firstVolatile = last === null ? Infinity : last.firstVolatile;
  const kept = Math.min(shared, firstVolatile);
  for (let i = kept; i < shared; i++) {
    const item = items[i];
    if (item?.volatile) {
      items[i] = state.classes.restamp(item, raw_payload_id);
    }
  }
  const view: RequestView = {
    items,
    skipped,
    history: new ItemHistory(),
    firstVolatile: firstVolatile < shared
      ? firstVolatile
      : volatileFrom(items, shared),
    missingParts: reader.missingParts,
    looksMarked: reader.looksMarked ||
      (last !== null && last.looksMarked && window.shared > 0),
  };
  return { view, kept, shared };
}

function volatileFrom(items: readonly NormalizedItem[], from: number): number {
  for (let i = from; i < items.length; i++) {
    if (items[i]?.volatile) return i;
  }
  return Infinity;
}
