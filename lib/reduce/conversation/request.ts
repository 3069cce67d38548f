/**
 * Requests: the list a model was sent, told against what it saw last.
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
import { ListPlanner, type Matcher, type PlannedItem } from "./list_planner.ts";
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
 * Reads the request of an inference call and reduces it to a list of items. Where the recorder
 * added the context of a warm-up, that is read in its place. A request that was not recorded has
 * no items, and changes nothing of what the thread's model saw before.
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
    // The source compared its next request with this one, which the graph does not know.
    dropSharedRequest(state, thread);
    throw error;
  }
}

/** A request that is being read. */
interface RequestReading {
  readonly event: InferenceStarted;
  /** The payload that is read. */
  readonly ref: RawPayloadRef;
  readonly items: ItemReader;
  readonly observation: ListObservation;
}

/**
 * The same bytes may be the marker of a missing part in one request and an ordinary value in
 * another. Then both must be read whole.
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

/** A request that lists the whole conversation. */
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
  const plan = new ListPlanner(state, thread).plan(
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

/** How many leading items of the baseline the first `kept` elements surely are again. */
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
  // A receipt may be in one request twice; the next one may take it only once.
  const { distinct } = baseline.storage;
  return state.rules.positionsAreExclusive ? Math.min(kept, distinct) : kept;
}

/** A request that lists only what is new since a response. */
function reduceIncremental(
  state: ReducerState,
  window: RequestWindow,
  previousResponseId: string,
  reading: RequestReading,
): ItemHistory {
  const { event, items: reader, observation } = reading;
  const { thread } = observation;
  const previous = thread.callByResponseId.get(previousResponseId)?.first();
  // The first request may continue a warm-up that is not recorded. Then what it sends itself
  // is all that is known of what the model saw; the reference gives up.
  const isFirst = thread.callByResponseId.size === 0 &&
    thread.snapshot.length === 0;
  if (previous === undefined && !isFirst) {
    throw unknownResponse(event, previousResponseId);
  }
  if (previous === undefined) noteWarmUp(state, event, observation.context);
  const read = window.fresh.map((element) => reader.read(element));
  const skipped = read.flatMap((item, index) => item === null ? [index] : []);
  const elements = new StrippedIds(event, skipped)
    .applyTo(read.filter((item) => item !== null));
  const prefix = previous === undefined
    ? thread.snapshot
    : previous.request.concat(previous.response);
  const listId = state.nextListId();
  const isComparable = previous === undefined ||
    !(previous.isRequestPartial || previous.isResponsePartial);
  const match = isComparable
    ? appendOnly(state, observation, prefix.length, listId)
    : nothing;
  const records = commitList(
    state,
    new ListPlanner(state, thread).plan(elements, match, listId),
    observation,
  );
  for (const record of previous?.response ?? []) record.visible = true;
  thread.snapshot = prefix.concat(records);
  return thread.snapshot;
}

/** Where the base of a request is partial, what it adds is not compared with what came before. */
const nothing: Matcher = () => undefined;

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
    lost: "what the model saw before the items of this request",
  }, context);
}

/** What is at an index of the snapshot must be the element there; beyond it all is new. */
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

/** What is shared was normalized in an earlier payload; a new item points to its own. */
export function withOwnPayload(
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
 * The view after a request: the old one cut to what is shared, then what is new.
 *
 * @returns The view, how many leading items were normalized before, and how many of these are
 * surely those of the last full request.
 */
export function nextSharedRequest(
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
  const items = last === null ? [] : last.items;
  items.length = shared;
  window.fresh.forEach((element, index) => {
    const item = reader.read(element);
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
      (last !== null && last.mayHaveMarkers && window.shared > 0),
  };
  return { next, kept, shared };
}

function volatileFrom(items: readonly NormalizedItem[], from: number): number {
  for (let i = from; i < items.length; i++) {
    if (items[i]?.volatile) return i;
  }
  return Infinity;
}
