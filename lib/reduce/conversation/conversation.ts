/**
 * Lists of model items → items of the graph: what is new, what was seen before, and what
 * follows from each sighting.
 *
 * Every list is planned first, which may fail, and then carried out, which does not.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { CodexTurnId } from "../../format/ids.ts";
import type {
  ConversationItemKind,
  ConversationPart,
  ProducerRef,
} from "../../graph/conversation.ts";
import { flushQueuedCells } from "../runtime/code_cell.ts";
import type { ItemHistory, ItemRecord, NormalizedItem } from "./item_record.ts";
import { itemSighted } from "../links.ts";
import type { EventContext, ThreadRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** Where a list of items was seen. */
export interface Sighting {
  readonly thread: ThreadRecord;
  readonly turnId: CodexTurnId | null;
  readonly context: EventContext;
  /** What the list's items are produced by; added to items already known. */
  readonly producers: readonly ProducerRef[];
  /** Whether the model saw the items for sure, so that they belong to the thread's list. */
  readonly visible: boolean;
}

/** An element and the item it turned out to be; `null` when it is a new one. */
export interface PlannedItem {
  readonly element: NormalizedItem;
  readonly record: ItemRecord | null;
  /** Whether the item is a receipt, shown in a list for the first time. */
  readonly receipt?: boolean;
}

/** Finds the item an element is, or `undefined`. `index` counts from 0 in the list. */
export type Matcher = (
  index: number,
  element: NormalizedItem,
) => ItemRecord | undefined;

/** Plans the lists that one event shows of a thread. */
export class ListPlanner {
  readonly #thread: ThreadRecord;
  readonly #claims: CallClaims;
  readonly #receipts: Set<ItemRecord> = new Set();

  /** Plans for `thread`. */
  constructor(state: ReducerState, thread: ThreadRecord) {
    this.#thread = thread;
    this.#claims = new CallClaims(state, thread);
  }

  /**
   * Plans a list: each element is the item that `match` finds, else an unseen receipt, else
   * new.
   *
   * @param stamp Number of the list, or of the lists of one event. A receipt is stamped with it,
   * so that no later element is found to be the same item: it will say something else by then.
   * @throws {ReplayError} If a call id is used again for other content.
   */
  plan(
    elements: readonly NormalizedItem[],
    match: Matcher,
    stamp: number,
  ): PlannedItem[] {
    return elements.map((element, index): PlannedItem => {
      this.#claims.check(element);
      const record = match(index, element);
      if (record !== undefined) return { element, record };
      const receipt = this.#unseenReceipt(element);
      if (receipt === undefined) return { element, record: null };
      this.#receipts.add(receipt);
      receipt.usedBy = stamp;
      return { element, record: receipt, receipt: true };
    });
  }

  #unseenReceipt(element: NormalizedItem): ItemRecord | undefined {
    if (element.agentMessage === null || element.responsesId === null) {
      return undefined;
    }
    const receipt = this.#thread.unseenReceipts.get(element.responsesId);
    return receipt === undefined || this.#receipts.has(receipt)
      ? undefined
      : receipt;
  }
}

/**
 * Kinds for which a call id must not be used again for other content. Outputs are not among
 * them: a call may be answered more than once, as notifications of a running cell are.
 */
const UNIQUE_CONTENT: ReadonlySet<ConversationItemKind> = new Set([
  "function_call",
  "custom_tool_call",
]);

/** Checks that a call id stays with one content, the list's own new items included. */
class CallClaims {
  readonly #state: ReducerState;
  readonly #thread: ThreadRecord;
  readonly #own: Map<string, number> = new Map();

  constructor(state: ReducerState, thread: ThreadRecord) {
    this.#state = state;
    this.#thread = thread;
  }

  check(element: NormalizedItem): void {
    const { callId, kind, contentClass } = element;
    if (callId === null || !UNIQUE_CONTENT.has(kind)) return;
    const key = `${kind} ${callId}`;
    const known = this.#thread.callContent.get(kind)?.get(callId) ??
      this.#own.get(key);
    if (known === undefined) this.#own.set(key, contentClass);
    else if (known !== contentClass) {
      throw new ReplayError(
        "call_id_reused",
        `call id ${
          quote(callId)
        } was used before for other content of kind ${kind}`,
        { call_id: callId, thread_id: this.#thread.thread.thread_id },
      );
    }
  }
}

/** Carries out a plan: creates what is new and lets every sighting take effect, in order. */
export function commitList(
  state: ReducerState,
  plan: readonly PlannedItem[],
  sighting: Sighting,
): ItemRecord[] {
  const records = plan.map((planned) => {
    const record = settleItem(state, planned, sighting);
    if (sighting.visible) record.visible = true;
    sighting.thread.lookAgain.delete(record);
    itemSighted(state, record, sighting.context);
    return record;
  });
  flushQueuedCells(state);
  return records;
}

function settleItem(
  state: ReducerState,
  planned: PlannedItem,
  sighting: Sighting,
): ItemRecord {
  const { element, record } = planned;
  const { thread, turnId, context, producers } = sighting;
  if (record === null) {
    return state.createItem(element, {
      thread,
      turnId,
      at: context.at,
      producers,
    });
  }
  if (planned.receipt) showReceipt(state, thread, record, element);
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
  const address = record.item.agent_message ?? null;
  record.item.body = { parts: element.parts };
  record.contentClass =
    state.classes.classify({ ...element, agentMessage: address }).contentClass;
  if (element.responsesId !== null) {
    thread.unseenReceipts.delete(element.responsesId);
  }
  // Its address stays: where that differs from the list's, later requests must look again.
  if (record.contentClass !== element.contentClass) forgetView(state, thread);
  state.edges.itemRewritten(record);
}

/** Gives up what requests are told against; the next one is taken whole. */
export function forgetView(state: ReducerState, thread: ThreadRecord): void {
  thread.view = null;
  state.payloads.closeThread(thread.thread.thread_id);
}

/**
 * Fills in what an earlier sighting of the same reasoning could not show. What is stored
 * stays, so the order of sightings never loses anything.
 */
function mergeReasoning(record: ItemRecord, element: NormalizedItem): void {
  const { item } = record;
  if (item.kind !== "reasoning" || item.body.parts === element.parts) return;
  const stored = item.body.parts;
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
export function sightAgain(
  state: ReducerState,
  thread: ThreadRecord,
  history: ItemHistory,
  length: number,
  context: EventContext,
): void {
  if (thread.lookAgain.size === 0) return;
  for (const record of dueAgain(thread, history, length)) {
    thread.lookAgain.delete(record);
    itemSighted(state, record, context);
  }
}

/** Items to look at again among the first `length` of a list, each once, in its order. */
function dueAgain(
  { lookAgain }: ThreadRecord,
  history: ItemHistory,
  length: number,
): Iterable<ItemRecord> {
  // Whichever is shorter is searched: many items may wait that no list shows any more.
  if (length < lookAgain.size) {
    const due = new Set<ItemRecord>();
    for (let i = 0; i < length; i++) {
      const record = history.recordAt(i);
      if (record !== undefined && lookAgain.has(record)) due.add(record);
    }
    return due;
  }
  const placed: { record: ItemRecord; position: number }[] = [];
  for (const record of lookAgain) {
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
