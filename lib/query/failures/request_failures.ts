/**
 * Requests that failed: to a model for an answer, or for a summary of the history.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEventPayload } from "../../format/event.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { CompactionRequest, InferenceCall } from "../../graph/runtime.ts";
import type { ObjectRef } from "../names/object_kind.ts";
import type { SubjectSpace } from "../session/event_subjects.ts";
import type { Session } from "../session/session.ts";
import { errorText } from "./error_text.ts";
import { type Failure, failure, type FailureKind } from "./failure.ts";
import { untoldReason } from "./untold.ts";

/** Requests to models that failed or were given up, and by which later one they were made good. */
export function inferenceFailures(session: Session): Failure[] {
  const { trace, names } = session;
  return failuresAmong(
    session,
    "inference",
    trace.inference_calls.values(),
    ({ inference_call_id: id }) => names.ref("inference_call", id),
  );
}

/** Requests for summaries that failed, and by which later one they were made good. */
export function compactionFailures(session: Session): Failure[] {
  const { trace, names } = session;
  return failuresAmong(
    session,
    "compaction",
    trace.compaction_requests.values(),
    ({ compaction_request_id: id }) => names.ref("compaction_request", id),
  );
}

function failuresAmong<R extends InferenceCall | CompactionRequest>(
  session: Session,
  kind: FailureKind,
  requests: Iterable<R>,
  refOf: (request: R) => ObjectRef,
): Failure[] {
  const found: Failure[] = [];
  const good = new Map<string, ObjectRef>();
  // From the end: what went well later in the same turn is known when a fault is met.
  for (const request of [...requests].reverse()) {
    const { codex_turn_id: turn, execution } = request;
    const about = refOf(request);
    if (execution.status === "completed") good.set(turn, about);
    if (!wentWrong(execution.status)) continue;
    found.push(failure({
      ...requestFault(session, request, about),
      kind,
      retried_by: good.get(turn) ?? null,
    }));
  }
  return found;
}

/** Whether a status tells of a fault; what never ended is told apart. */
export function wentWrong(status: ExecutionStatus): boolean {
  return status === "failed" || status === "cancelled" || status === "aborted";
}

/** The recorder's words of a failed request, as they stand in the log. */
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
  session: Session,
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
    severity: "error" as const,
    about,
    subject: request.model,
    seq: execution.ended_seq,
    at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
    thread: names.ref("thread", thread_id),
    turn: names.ref("turn", codex_turn_id),
    ...(recorded === undefined
      ? {
        text: withoutReason(session, execution.status, events),
      }
      : errorText(recorded)),
    evidence: partial === null ? [] : [names.ref("payload", partial)],
  };
}

/** Where the turn ended the request, nothing tells why. */
function withoutReason(
  session: Session,
  status: ExecutionStatus,
  events: readonly DecodedEvent[],
): string {
  return events.some(({ event }) =>
      event.payload.type === "inference_completed"
    )
    ? "answered, but the answer could not be reduced"
    : untoldReason(session, status);
}

function spaceOf({ kind }: ObjectRef): SubjectSpace {
  return kind === "compaction_request" ? kind : "inference_call";
}
