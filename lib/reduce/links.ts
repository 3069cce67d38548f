/**
 * What follows when an item is seen, again or for the first time.
 *
 * Seeing an item once more changes nothing unless something else came in between; whatever may
 * bring such a change marks the items it concerns, see `ReducerState.lookAgain`.
 *
 * @module
 */

import { linkCellItem } from "./runtime/cell_links.ts";
import { deliverItem } from "./agents/delivery.ts";
import type { ItemRecord } from "./conversation/item_record.ts";
import type { CallPart } from "./runtime/call_items.ts";
import type { ReducerState } from "./state.ts";
import { linkToolItem, produceReceipt } from "./runtime/tool_links.ts";

export { responseStored } from "./runtime/tool_links.ts";

/**
 * Links an item with the tool call, the code cell and the agent's message it belongs to.
 *
 * @param shown The kind and call id under which a list shows it, where these are not its own.
 */
export function itemSighted(
  state: ReducerState,
  record: ItemRecord,
  shown: CallPart = record.item,
): void {
  if (shown.call_id !== null) {
    linkToolItem(state, record, shown);
    linkCellItem(state, record, shown);
  }
  deliverItem(state, record);
}

/**
 * Links an item that a receipt made: with the tool call that produced it, and with the message it
 * delivers. All other links follow when a list shows it.
 */
export function receiptCreated(state: ReducerState, record: ItemRecord): void {
  produceReceipt(state, record);
  deliverItem(state, record);
}
