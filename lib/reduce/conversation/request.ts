/**
 * Requests: the list of items that was sent to a model, diffed against the last request.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { InferenceStarted } from "../../format/event.ts";
import {
  isMissing,
  type RawPayloadRef,
  type RequestWindow,
} from "../../format/payload.ts";
import {
  commitList,
  dropSharedRequest,
  historyOf,
  type ListObservation,
  relinkMarked,
} from "./commit_list.ts";
import {
  ListPlanner,
  type Matcher,
  matchNothing,
  type PlannedItem,
} from "./list_planner.ts";
import { BaselineMatcher, isSameItem } from "./matching.ts";
import { StrippedIds } from "./stripped_ids.ts";
import type { NormalizedItem } from "../items/content_class.ts";
import { ItemReader, missingList } from "../items/item_reader.ts";
import { ItemHistory, type ItemRecord } from "../state/item_record.ts";
import type {
  EventContext,
  SharedRequest,
  ThreadRecord,
} from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/**
 * Returns the items of an LLM request. If the recorder added the context of a warm-up, that is
 * read instead. A request that was not recorded has no items, and the snapshot does not change.
 */
export function reduceRequest(
  state: ReducerState,
  thread: ThreadRecord,
  event: InferenceStarted,
  context: EventContext,
): ItemHistory {
  const ref = event.warmup_context_payload ?? event.request_payload;
  if (isMissing(ref)) return new ItemHistory();
  const reading: RequestReading = {
    event,
    ref,
    items: new ItemReader(state, ref),
    observation: {
      thread,
      turnId: event.codex_turn_id,
      context,
      producers: [],
      visible: true,
    },
  };
  stopSharingMarkers(state, thread, reading);
  try {
    const { thread_id } = thread.thread;
    const window = state.payloads.openRequest(ref, thread_id);
    if (window.input !== "list") throw missingList("input", ref);
    return window.previousResponseId === null
      ? reduceFull(state, window, reading)
      : reduceIncremental(state, window, window.previousResponseId, reading);
  } catch (error) {
    // The payload source diffs the next request against this one, but the graph has no items of it.
    dropSharedRequest(state, thread);
    throw error;
  }
}

/** The request that is read. */
interface RequestReading {
  readonly event: InferenceStarted;
  /** The payload that is read. */
  readonly ref: RawPayloadRef;
  readonly items: ItemReader;
  readonly observation: ListObservation;
}

/**
 * Drops the last request if it misses other parts: the same bytes may be the marker of a missing
 * part in one request and an ordinary value in the other.
 */
function stopSharingMarkers(
  state: ReducerState,
  thread: ThreadRecord,
  { items }: RequestReading,
): void {
  const { sharedRequest } = thread;
  if (sharedRequest === null || !sharedRequest.mayHaveMarkers) return;
  if (sharedRequest.missingParts !== items.missingParts) {
    dropSharedRequest(state, thread);
  }
}

/** Reduces a request that lists the complete conversation. */
function reduceFull(
  state: ReducerState,
  window: RequestWindow,
  reading: RequestReading,
): ItemHistory {
  const { observation, ref, event } = reading;
  const { thread } = observation;
  const { next, kept, shared } = nextSharedRequest(
    state,
    thread.sharedRequest,
    window,
    ref,
    reading.items,
  );
  const stripped = new StrippedIds(event, next.skipped);
  const items = stripped.applyTo(next.items);
  const baseline = thread.replacement ?? thread.snapshot;
  const known = Math.min(
    knownPrefix(state, thread, baseline, kept),
    stripped.first,
  );
  const listId = state.nextListId();
  const matcher = new BaselineMatcher(
    baseline,
    { positional: true, exclusive: state.rules.positionsAreExclusive },
    listId,
    known,
  );
  const plan = new ListPlanner(state, thread, observation.context).plan(
    known === 0 ? items : items.slice(known),
    (index, element) => matcher.match(known + index, element),
    listId,
  );
  thread.sharedRequest = next;
  relinkMarked(state, thread, baseline, known);
  const withPayload = withOwnPayload(state, plan, shared - known, ref);
  const records = commitList(state, withPayload, observation);
  next.history = historyOf(baseline, known, records);
  thread.replacement = null;
  thread.snapshot = next.history;
  return next.history;
}

/** Returns how many of the first `kept` elements are certainly the items of the baseline. */
function knownPrefix(
  state: ReducerState,
  thread: ThreadRecord,
  baseline: ItemHistory,
  kept: number,
): number {
  const { sharedRequest } = thread;
  if (
    sharedRequest === null ||
    !baseline.sharesPrefix(sharedRequest.history, kept)
  ) return 0;
  // The item of a receipt may be in one request twice; the next request may match it only once.
  const { distinct } = baseline.storage;
  return state.rules.positionsAreExclusive ? Math.min(kept, distinct) : kept;
}

/** Reduces a request that only lists what is new since a response. */
function reduceIncremental(
  state: ReducerState,
  window: RequestWindow,
  previousResponseId: string,
  reading: RequestReading,
): ItemHistory {
  const { event, items: reader, observation } = reading;
  const { thread } = observation;
  const previous = thread.callByResponseId.get(previousResponseId)?.first();
  // The first request may continue a warm-up that was not recorded. Then only the items of this
  // request are known. The reference reducer fails here.
  const isFirst = thread.callByResponseId.size === 0 &&
    thread.snapshot.length === 0;
  if (previous === undefined && !isFirst) {
    state.faults.rejectPart(
      unknownResponse(event, previousResponseId),
      observation.context,
      "the items before those of this request",
    );
  } else if (previous === undefined) {
    noteWarmUp(state, event, observation.context);
  }
  const read = window.fresh.map((element) => reader.read(element));
  const skipped = read.flatMap((item, index) => item === null ? [index] : []);
  const elements = new StrippedIds(event, skipped)
    .applyTo(read.filter((item) => item !== null));
  const prefix = previous === undefined
    ? new ItemHistory()
    : previous.request.concat(previous.response);
  const listId = state.nextListId();
  // After a partial request or response, the position of the new items is unknown.
  const isComparable = previous === undefined
    ? isFirst
    : !(previous.isRequestPartial || previous.isResponsePartial);
  const match = isComparable
    ? appendOnly(state, observation, prefix.length, listId)
    : matchNothing;
  const records = commitList(
    state,
    new ListPlanner(state, thread, observation.context).plan(
      elements,
      match,
      listId,
    ),
    observation,
  );
  for (const record of previous?.response ?? []) record.visible = true;
  thread.snapshot = prefix.concat(records);
  return thread.snapshot;
}

function unknownResponse(
  { inference_call_id }: InferenceStarted,
  response_id: string,
): ReplayError {
  return new ReplayError(
    "unknown_response",
    `inference ${quote(inference_call_id)} continues response ${
      quote(response_id)
    }, which no call of the thread has`,
    { inference_call_id, response_id },
  );
}

function noteWarmUp(
  state: ReducerState,
  { inference_call_id }: InferenceStarted,
  context: EventContext,
): void {
  state.faults.addNote({
    code: "untraced_history",
    ids: { inference_call_id },
    message: `inference ${
      quote(inference_call_id)
    } continues a response that was not recorded`,
    lost: "the items before those of this request",
  }, context);
}

/** Matches an element with the item at its index in the snapshot; after the snapshot it is new. */
function appendOnly(
  state: ReducerState,
  observation: ListObservation,
  offset: number,
  listId: number,
): Matcher {
  const { snapshot } = observation.thread;
  return (index, element) => {
    const record = snapshot.recordAt(offset + index);
    if (record === undefined) return undefined;
    const taken = state.rules.positionsAreExclusive &&
      record.claimedByList === listId;
    if (!taken && isSameItem(record, element)) {
      record.claimedByList = listId;
      return record;
    }
    throw mismatch(observation, offset + index, record);
  };
}

function mismatch(
  observation: ListObservation,
  index: number,
  record: ItemRecord,
): ReplayError {
  const { item_id, thread_id } = record.item;
  return new ReplayError(
    "history_mismatch",
    `element ${index} of the conversation is not ${
      quote(item_id)
    }, which the model saw there`,
    { item_id, thread_id, codex_turn_id: observation.turnId ?? "" },
  );
}

/** Makes new items among the shared ones refer to this payload, not to an earlier one. */
function withOwnPayload(
  state: ReducerState,
  plan: readonly PlannedItem[],
  shared: number,
  { raw_payload_id }: RawPayloadRef,
): PlannedItem[] {
  return plan.map((planned, index) => {
    const keepsItsBody = planned.record !== null && !planned.endsReceipt;
    if (keepsItsBody || index >= shared) return planned;
    const { element } = planned;
    return {
      ...planned,
      element: state.classes.withPayloadId(element, raw_payload_id),
    };
  });
}

/**
 * Normalizes a full request: keeps the shared items of the last request, and reads the new ones.
 *
 * @returns The normalized request, the number of leading items that were normalized before
 * (`shared`), and how many of them are certainly those of the last request (`kept`).
 */
function nextSharedRequest(
  state: ReducerState,
  last: SharedRequest | null,
  window: RequestWindow,
  { raw_payload_id }: RawPayloadRef,
  reader: ItemReader,
): { next: SharedRequest; kept: number; shared: number } {
  const skipped = last === null
    ? []
    : last.skipped.filter((index) => index < window.shared);
  const shared = last === null ? 0 : window.shared - skipped.length;
  const hasRepeated = window.fresh.some(({ sameAs }) => sameAs !== undefined);
  const known = last !== null && hasRepeated ? itemsByElement(last) : [];
  const items = last === null ? [] : last.items;
  items.length = shared;
  window.fresh.forEach((element, index) => {
    const same = known[element.sameAs ?? -1];
    const item = same === undefined
      ? reader.read(element)
      : same && state.classes.withPayloadId(same, raw_payload_id);
    if (item === null) skipped.push(window.shared + index);
    else items.push(item);
  });
  const firstVolatile = last === null ? Infinity : last.firstVolatile;
  const kept = Math.min(shared, firstVolatile);
  for (let i = kept; i < shared; i++) {
    const item = items[i];
    if (item?.volatile) {
      items[i] = state.classes.withPayloadId(item, raw_payload_id);
    }
  }
  const next: SharedRequest = {
    items,
    skipped,
    history: new ItemHistory(),
    firstVolatile: firstVolatile < shared
      ? firstVolatile
      : volatileFrom(items, shared),
    missingParts: reader.missingParts,
    mayHaveMarkers: reader.mayHaveMarkers ||
      (last !== null && last.mayHaveMarkers &&
        (window.shared > 0 || hasRepeated)),
  };
  return { next, kept, shared };
}

/** Returns the item of each element of a request; null where the element is none. */
function itemsByElement(
  { items, skipped }: SharedRequest,
): (NormalizedItem | null)[] {
  const isSkipped = new Set(skipped);
  let next = 0;
  return Array.from(
    { length: items.length + skipped.length },
    (_, index) => isSkipped.has(index) ? null : items[next++] ?? null,
  );
}

function volatileFrom(items: readonly NormalizedItem[], from: number): number {
  for (let i = from; i < items.length; i++) {
    if (items[i]?.volatile) return i;
  }
  return Infinity;
}
