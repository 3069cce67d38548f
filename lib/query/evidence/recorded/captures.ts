/**
 * What the recorder's limits left of the payloads of a session.
 *
 * The content of a truncated or omitted payload is unknown. The graph has an empty list there, or
 * null; only the capture of the payload shows that the value is unknown.
 *
 * @module
 */

import type { RawPayloadId } from "../../../format/ids.ts";
import { shardFile } from "../../../bundle/shard/shard_records.ts";
import type { PayloadCapture, RawPayloadRef } from "../../../format/payload.ts";
import type { ConversationPart } from "../../../graph/conversation.ts";
import type { CompactionRequest } from "../../../graph/runtime.ts";
import type {
  RecordingStatus,
  RolloutTrace,
} from "../../../graph/rollout_trace.ts";
import type { TraceSession } from "../../session/session.ts";

/** How much of a request to a model and of its response the recorder kept. */
export interface RequestCaptures {
  /** How much of the payload with its input was kept, when not all of it was. */
  readonly request_capture: PayloadCapture | null;
  /** How much of its response was kept, when not all of it was: then the tokens are unknown. */
  readonly response_capture: PayloadCapture | null;
}

/** How much of a recording the recorder kept. */
export interface RecordingFacts {
  /**
   * Whether the recorder closed the log, and whether it kept every payload completely; null in
   * schema 1, which does not record it.
   */
  readonly recording_status: RecordingStatus | null;
  /** Payloads of which only the start was kept. */
  readonly truncated_payloads: number;
  /** Payloads of which nothing was kept. */
  readonly omitted_payloads: number;
}

/** What the recorder kept of a session. */
export function recordingFactsOf(trace: RolloutTrace): RecordingFacts {
  let truncated = 0;
  let omitted = 0;
  for (const { capture } of trace.raw_payloads.values()) {
    if (capture?.status === "truncated") truncated++;
    if (capture?.status === "omitted") omitted++;
  }
  return {
    recording_status: recordingStatusOf(trace),
    truncated_payloads: truncated,
    omitted_payloads: omitted,
  };
}

/** Whether the recorder closed the log; null in schema 1, which does not record it. */
export function isRecordingComplete(trace: RolloutTrace): boolean | null {
  const status = recordingStatusOf(trace);
  return status === null ? null : status !== "unclosed";
}

function recordingStatusOf(
  { recording_status: status, recording_complete: isClosed }: RolloutTrace,
): RecordingStatus | null {
  if (status !== undefined) return status;
  if (isClosed === undefined) return null;
  return isClosed ? "complete" : "unclosed";
}

/** The file with a payload, relative to the bundle's folder; null where there is none. */
export function pathOf(
  { path, shard }: Pick<RawPayloadRef, "path" | "shard">,
): string | null {
  return path ??
    (shard === undefined || shard === null ? null : shardFile(shard));
}

/** What was kept of a payload; null when all of it was, and for one that is not in the graph. */
export function captureOf(
  { raw_payloads }: Pick<RolloutTrace, "raw_payloads">,
  id: RawPayloadId | null | undefined,
): PayloadCapture | null {
  if (id === null || id === undefined) return null;
  return raw_payloads.get(id)?.capture ?? null;
}

/** What was kept of the payload that a part of an item refers to; null for any other part. */
export function captureOfPart(
  trace: Pick<RolloutTrace, "raw_payloads">,
  part: ConversationPart,
): PayloadCapture | null {
  return part.type === "payload_ref"
    ? captureOf(trace, part.raw_payload_id)
    : null;
}

/** What was kept of the response to a request; null when all of it was, or there was none. */
export function responseCapture(
  { trace }: Pick<TraceSession, "trace">,
  call: { readonly raw_response_payload_id: RawPayloadId | null },
): PayloadCapture | null {
  return captureOf(trace, call.raw_response_payload_id);
}

/** What was kept of the compaction request; null when all of it was. */
export function summaryRequestCapture(
  { trace }: Pick<TraceSession, "trace">,
  request: CompactionRequest,
): PayloadCapture | null {
  return captureOf(trace, request.raw_request_payload_id);
}
