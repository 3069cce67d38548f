/**
 * What a session was asked first, and what it said last.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type { Session } from "../session/session.ts";
import type { SaidText } from "./show_answer.ts";

/**
 * The prompt of the first turn: the last that a user said in the first request of the root.
 *
 * What Codex tells the model about its surroundings is said in the user's name as well, but
 * before the prompt.
 */
export function firstPrompt(session: Session): SaidText | null {
  const { trace } = session;
  for (const call of trace.inference_calls.values()) {
    if (call.thread_id !== trace.root_thread_id) continue;
    const { request_item_ids: ids } = call;
    for (let at = ids.length - 1; at >= 0; at--) {
      const said = saidBy(session, ids.at(at), "user");
      if (said !== null) return said;
    }
    return null;
  }
  return null;
}

/** The last text that the root's model said. */
export function lastAnswer(session: Session): SaidText | null {
  const { trace } = session;
  const ids = trace.threads.get(trace.root_thread_id)?.conversation_item_ids;
  for (let at = (ids?.length ?? 0) - 1; at >= 0; at--) {
    const said = saidBy(session, ids?.[at], "assistant");
    if (said !== null) return said;
  }
  return null;
}

function saidBy(
  { trace, names }: Session,
  id: string | undefined,
  role: ConversationItem["role"],
): SaidText | null {
  const item = id === undefined ? undefined : trace.conversation_items.get(id);
  if (
    item?.role !== role || item.kind !== "message" ||
    item.agent_message !== undefined
  ) return null;
  const text = item.body.parts
    .flatMap((part) => part.type === "text" ? [part.text] : [])
    .join("\n");
  return text.trim() === ""
    ? null
    : { item: names.ref("item", item.item_id), text };
}
