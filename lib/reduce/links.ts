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
import type { EventContext } from "./records.ts";
import type { ReducerState } from "./state.ts";
import { linkToolItem } from "./runtime/tool_links.ts";

export { responseStored } from "./runtime/tool_links.ts";

/** Links an item with the tool call, the code cell and the agent's message it belongs to. */
export function itemSighted(
  state: ReducerState,
  record: ItemRecord,
  _context: EventContext,
): void {
  if (record.item.call_id !== null) {
    linkToolItem(state, record);
    linkCellItem(state, record);
  }
  deliverItem(state, record);
}
