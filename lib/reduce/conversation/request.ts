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
  forgetView,
  historyOf,
  sightAgain,
  type Sighting,
} from "./conversation.ts";
import { ListPlanner, type Matcher } from "./list_planner.ts";
import { ItemHistory, type ItemRecord } from "./item_record.ts";
import { BaselineMatcher, isSameItem } from "./matching.ts";
import { ItemReader, missingList } from "./model_items.ts";
import { nextView, stampNew } from "./request_view.ts";
import { StrippedIds } from "./stripped_ids.ts";
import type { EventContext, ThreadRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";

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
    sighting: {
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
    forgetView(state, thread);
    throw error;
  }
}

/** A request that is being read. */
interface RequestReading {
  readonly event: InferenceStarted;
  /** The payload that is read. */
  readonly ref: RawPayloadRef;
  readonly items: ItemReader;
  readonly sighting: Sighting;
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
  const { view } = thread;
  if (view === null || !view.looksMarked) return;
  if (view.missingParts !== items.missingParts) forgetView(state, thread);
}

/** A request that lists the whole conversation. */
function reduceFull(
  state: ReducerState,
  window: RequestWindow,
  reading: RequestReading,
): ItemHistory {
  const { sighting, ref, event } = reading;
  const { thread } = sighting;
  const { view, kept, shared } = nextView(
    state,
    thread.view,
    window,
    ref,
    reading.items,
  );
  const stripped = new StrippedIds(event, view.skipped);
  const items = stripped.applyTo(view.items);
  const baseline = thread.replacement ?? thread.snapshot;
  const known = Math.min(
    knownPrefix(state, thread, baseline, kept),
    stripped.first,
  );
  const stamp = state.nextListNumber();
  const matcher = new BaselineMatcher(
    baseline,
    { positional: true, exclusive: state.rules.positionsAreExclusive },
    stamp,
    known,
  );
  const plan = new ListPlanner(state, thread).plan(
    known === 0 ? items : items.slice(known),
    (index, element) => matcher.match(known + index, element),
    stamp,
  );
  thread.view = view;
  sightAgain(state, thread, baseline, known);
  const stamped = stampNew(state, plan, shared - known, ref);
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
  const { event, items: reader, sighting } = reading;
  const { thread } = sighting;
  const previous = thread.callByResponseId.get(previousResponseId)?.first();
  // The first request may continue a warm-up that is not recorded. Then what it sends itself
  // is all that is known of what the model saw; the reference gives up.
  const isFirst = thread.callByResponseId.size === 0 &&
    thread.snapshot.length === 0;
  if (previous === undefined && !isFirst) {
    throw unknownResponse(event, previousResponseId);
  }
  if (previous === undefined) noteWarmUp(state, event, sighting.context);
  const read = window.fresh.map((element) => reader.read(element));
  const skipped = read.flatMap((item, index) => item === null ? [index] : []);
  const elements = new StrippedIds(event, skipped)
    .applyTo(read.filter((item) => item !== null));
  const prefix = previous === undefined
    ? thread.snapshot
    : previous.request.concat(previous.response);
  const stamp = state.nextListNumber();
  const isComparable = previous === undefined ||
    !(previous.isRequestPartial || previous.isResponsePartial);
  const match = isComparable
    ? appendOnly(state, sighting, prefix.length, stamp)
    : nothing;
  const records = commitList(
    state,
    new ListPlanner(state, thread).plan(elements, match, stamp),
    sighting,
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
  state.problems.note({
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
  sighting: Sighting,
  offset: number,
  stamp: number,
): Matcher {
  const { snapshot } = sighting.thread;
  return (index, element) => {
    const record = snapshot.recordAt(offset + index);
    if (record === undefined) return undefined;
    const taken = state.rules.positionsAreExclusive && record.usedBy === stamp;
    if (!taken && isSameItem(record, element)) {
      record.usedBy = stamp;
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
