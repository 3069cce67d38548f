/**
 * Lists of model items → items of the graph: what is new, what was seen before, and what
 * follows from each observation.
 *
 * Every list is planned first, which may fail, and then carried out, which does not.
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

/** Where a list of items was seen. */
export interface ListObservation {
  readonly thread: ThreadRecord;
  readonly turnId: CodexTurnId | null;
  readonly context: EventContext;
  /** What the list's items are produced by; added to items already known. */
  readonly producers: readonly ProducerRef[];
  /** Whether the model saw the items for sure, so that they belong to the thread's list. */
  readonly visible: boolean;
}

/** Carries out a plan, and then starts the code cells that waited for an item of it. */
export function commitList(
  state: ReducerState,
  plan: readonly PlannedItem[],
  observation: ListObservation,
): ItemRecord[] {
  const records = commitItems(state, plan, observation);
  flushQueuedCells(state);
  return records;
}

/** Carries out a plan: creates what is new and lets every observation take effect, in order. */
export function commitItems(
  state: ReducerState,
  plan: readonly PlannedItem[],
  observation: ListObservation,
): ItemRecord[] {
  const { thread } = observation;
  /** New items since the last receipt of an output that the list showed. */
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

/** An item that existed by its receipt is linked as what the list shows it as. */
function shownAs({ element, endsReceipt }: PlannedItem): CallPart | undefined {
  return endsReceipt
    ? { call_id: element.callId, kind: element.kind }
    : undefined;
}

function endReceipt(thread: ThreadRecord, { responsesId }: NormalizedItem) {
  if (responsesId !== null) thread.unseenReceipts.delete(responsesId);
}

/**
 * Moves items that were just created, and thus are the last of their thread, to directly before
 * `record`. Its place is that of its creation, an integer, for it is moved before once at most and
 * never itself; so there is room for all of them after the place one below.
 */
function moveBefore(
  state: ReducerState,
  thread: ThreadRecord,
  moved: readonly ItemRecord[],
  record: ItemRecord,
): void {
  if (moved.length === 0) return;
  thread.isReordered = true;
  moved.forEach((each, index) => {
    each.position = record.position - 1 + (index + 1) / (moved.length + 1);
    state.edges.itemChanged(each);
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

/** A receipt appears in a list: the list says what the model really saw of it. */
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
  // All else stays: where it differs from the list's, later requests must be compared anew.
  if (record.contentClass !== element.contentClass) {
    dropSharedRequest(state, thread);
  }
  state.edges.itemChanged(record);
}

/** Gives up what requests are told against; the next one is taken whole. */
export function dropSharedRequest(
  state: ReducerState,
  thread: ThreadRecord,
): void {
  thread.sharedRequest = null;
  state.payloads.closeThread(thread.thread.thread_id);
}

/**
 * Fills in what an earlier observation of the same reasoning could not show. What is stored
 * stays, so the order of sightings never loses anything.
 */
function mergeReasoning(record: ItemRecord, element: NormalizedItem): void {
  const { item } = record;
  if (item.kind !== "reasoning" || item.body.parts === element.parts) return;
  const stored = item.body.parts;
  // A merge keeps no references to missing parts, so an equal body must not be merged.
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

/** Lets items of a repeated prefix take effect again for which something changed meanwhile. */
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

/** Items to look at again among the first `length` of a list, each once, in its order. */
function markedInOrder(
  { markedForRelink }: ThreadRecord,
  history: ItemHistory,
  length: number,
): Iterable<ItemRecord> {
  // Whichever is shorter is searched: many items may wait that no list shows any more.
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
 * The list that consists of the first `shared` items of `baseline` and `records`, in the
 * storage of `baseline` as far as both agree.
 */
export function historyOf(
  baseline: ItemHistory,
  shared: number,
  records: readonly ItemRecord[],
): ItemHistory {
  return baseline.take(Math.min(shared, baseline.length)).concat(records);
}
