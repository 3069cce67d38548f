/**
 * Compactions: compaction requests, and the shorter history that is installed.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  CompactionInstalled,
  CompactionRequestCompleted,
  CompactionRequestFailed,
  CompactionRequestStarted,
} from "../../format/event.ts";
import { sortUtf8 } from "../../format/json/utf8_order.ts";
import { isMissing, type RawPayloadRef } from "../../format/payload.ts";
import type { ProducerRef } from "../../graph/conversation.ts";
import type { CompactionRequest } from "../../graph/runtime.ts";
import {
  commitItems,
  commitList,
  type ListObservation,
} from "./commit_list.ts";
import {
  ListPlanner,
  type Matcher,
  matchNothing,
  newItem,
} from "./list_planner.ts";
import { BaselineMatcher } from "./matching.ts";
import type { NormalizedItem } from "../items/content_class.ts";
import { requiredItems } from "../items/item_reader.ts";
import { flushQueuedCells } from "../runtime/code_cell.ts";
import {
  ItemHistory,
  type ItemRecord,
  ItemVector,
  type Mutable,
} from "../state/item_record.ts";
import {
  endWindow,
  type EventContext,
  startWindow,
  type ThreadRecord,
} from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** Handles `compaction_request_started`. */
export function compactionRequestStarted(
  state: ReducerState,
  event: CompactionRequestStarted,
  context: EventContext,
): void {
  const id = event.compaction_request_id;
  if (state.compactionRequests.has(id)) {
    throw duplicate("compaction request", id);
  }
  state.thread(event.thread_id);
  state.turnOf(event.codex_turn_id, event.thread_id);
  state.compactionRequests.set(id, {
    compaction_request_id: id,
    compaction_id: event.compaction_id,
    thread_id: event.thread_id,
    codex_turn_id: event.codex_turn_id,
    execution: startWindow(context),
    model: event.model,
    provider_name: event.provider_name,
    raw_request_payload_id: event.request_payload.raw_payload_id,
    raw_response_payload_id: null,
  });
  const requests = state.requestsOfCompaction.get(event.compaction_id);
  if (requests === undefined) {
    state.requestsOfCompaction.set(event.compaction_id, [id]);
  } else requests.push(id);
}

/** Handles `compaction_request_completed`. */
export function compactionRequestCompleted(
  state: ReducerState,
  event: CompactionRequestCompleted,
  context: EventContext,
): void {
  const request = requestOf(state, event);
  endWindow(request.execution, context, "completed");
  request.raw_response_payload_id = event.response_payload.raw_payload_id;
}

/** Handles `compaction_request_failed`. */
export function compactionRequestFailed(
  state: ReducerState,
  event: CompactionRequestFailed,
  context: EventContext,
): void {
  const request = requestOf(state, event);
  endWindow(request.execution, context, "failed");
  request.raw_response_payload_id = null;
}

function requestOf(
  state: ReducerState,
  event: CompactionRequestCompleted | CompactionRequestFailed,
): Mutable<CompactionRequest> {
  const id = event.compaction_request_id;
  const request = state.compactionRequests.get(id);
  const ids = { compaction_request_id: id, compaction_id: event.compaction_id };
  if (request === undefined) {
    throw new ReplayError(
      "unknown_compaction_request",
      `compaction request ${quote(id)} was never started`,
      ids,
    );
  }
  if (request.compaction_id !== event.compaction_id) {
    throw new ReplayError(
      "unknown_compaction_request",
      `compaction request ${quote(id)} belongs to compaction ${
        quote(request.compaction_id)
      }, ` +
        `not ${quote(event.compaction_id)}`,
      ids,
    );
  }
  return request;
}

/** Handles `compaction_installed`. */
export function compactionInstalled(
  state: ReducerState,
  event: CompactionInstalled,
  context: EventContext,
): void {
  const { threadId, turnId } = context;
  if (threadId === null || turnId === null) {
    throw new ReplayError(
      "missing_context",
      "the event names no thread or no turn",
      {
        compaction_id: event.compaction_id,
      },
    );
  }
  if (state.compactions.has(event.compaction_id)) {
    throw duplicate("compaction", event.compaction_id);
  }
  const thread = state.thread(threadId);
  state.turnOf(turnId, threadId);
  const observation = {
    thread,
    turnId,
    context,
    producers: [],
    visible: true,
  };
  const isInstalled = state.faults.attempt(
    () => {
      const lists = readCheckpoint(state, event.checkpoint_payload);
      install(state, event, observation, lists);
      return true;
    },
    false,
    context,
    "the items before and after the compaction",
  );
  if (!isInstalled) {
    install(state, event, observation, { input: [], replacement: [] });
  }
}

/** The items before and after a compaction. */
interface Checkpoint {
  readonly input: readonly NormalizedItem[];
  readonly replacement: readonly NormalizedItem[];
}

/** Returns the items of a checkpoint; one that was not recorded has none. */
function readCheckpoint(state: ReducerState, ref: RawPayloadRef): Checkpoint {
  if (isMissing(ref)) return { input: [], replacement: [] };
  const document = state.payloads.open(ref);
  return {
    input: requiredItems(state, document, "input_history", ref),
    replacement: requiredItems(state, document, "replacement_history", ref),
  };
}

function install(
  state: ReducerState,
  event: CompactionInstalled,
  observation: ListObservation,
  lists: Checkpoint,
): void {
  const { thread, context } = observation;
  const id = event.compaction_id;
  const producers: ProducerRef[] = [{ type: "compaction", compaction_id: id }];
  const planner = new ListPlanner(state, thread, context);
  const listId = state.nextListId();
  const match = inputMatcher(thread, listId);
  const inputPlan = planner.plan(lists.input, match, listId);
  const replacementPlan = planner.plan(lists.replacement, matchNothing, listId);
  // If receipts reorder a thread, the source item of a cell is only known after all three lists.
  const commit = state.rules.acceptsToolOutputs ? commitItems : commitList;
  const input = commit(state, inputPlan, observation);
  const marker = commit(
    state,
    [newItem(markerOf(state))],
    {
      ...observation,
      producers,
    },
  );
  const replacement = commit(state, replacementPlan, {
    ...observation,
    producers,
  });
  flushQueuedCells(state);
  state.compactions.set(id, {
    compaction_id: id,
    thread_id: thread.thread.thread_id,
    codex_turn_id: observation.turnId ?? "",
    installed_at_unix_ms: context.at,
    marker_item_id: marker[0]?.item.item_id ?? "",
    request_ids: sortUtf8([...state.requestsOfCompaction.get(id) ?? []]),
    input_item_ids: sharedHistory(thread.snapshot, input),
    replacement_item_ids: replacement.map((record) => record.item.item_id),
  });
  thread.replacement = new ItemHistory(new ItemVector(replacement));
  thread.currentCall = null;
}

/** Matches the input list with items of the snapshot at any index, each once. */
function inputMatcher(thread: ThreadRecord, listId: number): Matcher {
  const matcher = new BaselineMatcher(
    thread.snapshot,
    { positional: false, exclusive: true },
    listId,
  );
  return (index, element) => matcher.match(index, element);
}

function markerOf(state: ReducerState): NormalizedItem {
  return state.classes.classify({
    role: "assistant",
    channel: null,
    kind: "compaction_marker",
    agentMessage: null,
    parts: [],
    callId: null,
    identity: null,
    responsesId: null,
    isIdlessOutput: false,
    rawPayloadId: "",
    mayHaveMarkers: false,
  });
}

/** Returns the list; it uses the storage of the snapshot if it is a prefix of it. */
function sharedHistory(
  snapshot: ItemHistory,
  records: readonly ItemRecord[],
): ItemHistory {
  let same = 0;
  while (same < records.length && snapshot.recordAt(same) === records[same]) {
    same++;
  }
  return same === records.length
    ? snapshot.take(same)
    : new ItemHistory(new ItemVector(records));
}

function duplicate(what: string, id: string): ReplayError {
  return new ReplayError(
    "duplicate_start",
    `${what} ${quote(id)} was started before`,
    { id },
  );
}
