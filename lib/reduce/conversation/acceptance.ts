/**
 * Acceptance: which Responses items Codex accepted into the history of a thread, and the receipts
 * of items that are recorded before a request shows them. Since schema 2.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { HistoryItemAccepted } from "../../format/event.ts";
import {
  isMissing,
  type PayloadDocument,
  type RawElement,
  type RawPayloadRef,
} from "../../format/payload.ts";
import { isReceiptItem, isReceiptKind } from "./list_planner.ts";
import type { NormalizedItem } from "../items/content_class.ts";
import { ItemReader } from "../items/item_reader.ts";
import { flushQueuedCells } from "../runtime/code_cell.ts";
import { linkReceipt } from "../runtime/item_links.ts";
import type { EventContext, ThreadRecord } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** Handles `history_item_accepted`. Only the first acceptance of an id is stored. */
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
  const ref = event.agent_message_payload ?? event.tool_output_payload;
  const receipt = ref === null || isMissing(ref) || isKnown(state, thread, id)
    ? undefined
    : state.faults.attempt(
      () => readReceipt(state, ref, id),
      undefined,
      context,
      "the item itself, unless a later request shows it",
    );
  if (!thread.acceptances.has(id)) accept(thread, id, context);
  if (receipt !== undefined) createReceipt(state, thread, receipt, context);
}

/** Returns whether the thread already has the item, so that its receipt is not read. */
function isKnown(
  { rules }: ReducerState,
  { itemsByResponsesId }: ThreadRecord,
  id: string,
): boolean {
  const known = itemsByResponsesId.get(id);
  if (known === undefined) return false;
  return !rules.acceptsToolOutputs ||
    known.some(({ item }) => isReceiptItem(item));
}

function accept(thread: ThreadRecord, id: string, context: EventContext): void {
  thread.acceptances.set(id, { at: context.at, seq: context.seq });
  for (const record of thread.itemsByResponsesId.get(id) ?? []) {
    record.item.accepted_at_unix_ms = context.at;
    record.item.accepted_seq = context.seq;
    record.visible = true;
  }
}

/** Returns the item of a receipt, whose payload is the item itself. */
function readReceipt(
  state: ReducerState,
  ref: RawPayloadRef,
  id: string,
): NormalizedItem {
  const document = state.payloads.open(ref);
  const item = new ItemReader(state, ref).readReceipt(
    payloadAsElement(document),
  );
  const fits = item !== null && isReceiptKind(state.rules, item) &&
    item.responsesId === id;
  if (fits) return item;
  const expected = state.rules.acceptsToolOutputs
    ? "an agent message or tool output"
    : "an agent message";
  throw new ReplayError(
    item === null ? "unsupported_item" : "receipt_mismatch",
    `payload ${quote(ref.raw_payload_id)} is not ${expected} with id ${
      quote(id)
    }`,
    { raw_payload_id: ref.raw_payload_id, responses_item_id: id },
  );
}

function payloadAsElement(document: PayloadDocument): RawElement {
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
  const { turnId } = context;
  const isUnknown = turnId !== null && !state.turns.has(turnId);
  if (isUnknown && state.logHasGaps()) state.itemsOfUnknownTurns.add(record);
  if (element.responsesId !== null) {
    thread.unseenReceipts.set(element.responsesId, record);
  }
  linkReceipt(state, record);
  flushQueuedCells(state);
}
