/**
 * Requests that failed: to a model for an answer, or for a summary of the history.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEventPayload } from "../../format/event.ts";
import type { SubjectSpace } from "../../format/events/event_description.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { CompactionRequest, InferenceCall } from "../../graph/runtime.ts";
import { mayLackEvents } from "../evidence/recorded/losses.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { TraceSession } from "../session/session.ts";
import { type ErrorText, errorText, unknownReason } from "./error_text.ts";
import { type Failure, failure } from "./failure.ts";

/** Requests to models that failed or were given up, and what went well after them. */
export function inferenceFailures(session: TraceSession): Failure[] {
  const calls = [...session.trace.inference_calls];
  return faultsAmong(session, "inference", "inference_call", calls);
}

/** Requests for summaries that failed, and what went well after them. */
export function compactionFailures(session: TraceSession): Failure[] {
  const requests = [...session.trace.compaction_requests];
  return faultsAmong(session, "compaction", "compaction_request", requests);
}

/** Takes the requests in the order in which they began. */
function faultsAmong(
  session: TraceSession,
  kind: "inference" | "compaction",
  objects: "inference_call" | "compaction_request",
  requests: readonly (readonly [string, InferenceCall | CompactionRequest])[],
): Failure[] {
  const { names } = session;
  const found: Failure[] = [];
  /** The next that went well, by turn and by thread. */
  const inTurn = new Map<string, ObjectRef>();
  const inThread = new Map<string, Failure["later_success"]>();
  // From the end: what went well later is known when a fault is met.
  for (const [id, request] of requests.toReversed()) {
    const { thread_id: thread, codex_turn_id: turn, execution } = request;
    const about = names.ref(objects, id);
    if (execution.status === "completed") {
      inTurn.set(turn, about);
      inThread.set(thread, { request: about, turn: names.ref("turn", turn) });
    }
    if (!wentWrong(execution.status)) continue;
    // What was stopped on purpose is not tried again.
    const isStopped = execution.status !== "failed";
    const retry = isStopped ? null : inTurn.get(turn) ?? null;
    found.push(failure({
      ...requestFault(session, request, about),
      kind,
      retried_by: retry,
      retry_unknown: retry === null && !isStopped &&
        mayLackRetry(session, request),
      later_success: retry === null && !isStopped
        ? inThread.get(thread) ?? null
        : null,
    }));
  }
  return found;
}

/** Whether events of its turn may be missing after a request. */
function mayLackRetry(
  session: TraceSession,
  { execution, codex_turn_id: turn }: InferenceCall | CompactionRequest,
): boolean {
  const end = session.trace.codex_turns.get(turn)?.execution.ended_seq ?? null;
  return mayLackEvents(session, execution.ended_seq, end);
}

/** Whether a status is a failure; what never ended is reported separately. */
export function wentWrong(status: ExecutionStatus): boolean {
  return status === "failed" || status === "cancelled" || status === "aborted";
}

/** The recorder's text of a failed request, as it is in the log. */
export function recordedError(
  payload: RawTraceEventPayload,
): string | undefined {
  switch (payload.type) {
    case "inference_failed":
    case "compaction_request_failed":
      return payload.error;
    case "inference_cancelled":
      return payload.reason;
    default:
      return undefined;
  }
}

function requestFault(
  session: TraceSession,
  request: InferenceCall | CompactionRequest,
  about: ObjectRef,
) {
  const { names, log } = session;
  const { execution, thread_id, codex_turn_id } = request;
  const partial = request.raw_response_payload_id;
  const events = log?.about(spaceOf(about), about.id) ?? [];
  const recorded = events.map(({ event }) => recordedError(event.payload))
    .find((each) => each !== undefined);
  return {
    severity: execution.status === "failed"
      ? "error" as const
      : "interruption" as const,
    about,
    subject: request.model,
    seq: execution.ended_seq,
    at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
    thread: names.ref("thread", thread_id),
    turn: names.ref("turn", codex_turn_id),
    ...(recorded === undefined
      ? withoutReason(session, execution.status, events)
      : errorText(recorded)),
    evidence: partial === null ? [] : [names.ref("payload", partial)],
  };
}

/** Where the turn ended the request, the reason is unknown. */
function withoutReason(
  session: TraceSession,
  status: ExecutionStatus,
  events: readonly DecodedEvent[],
): ErrorText {
  return events.some(({ event }) =>
      event.payload.type === "inference_completed"
    )
    ? errorText("answered, but the answer could not be reduced")
    : unknownReason(session, status);
}

function spaceOf({ kind }: ObjectRef): SubjectSpace {
  return kind === "compaction_request" ? kind : "inference_call";
}
