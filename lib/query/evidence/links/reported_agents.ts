/**
 * Items that report the results of agents in their text: notifications, and outputs of waits.
 *
 * Schema 1 records no edge for them. The text has the ids of the agents' threads.
 *
 * @module
 */

import type { ConversationItemId, ThreadId } from "../../../format/ids.ts";
import { isJsonObject } from "../../../format/payload.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import { itemTexts } from "../excerpt.ts";
import { objectIn } from "../recorded/payload_fields.ts";

const NOTIFICATION =
  /^\s*<subagent_notification>\s*(\{.*\})\s*<\/subagent_notification>\s*$/s;

/** Returns the threads of other agents whose results an item reports; empty for other items. */
export function reportedAgents(
  { threads }: RolloutTrace,
  item: ConversationItem,
): ThreadId[] {
  return namedIn(item).filter((id) => id !== item.thread_id && threads.has(id));
}

/** Returns the items that report the results of each agent, by its thread. */
export function reportsOfAgents(
  trace: RolloutTrace,
): ReadonlyMap<ThreadId, readonly ConversationItemId[]> {
  const found = new Map<ThreadId, ConversationItemId[]>();
  if (trace.threads.size < 2) return found;
  for (const item of trace.conversation_items.values()) {
    for (const thread of reportedAgents(trace, item)) {
      const items = found.get(thread);
      if (items === undefined) found.set(thread, [item.item_id]);
      else items.push(item.item_id);
    }
  }
  return found;
}

/** Whether an item is a notification, which the program writes in the role of a user. */
export function isNotification(item: ConversationItem): boolean {
  return item.role === "user" && NOTIFICATION.test(itemTexts(item)[0] ?? "");
}

function namedIn(item: ConversationItem): string[] {
  const [text = ""] = itemTexts(item);
  if (item.kind === "message") {
    const id = objectIn(NOTIFICATION.exec(text)?.[1])["agent_path"];
    return typeof id === "string" ? [id] : [];
  }
  if (item.kind !== "function_call_output" || !text.startsWith("{")) return [];
  const { status } = objectIn(text);
  return isJsonObject(status)
    ? Object.keys(status).filter((id) => isJsonObject(status[id]))
    : [];
}
