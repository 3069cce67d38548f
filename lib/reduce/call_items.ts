/**
 * Items that belong to a call of the model, by what they are in it.
 *
 * @module
 */

import type { ConversationItemKind } from "../graph/conversation.ts";
import type { ItemRecord } from "./item_record.ts";

/** Whether an item asks for a call, or brings its output; `null` when it is neither. */
export function partInCall(
  kind: ConversationItemKind,
): "call" | "output" | null {
  switch (kind) {
    case "function_call":
    case "custom_tool_call":
      return "call";
    case "function_call_output":
    case "custom_tool_call_output":
      return "output";
    case "message":
    case "reasoning":
    case "compaction_marker":
      return null;
  }
}

/**
 * The records among `records` whose item passes, by id as text: the reference finds them by
 * walking a sorted map, so that item 10 comes before item 2.
 */
export function inIdOrder(
  records: readonly ItemRecord[],
  passes: (kind: ConversationItemKind) => boolean,
): ItemRecord[] {
  const found = records.filter((record) => passes(record.item.kind));
  if (found.length < 2) return found;
  return found.sort((a, b) => a.item.item_id < b.item.item_id ? -1 : 1);
}
