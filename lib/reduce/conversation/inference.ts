/**
 * LLM requests from start to end.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  InferenceCancelled,
  InferenceCompleted,
  InferenceFailed,
  InferenceStarted,
} from "../../format/event.ts";
import {
  isComplete,
  isMissing,
  type RawPayloadKindName,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { reduceRequest } from "./request.ts";
import {
  reduceMissingResponse,
  reduceResponse,
  tokenUsageOf,
} from "./response.ts";
import {
  type InferenceRecord,
  ItemHistory,
  type Mutable,
} from "../state/item_record.ts";
import {
  CallsOfResponse,
  endWindow,
  type EventContext,
  startWindow,
  type TurnRecord,
} from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";

/** Handles `inference_started`. */
export function inferenceStarted(
  state: ReducerState,
  event: InferenceStarted,
  context: EventContext,
): void {
  const id = event.inference_call_id;
  if (state.inferences.has(id)) {
    throw new ReplayError(
      "duplicate_start",
      `inference ${quote(id)} was started before`,
      {
        inference_call_id: id,
      },
    );
  }
  if (state.rules.preparesPrompts) checkEvidenceKinds(event);
  const turn = state.turnOf(event.codex_turn_id, event.thread_id);
  const thread = state.thread(event.thread_id);
  const read = state.faults.attempt(
    () => reduceRequest(state, thread, event, context),
    null,
    context,
    "the items that only the request shows",
  );
  const request = read ?? new ItemHistory();
  const call: Mutable<InferenceCall> = {
    inference_call_id: id,
    thread_id: event.thread_id,
    codex_turn_id: event.codex_turn_id,
    execution: startWindow(context),
    model: event.model,
    provider_name: event.provider_name,
    response_id: null,
    upstream_request_id: null,
    request_item_ids: request,
    response_item_ids: [],
    tool_call_ids_started_by_response: [],
    usage: null,
    raw_request_payload_id: event.request_payload.raw_payload_id,
    raw_response_payload_id: null,
  };
  if (event.prepared_prompt_payload !== null) {
    const { raw_payload_id } = event.prepared_prompt_payload;
    call.prepared_prompt_payload_id = raw_payload_id;
  }
  const inference: InferenceRecord = {
    call,
    request,
    response: [],
    lostBefore: state.lostEvents(),
    isRequestPartial: read === null || !isComplete(event.request_payload),
    isResponsePartial: false,
  };
  state.inferences.set(id, inference);
  turn.runningCalls.add(inference);
  thread.currentCall = inference;
}

/** Checks that the payloads of a request have the kinds of their keys, even if they are missing. */
function checkEvidenceKinds(event: InferenceStarted): void {
  const kinds:
    readonly (readonly [RawPayloadRef | null, RawPayloadKindName])[] = [
      [event.request_payload, "inference_request"],
      [event.prepared_prompt_payload, "prepared_prompt"],
      [event.warmup_context_payload, "warmup_context"],
    ];
  for (const [ref, kind] of kinds) {
    if (ref === null || ref.kind.type === kind) continue;
    throw new ReplayError(
      "mislabeled_payload",
      `payload ${quote(ref.raw_payload_id)} of inference ${
        quote(event.inference_call_id)
      } has kind ${ref.kind.type}, not ${kind}`,
      {
        inference_call_id: event.inference_call_id,
        raw_payload_id: ref.raw_payload_id,
      },
    );
  }
}

/** Handles `inference_completed`. */
export function inferenceCompleted(
  state: ReducerState,
  event: InferenceCompleted,
  context: EventContext,
): void {
  endInference(state, event.inference_call_id, context, {
    status: "completed",
    responseId: event.response_id,
    upstreamRequestId: event.upstream_request_id,
    payload: event.response_payload,
  });
}

/** Handles `inference_failed`. */
export function inferenceFailed(
  state: ReducerState,
  event: InferenceFailed,
  context: EventContext,
): void {
  endInference(state, event.inference_call_id, context, {
    status: "failed",
    responseId: null,
    upstreamRequestId: event.upstream_request_id,
    payload: event.partial_response_payload,
  });
}

/** Handles `inference_cancelled`. */
export function inferenceCancelled(
  state: ReducerState,
  event: InferenceCancelled,
  context: EventContext,
): void {
  endInference(state, event.inference_call_id, context, {
    status: "cancelled",
    responseId: null,
    upstreamRequestId: event.upstream_request_id,
    payload: event.partial_response_payload,
  });
}

interface InferenceOutcome {
  readonly status: ExecutionStatus;
  readonly responseId: string | null;
  readonly upstreamRequestId: string | null;
  readonly payload: RawPayloadRef | null;
}

function endInference(
  state: ReducerState,
  id: string,
  context: EventContext,
  outcome: InferenceOutcome,
): void {
  const inference = state.inferences.get(id);
  if (inference === undefined) {
    throw new ReplayError(
      "unknown_inference",
      `inference ${quote(id)} was never started`,
      {
        inference_call_id: id,
      },
    );
  }
  const { call } = inference;
  if (outcome.payload !== null) {
    readResponse(state, inference, outcome.payload, context);
  }
  setResponseId(state, inference, outcome.responseId);
  if (outcome.upstreamRequestId !== null) {
    call.upstream_request_id = outcome.upstreamRequestId;
  }
  // The end of the turn may have closed the request before the response arrived: it is kept.
  if (call.execution.status !== "running") return;
  endWindow(call.execution, context, outcome.status);
  state.turns.get(call.codex_turn_id)?.runningCalls.delete(inference);
}

function readResponse(
  state: ReducerState,
  inference: InferenceRecord,
  ref: RawPayloadRef,
  context: EventContext,
): void {
  const isRead = !isMissing(ref) && state.faults.attempt(
    () => {
      const document = state.payloads.open(ref);
      const usage = tokenUsageOf(document);
      if (usage !== null) inference.call.usage = usage;
      reduceResponse(state, inference, document, ref, context);
      return true;
    },
    false,
    context,
    "the items of the response",
  );
  if (!isRead) reduceMissingResponse(state, inference);
  inference.isResponsePartial = !isRead || !isComplete(ref);
  inference.call.raw_response_payload_id = ref.raw_payload_id;
}

/** Sets the response id, which later incremental requests refer to. */
function setResponseId(
  state: ReducerState,
  inference: InferenceRecord,
  id: string | null,
): void {
  const { call } = inference;
  if (call.response_id === id) return;
  const { callByResponseId } = state.thread(call.thread_id);
  if (call.response_id !== null) {
    callByResponseId.get(call.response_id)?.delete(inference);
  }
  call.response_id = id;
  if (id === null) return;
  let calls = callByResponseId.get(id);
  if (calls === undefined) {
    callByResponseId.set(id, calls = new CallsOfResponse());
  }
  calls.add(inference);
}

/**
 * Closes the LLM requests of a turn that still run. A completed turn did not wait for them, so
 * their status is cancelled. If events were lost since one started, its end may be among them: it
 * stays open.
 */
export function endTurnCalls(
  state: ReducerState,
  turn: TurnRecord,
  status: ExecutionStatus,
  context: EventContext,
): void {
  if (status === "running") return;
  for (const { call, lostBefore } of turn.runningCalls) {
    if (state.lostEvents() > lostBefore) continue;
    endWindow(
      call.execution,
      context,
      status === "completed" ? "cancelled" : status,
    );
  }
  turn.runningCalls.clear();
}
