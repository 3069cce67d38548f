/**
 * What a model was given with a request.
 *
 * A request over a websocket may continue a warm-up that was not recorded. Then the recorder adds
 * a payload with the complete input, the warm-up context: the items of the graph are those of it, and
 * the request itself has only what was sent after the warm-up.
 *
 * @module
 */

import type { RawPayloadId, ThreadId } from "../../../format/ids.ts";
import {
  isComplete,
  type PayloadCapture,
  type RawPayloadRef,
} from "../../../format/payload.ts";
import type { Integer } from "../../../format/vocabulary.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { isRequestLost } from "./losses.ts";
import type { TraceSession } from "../../session/session.ts";

/** The payload with the input of a request. */
export interface EffectiveRequest {
  readonly id: RawPayloadId;
  /** The payload; `undefined` when the graph does not have it. */
  readonly ref: RawPayloadRef | undefined;
  /** Whether it is the warm-up context, and not the request itself. */
  readonly isWarmup: boolean;
}

/**
 * The payload with the input of a request. A `state.json` alone does not name the request of a
 * warm-up context belongs to: there, one that was not recorded is that of a request before it
 * without items.
 */
export function effectiveRequest(
  session: TraceSession,
  call: InferenceCall,
): EffectiveRequest {
  const { raw_payloads } = session.trace;
  const warmup = session.log === null
    ? lostWarmup(session, call)
    : warmupOf(session, call);
  const id = warmup ?? call.raw_request_payload_id;
  return { id, ref: raw_payloads.get(id), isWarmup: warmup !== undefined };
}

function warmupOf(
  { log }: TraceSession,
  { inference_call_id: id }: InferenceCall,
): RawPayloadId | undefined {
  for (const { event: { payload } } of log?.about("inference_call", id) ?? []) {
    if (payload.type !== "inference_started") continue;
    return payload.warmup_context_payload?.raw_payload_id;
  }
  return undefined;
}

function lostWarmup(
  { trace: { raw_payloads: payloads } }: TraceSession,
  { request_item_ids: items, raw_request_payload_id: request }: InferenceCall,
): RawPayloadId | undefined {
  if (items.length > 0 || payloads.get(request)?.capture !== undefined) {
    return undefined;
  }
  let isAfter = false;
  for (const [id, { kind, capture }] of payloads) {
    if (id === request) isAfter = true;
    const isWarmup = kind.type === "warmup_context";
    if (isAfter && isWarmup && capture !== undefined) return id;
  }
  return undefined;
}

/**
 * What was kept of the input of a request; null when all of it was. With it, all that the graph
 * has of the request's items is unknown.
 */
export function requestCapture(
  session: TraceSession,
  call: InferenceCall,
): PayloadCapture | null {
  return effectiveRequest(session, call).ref?.capture ?? null;
}

/**
 * Whether a request of a thread, sent after an event, may have shown the model more than was
 * recorded of it.
 */
export function hasPartialRequest(
  session: TraceSession,
  thread: ThreadId,
  since: Integer,
): boolean {
  return session.trace.inference_calls.values().some((call) => {
    if (call.thread_id !== thread) return false;
    if (call.execution.started_seq < since) return false;
    const { ref } = effectiveRequest(session, call);
    return ref !== undefined && !isComplete(ref) ||
      isRequestLost(session, call);
  });
}
