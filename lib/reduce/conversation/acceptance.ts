/**
 * Acceptance: which Responses items Codex took into a thread's history, and the receipts of
 * agent messages that arrived outside a request. Schema 2.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { HistoryItemAccepted } from "../../format/event.ts";
import type {
  PayloadDocument,
  RawElement,
  RawPayloadRef,
} from "../../format/payload.ts";
import { flushQueuedCells } from "../runtime/code_cell.ts";
import type { NormalizedItem } from "./item_record.ts";
import { itemSighted } from "../links.ts";
import { normalizeOne } from "./model_items.ts";
import type { EventContext, ThreadRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** Handles `history_item_accepted`. The first acceptance of an id counts. */
export function historyItemAccepted(
  state: ReducerState,
  event: HistoryItemAccepted,
  context: EventContext,
): void {
  if (context.threadId === null) {
    throw new ReplayError("missing_context", "the event names no thread", {
      responses_item_id: event.item_id,
    });
  }
  const thread = state.thread(context.threadId);
  const id = event.item_id;
  const ref = event.agent_message_payload;
  const receipt = ref !== null && !thread.itemsByResponsesId.has(id)
    ? readReceipt(state, ref, id)
    : undefined;
  if (!thread.acceptances.has(id)) accept(thread, id, context);
  if (receipt !== undefined) createReceipt(state, thread, receipt, context);
}

function accept(thread: ThreadRecord, id: string, context: EventContext): void {
  thread.acceptances.set(id, { at: context.at, seq: context.seq });
  for (const record of thread.itemsByResponsesId.get(id) ?? []) {
    record.item.accepted_at_unix_ms = context.at;
    record.item.accepted_seq = context.seq;
    record.visible = true;
  }
}

/** The agent message of a receipt: the payload is the item itself. */
function readReceipt(
  state: ReducerState,
  ref: RawPayloadRef,
  id: string,
): NormalizedItem {
  const item = normalizeOne(state, wholePayload(state.payloads.open(ref)), ref);
  if (item !== null && item.agentMessage !== null && item.responsesId === id) {
    return item;
  }
  throw new ReplayError(
    item === null ? "unsupported_item" : "receipt_mismatch",
    `payload ${quote(ref.raw_payload_id)} is no agent message with id ${
      quote(id)
    }`,
    { raw_payload_id: ref.raw_payload_id, responses_item_id: id },
  );
}

function wholePayload(document: PayloadDocument): RawElement {
  return { value: document.value, source: () => document.source() };
}

function createReceipt(
  state: ReducerState,
  thread: ThreadRecord,
  element: NormalizedItem,
  context: EventContext,
): void {
  const record = state.createItem(element, {
    thread,
    turnId: context.turnId,
    at: context.at,
    producers: [],
  });
  record.visible = true;
  if (element.responsesId !== null) {
    thread.unseenReceipts.set(element.responsesId, record);
  }
  itemSighted(state, record, context);
  flushQueuedCells(state);
}
