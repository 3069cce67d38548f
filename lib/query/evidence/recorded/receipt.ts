/**
 * Receipts: items that were recorded with the event of their acceptance, so that they exist before a
 * request shows them.
 *
 * @module
 */

import type { RawPayloadId } from "../../../format/ids.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { TraceSession } from "../../session/session.ts";

/** The payload with which an item was accepted; null where it has none. */
export function receiptOf(
  { log }: Pick<TraceSession, "log">,
  { responses_item_id: id, thread_id: thread }: ConversationItem,
): RawPayloadId | null {
  if (id === undefined) return null;
  for (const { event } of log?.about("responses_item", id) ?? []) {
    const { payload, thread_id } = event;
    if (payload.type !== "history_item_accepted" || thread_id !== thread) {
      continue;
    }
    const ref = payload.agent_message_payload ?? payload.tool_output_payload;
    return ref?.raw_payload_id ?? null;
  }
  return null;
}
