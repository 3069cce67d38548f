/**
 * The events by which items entered a conversation.
 *
 * @module
 */

import type { ConversationItemId } from "../../format/ids.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { ItemCarriers } from "../evidence/links/item_carriers.ts";

/**
 * The sequence number by which each item entered: when it was taken into the history, where
 * that was recorded; else of the answer it is part of, or of the first request that carried it.
 */
export function arrivalsOf(
  trace: RolloutTrace,
): ReadonlyMap<ConversationItemId, Integer> {
  const answered = new Map<ConversationItemId, Integer>();
  for (
    const { response_item_ids, execution } of trace.inference_calls.values()
  ) {
    for (const id of response_item_ids) {
      if (execution.ended_seq !== null && !answered.has(id)) {
        answered.set(id, execution.ended_seq);
      }
    }
  }
  const carriers = new ItemCarriers(trace);
  const found = new Map<ConversationItemId, Integer>();
  for (const [id, { accepted_seq }] of trace.conversation_items) {
    const seq = accepted_seq ?? answered.get(id) ??
      carriers.requests(id).first?.execution.started_seq;
    if (seq !== undefined) found.set(id, seq);
  }
  return found;
}
