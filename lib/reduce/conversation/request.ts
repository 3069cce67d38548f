/**
 * Requests: the list a model was sent, told against what it saw last.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { InferenceStarted } from "../../format/event.ts";
import type { RawPayloadRef, RequestWindow } from "../../format/payload.ts";
import {
  commitList,
  forgetView,
  historyOf,
  ListPlanner,
  type Matcher,
  type PlannedItem,
  sightAgain,
  type Sighting,
} from "./conversation.ts";
import {
  ItemHistory,
  type ItemRecord,
  type NormalizedItem,
} from "./item_record.ts";
import { BaselineMatcher, isSameItem } from "./matching.ts";
import { missingList, normalizeAll, normalizeOne } from "./model_items.ts";
import type { EventContext, RequestView, ThreadRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";

/** Reads the request of an inference call and reduces it to a list of items. */
export function reduceRequest(
  state: ReducerState,
  thread: ThreadRecord,
  event: InferenceStarted,
  context: EventContext,
): ItemHistory {
  const sighting: Sighting = {
    thread,
    turnId: event.codex_turn_id,
    context,
    producers: [],
    visible: true,
  };
  try {
    const window = state.payloads.openRequest(
      event.request_payload,
      thread.thread.thread_id,
    );
    if (window.input !== "list") {
      throw missingList("input", event.request_payload);
    }
    return window.previousResponseId === null
      ? reduceFull(state, window, event, sighting)
      : reduceIncremental(
        state,
        window,
        window.previousResponseId,
        event,
        sighting,
      );
  } catch (error) {
    // The source told its next request against this one, which the graph does not know.
    forgetView(state, thread);
    throw error;
  }
}

/** A request that lists the whole conversation. */
function reduceFull(
  state: ReducerState,
  window: RequestWindow,
  event: InferenceStarted,
  sighting: Sighting,
): ItemHistory {
  const { thread, context } = sighting;
  const { view, kept, shared } = nextView(state, thread.view, window, event);
  const baseline = thread.replacement ?? thread.snapshot;
  const known = knownPrefix(state, thread, baseline, kept);
  const stamp = state.nextListNumber();
  const matcher = new BaselineMatcher(
    baseline,
    { positional: true, exclusive: state.rules.positionsAreExclusive },
    stamp,
    known,
  );
  const plan = new ListPlanner(state, thread).plan(
    known === 0 ? view.items : view.items.slice(known),
    (index, element) => matcher.match(known + index, element),
    stamp,
  );
  thread.view = view;
  sightAgain(state, thread, baseline, known, context);
  const stamped = stampNew(state, plan, shared - known, event.request_payload);
  const records = commitList(state, stamped, sighting);
  view.history = historyOf(baseline, known, records);
  thread.replacement = null;
  thread.snapshot = view.history;
  return view.history;
}

/** How many leading items of the baseline the first `kept` elements surely are again. */
function knownPrefix(
  state: ReducerState,
  thread: ThreadRecord,
  baseline: ItemHistory,
  kept: number,
): number {
  const { view } = thread;
  if (view === null || !baseline.sharesPrefix(view.history, kept)) return 0;
  // A receipt may stand twice in one request; the next one may take it only once.
  const { distinct } = baseline.storage;
  return state.rules.positionsAreExclusive ? Math.min(kept, distinct) : kept;
}

/** What is shared was normalised in an earlier payload; a new item points to its own. */
function stampNew(
  state: ReducerState,
  plan: readonly PlannedItem[],
  shared: number,
  { raw_payload_id }: RawPayloadRef,
): PlannedItem[] {
  return plan.map((planned, index) => {
    if (planned.record !== null || index >= shared) return planned;
    const { element } = planned;
    return {
      ...planned,
      element: state.classes.restamp(element, raw_payload_id),
    };
  });
}

/**
 * The view after a request: the old one cut to what is shared, then what is new.
 *
 * @returns The view, how many leading items were normalised before, and how many of these are
 * surely those of the last full request.
 */
function nextView(
  state: ReducerState,
  last: RequestView | null,
  window: RequestWindow,
  event: InferenceStarted,
): { view: RequestView; kept: number; shared: number } {
  const ref = event.request_payload;
  const skipped = last === null
    ? []
    : last.skipped.filter((index) => index < window.shared);
  const shared = last === null ? 0 : window.shared - skipped.length;
  const items = last === null ? [] : last.items;
  items.length = shared;
  window.fresh.forEach((element, index) => {
    const item = normalizeOne(state, element, ref);
    if (item === null) skipped.push(window.shared + index);
    else items.push(item);
  });
  const firstVolatile = last === null ? Infinity : last.firstVolatile;
  const kept = Math.min(shared, firstVolatile);
  for (let i = kept; i < shared; i++) {
    const item = items[i];
    if (item?.volatile) {
      items[i] = state.classes.restamp(item, ref.raw_payload_id);
    }
  }
  const view: RequestView = {
    items,
    skipped,
    history: new ItemHistory(),
    firstVolatile: firstVolatile < shared
      ? firstVolatile
      : volatileFrom(items, shared),
  };
  return { view, kept, shared };
}

function volatileFrom(items: readonly NormalizedItem[], from: number): number {
  for (let i = from; i < items.length; i++) {
    if (items[i]?.volatile) return i;
  }
  return Infinity;
}

/** A request that lists only what is new since a response. */
function reduceIncremental(
  state: ReducerState,
  window: RequestWindow,
  previousResponseId: string,
  event: InferenceStarted,
  sighting: Sighting,
): ItemHistory {
  const { thread } = sighting;
  const previous = thread.callByResponseId.get(previousResponseId)?.first();
  // The first request may go on from a warm-up that is not recorded. Then what it sends itself
  // is all that is known of what the model saw; the reference gives up.
  const isFirst = thread.callByResponseId.size === 0 &&
    thread.snapshot.length === 0;
  if (previous === undefined && !isFirst) {
    throw new ReplayError(
      "unknown_response",
      `inference ${quote(event.inference_call_id)} goes on from response ${
        quote(previousResponseId)
      }, which no call of the thread answered with`,
      {
        inference_call_id: event.inference_call_id,
        response_id: previousResponseId,
      },
    );
  }
  if (previous === undefined) noteWarmUp(state, event, sighting.context);
  const elements = normalizeAll(state, window.fresh, event.request_payload);
  const prefix = previous === undefined
    ? thread.snapshot
    : previous.request.concat(previous.response);
  const match = appendOnly(state, sighting, prefix.length);
  const records = commitList(
    state,
    new ListPlanner(state, thread)
      .plan(elements, match, state.nextListNumber()),
    sighting,
  );
  for (const record of previous?.response ?? []) record.visible = true;
  thread.snapshot = prefix.concat(records);
  return thread.snapshot;
}

function noteWarmUp(
  state: ReducerState,
  { inference_call_id }: InferenceStarted,
  context: EventContext,
): void {
  state.problems.note({
    code: "untraced_history",
    ids: { inference_call_id },
    message: `inference ${
      quote(inference_call_id)
    } goes on from a response that was not recorded`,
    lost: "what the model saw before the items of this request",
  }, context);
}

/** What stands at an index of the snapshot must be the element there; beyond it all is new. */
function appendOnly(
  state: ReducerState,
  sighting: Sighting,
  offset: number,
): Matcher {
  const { snapshot } = sighting.thread;
  const used = new Set<ItemRecord>();
  return (index, element) => {
    const record = snapshot.recordAt(offset + index);
    if (record === undefined) return undefined;
    const taken = state.rules.positionsAreExclusive && used.has(record);
    if (!taken && isSameItem(record, element)) {
      used.add(record);
      return record;
    }
    throw mismatch(sighting, offset + index, record);
  };
}

function mismatch(
  sighting: Sighting,
  index: number,
  record: ItemRecord,
): ReplayError {
  const { item_id, thread_id } = record.item;
  return new ReplayError(
    "history_mismatch",
    `element ${index} of the conversation is not ${
      quote(item_id)
    }, which the model saw there`,
    { item_id, thread_id, codex_turn_id: sighting.turnId ?? "" },
  );
}
