/**
 * Commits a planned list of items: creates the new items, updates the known ones, and links each
 * of them.
 *
 * A list is planned first, which may throw, and then committed, which does not throw.
 *
 * @module
 */

import type { CodexTurnId } from "../../format/ids.ts";
import type {
  ConversationPart,
  ProducerRef,
} from "../../graph/conversation.ts";
import type { PlannedItem } from "./list_planner.ts";
import { areSameParts, type NormalizedItem } from "../items/content_class.ts";
import { flushQueuedCells } from "../runtime/code_cell.ts";
import { linkItem } from "../runtime/item_links.ts";
import type {
  CallPart,
  ItemHistory,
  ItemRecord,
} from "../state/item_record.ts";
import type { EventContext, ThreadRecord } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** The list of items of one event, and where it was observed. */
export interface ListObservation {
  readonly thread: ThreadRecord;
  readonly turnId: CodexTurnId | null;
  readonly context: EventContext;
  /** Producers of the items of the list; added to items that are already known. */
  readonly producers: readonly ProducerRef[];
  /** Whether the model certainly saw the items, so that the thread lists them. */
  readonly visible: boolean;
}

/** Commits a plan, then starts the queued code cells whose source item exists now. */
export function commitList(
  state: ReducerState,
  plan: readonly PlannedItem[],
  observation: ListObservation,
): ItemRecord[] {
  const records = commitItems(state, plan, observation);
  flushQueuedCells(state);
  return records;
}

/** Commits a plan: creates the new items, and links every item, in order. */
export function commitItems(
  state: ReducerState,
  plan: readonly PlannedItem[],
  observation: ListObservation,
): ItemRecord[] {
  const { thread } = observation;
  /** New items since the last output in the list that had a receipt. */
  let fresh: ItemRecord[] = [];
  return plan.map((planned) => {
    const record = resolveItem(state, planned, observation);
    if (planned.record === null) fresh.push(record);
    if (planned.endsReceipt) {
      endReceipt(thread, planned.element);
      if (
        state.rules.acceptsToolOutputs && planned.element.agentMessage === null
      ) {
        moveBefore(state, thread, fresh, record);
        fresh = [];
      }
    }
    if (observation.visible) record.visible = true;
    thread.markedForRelink.delete(record);
    linkItem(state, record, shownAs(planned));
    return record;
  });
}

/** Returns how to link an item that had a receipt: as the list shows it. */
function shownAs({ element, endsReceipt }: PlannedItem): CallPart | undefined {
  return endsReceipt
    ? { call_id: element.callId, kind: element.kind }
    : undefined;
}

function endReceipt(thread: ThreadRecord, { responsesId }: NormalizedItem) {
  if (responsesId !== null) thread.unseenReceipts.delete(responsesId);
}

/**
 * Moves items to the positions directly before `record`. The items were just created, so they are
 * the last of their thread. The position of `record` is still the integer of its creation: it is
 * never moved, and items are moved before it only once. So the positions above `record.position - 1`
 * are free.
 */
function moveBefore(
  state: ReducerState,
  thread: ThreadRecord,
  moved: readonly ItemRecord[],
  record: ItemRecord,
): void {
  if (moved.length === 0) return;
  thread.isReordered = true;
  moved.forEach((item, index) => {
    item.position = record.position - 1 + (index + 1) / (moved.length + 1);
    state.edges.itemChanged(item);
  });
}

function resolveItem(
  state: ReducerState,
  planned: PlannedItem,
  observation: ListObservation,
): ItemRecord {
  const { element, record } = planned;
  const { thread, turnId, context, producers } = observation;
  if (record === null) {
    return state.createItem(element, {
      thread,
      turnId,
      at: context.at,
      producers,
    });
  }
  if (planned.endsReceipt) showReceipt(state, thread, record, element);
  else mergeReasoning(record, element);
  const unnamed = record.item.responses_item_id === undefined;
  if (unnamed && element.responsesId !== null) {
    state.identifyItem(record, element.responsesId, thread);
  }
  for (const producer of producers) record.addProducer(producer);
  return record;
}

/** Replaces the body of an item that had a receipt: the list shows what the model saw. */
function showReceipt(
  state: ReducerState,
  thread: ThreadRecord,
  record: ItemRecord,
  element: NormalizedItem,
): void {
  const { item } = record;
  item.body = { parts: element.parts };
  record.contentClass = state.classes.classify({
    ...element,
    role: item.role,
    channel: item.channel,
    kind: item.kind,
    agentMessage: item.agent_message ?? null,
    callId: item.call_id,
  }).contentClass;
  // The other fields do not change. If they differ from the list, the next request must not be
  // diffed against this one.
  if (record.contentClass !== element.contentClass) {
    dropSharedRequest(state, thread);
  }
  state.edges.itemChanged(record);
}

/** Drops the last request of a thread, so that the next one is read completely. */
export function dropSharedRequest(
  state: ReducerState,
  thread: ThreadRecord,
): void {
  thread.sharedRequest = null;
  state.payloads.closeThread(thread.thread.thread_id);
}

/**
 * Adds the readable parts that an earlier observation of the same reasoning did not have. Stored
 * parts are never replaced, so the order of the observations does not matter.
 */
function mergeReasoning(record: ItemRecord, element: NormalizedItem): void {
  const { item } = record;
  if (item.kind !== "reasoning" || item.body.parts === element.parts) return;
  const stored = item.body.parts;
  // A merge drops references to missing parts, so an equal body must not be merged.
  if (areSameParts(stored, element.parts)) return;
  const texts = ofType(stored, "text");
  const summaries = ofType(stored, "summary");
  if (texts.length > 0 && summaries.length > 0) return;
  const newTexts = texts.length > 0 ? texts : ofType(element.parts, "text");
  const newSummaries = summaries.length > 0
    ? summaries
    : ofType(element.parts, "summary");
  if (newTexts === texts && newSummaries === summaries) return;
  item.body = {
    parts: [...newTexts, ...newSummaries, ...ofType(stored, "encoded")],
  };
}

function ofType(
  parts: readonly ConversationPart[],
  type: ConversationPart["type"],
) {
  return parts.filter((part) => part.type === type);
}

/** Links the marked items of a repeated prefix again: something changed since the last time. */
export function relinkMarked(
  state: ReducerState,
  thread: ThreadRecord,
  history: ItemHistory,
  length: number,
): void {
  if (thread.markedForRelink.size === 0) return;
  for (const record of markedInOrder(thread, history, length)) {
    thread.markedForRelink.delete(record);
    linkItem(state, record);
  }
}

/** Returns the marked items among the first `length` of a list, each once, in list order. */
function markedInOrder(
  { markedForRelink }: ThreadRecord,
  history: ItemHistory,
  length: number,
): Iterable<ItemRecord> {
  // The shorter of both is searched: many marked items may be in no list any more.
  if (length < markedForRelink.size) {
    const due = new Set<ItemRecord>();
    for (let i = 0; i < length; i++) {
      const record = history.recordAt(i);
      if (record !== undefined && markedForRelink.has(record)) due.add(record);
    }
    return due;
  }
  const placed: { record: ItemRecord; position: number }[] = [];
  for (const record of markedForRelink) {
    const position = history.storage.positionOf(record);
    if (position !== undefined && position < length) {
      placed.push({ record, position });
    }
  }
  placed.sort((a, b) => a.position - b.position);
  return placed.map(({ record }) => record);
}

/**
 * Returns the first `shared` items of `baseline` followed by `records`, in the storage of
 * `baseline` where it has the same records.
 */
export function historyOf(
  baseline: ItemHistory,
  shared: number,
  records: readonly ItemRecord[],
): ItemHistory {
  return baseline.take(Math.min(shared, baseline.length)).concat(records);
}
