/**
 * Responses: what a model answered, and how it goes on from what the model saw.
 *
 * @module
 */

import type { PayloadDocument, RawPayloadRef } from "../../format/payload.ts";
import { commitList, type Sighting } from "./conversation.ts";
import { ListPlanner, type Matcher } from "./list_planner.ts";
import type { ItemRecord, NormalizedItem } from "./item_record.ts";
import { responseStored } from "../links.ts";
import { UnusedOfContent } from "./matching.ts";
import { requiredItems } from "./model_items.ts";
import type {
  EventContext,
  InferenceRecord,
  ThreadRecord,
} from "../records.ts";
import type { ReducerState } from "../state.ts";

/** Reduces the output of a call to items of its thread and stores them as its response. */
export function reduceResponse(
  state: ReducerState,
  inference: InferenceRecord,
  document: PayloadDocument,
  ref: RawPayloadRef,
  context: EventContext,
): void {
  const { call } = inference;
  const thread = state.thread(call.thread_id);
  const elements = requiredItems(state, document, "output_items", ref);
  const sighting: Sighting = {
    thread,
    turnId: call.codex_turn_id,
    context,
    producers: [{
      type: "inference",
      inference_call_id: call.inference_call_id,
    }],
    visible: !state.rules.hidesUnacceptedOutput,
  };
  const stamp = state.nextListNumber();
  const match = state.rules.responsesArePositional
    ? nothing
    : byResponsesId(thread, elements, stamp);
  const records = commitList(
    state,
    new ListPlanner(state, thread).plan(elements, match, stamp),
    sighting,
  );
  extendSnapshot(state, thread, inference, records);
  storeResponse(state, inference, records);
}

/** A response that was not recorded: it is stored as one without items. */
export function reduceMissingResponse(
  state: ReducerState,
  inference: InferenceRecord,
): void {
  storeResponse(state, inference, []);
}

/** The output follows everything the model saw: all of it is new. */
const nothing: Matcher = () => undefined;

/** An output item may be one that came before under an id of this output. */
function byResponsesId(
  thread: ThreadRecord,
  elements: readonly NormalizedItem[],
  stamp: number,
): Matcher {
  const known: ItemRecord[] = [];
  for (const id of new Set(elements.map((element) => element.responsesId))) {
    if (id === null) continue;
    for (const record of thread.itemsByResponsesId.get(id) ?? []) {
      known.push(record);
    }
  }
  known.sort((a, b) => a.place - b.place);
  const byContent = new Map<number, UnusedOfContent>();
  for (const record of known) {
    let same = byContent.get(record.contentClass);
    if (same === undefined) {
      byContent.set(record.contentClass, same = new UnusedOfContent());
    }
    same.add(record, record.place);
  }
  return (_index, element) => {
    const record = byContent.get(element.contentClass)
      ?.first(element.responsesId, stamp);
    if (record !== undefined) record.usedBy = stamp;
    return record;
  };
}

function extendSnapshot(
  state: ReducerState,
  thread: ThreadRecord,
  inference: InferenceRecord,
  records: readonly ItemRecord[],
): void {
  if (state.rules.responsesArePositional) {
    thread.snapshot = thread.snapshot.concat(records);
  } else if (thread.currentCall === inference && thread.replacement === null) {
    thread.snapshot = inference.request.concat(records);
  }
}

function storeResponse(
  state: ReducerState,
  inference: InferenceRecord,
  records: readonly ItemRecord[],
): void {
  for (const record of inference.response) record.responseOf.delete(inference);
  inference.response = [...records];
  for (const record of records) record.responseOf.add(inference);
  inference.call.response_item_ids = records.map((record) =>
    record.item.item_id
  );
  responseStored(state, inference);
}
