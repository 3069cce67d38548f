/**
 * Items that belong to a call of the model, by what they are in it.
 *
 * @module
 */

import type { ModelVisibleCallId } from "../../format/ids.ts";
import type {
  ConversationItem,
  ConversationItemKind,
} from "../../graph/conversation.ts";
import type { ItemRecord } from "../conversation/item_record.ts";
import type { ThreadRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** Which part an item has in which call. */
export type CallPart = Pick<ConversationItem, "call_id" | "kind">;

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

/** The records of a thread's call that pass, in the order in which the schema finds them. */
export function findInCall(
  state: ReducerState,
  thread: ThreadRecord,
  callId: ModelVisibleCallId,
  passes: (kind: ConversationItemKind) => boolean,
): ItemRecord[] {
  const records = thread.itemsByCallId.get(callId) ?? [];
  const found = records.filter((record) => passes(record.item.kind));
  if (found.length < 2) return found;
  if (state.rules.findsItemsByIdText) {
    return found.sort((a, b) => a.item.item_id < b.item.item_id ? -1 : 1);
  }
  return thread.isReordered ? found.sort((a, b) => a.place - b.place) : found;
}
