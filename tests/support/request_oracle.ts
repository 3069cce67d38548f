/**
 * Requests as models got them, read without any code of the library: the input of a warm-up in
 * place of what was sent after it, and of what the recorder's limits left out, its size.
 *
 * @module
 */

import {
  type RawEvent,
  rawEvents,
  rawPayloadText,
  type RawRef,
} from "./log_oracle.ts";

/** What was kept of a payload, as `JSON.parse` returns it. */
interface RawCapture {
  readonly status?: string;
  readonly original_bytes?: number;
}

/** A request of a bundle. */
export interface RawRequest {
  /** Its event. */
  readonly event: RawEvent;
  /** The request as it was sent. */
  readonly wire: RawRef;
  /** The payload with its input: the warm-up context, or the request. */
  readonly input: RawRef;
}

/** Every request of a bundle, by the id of its call; of several with one id, the first. */
export function rawRequests(bundle: string): Map<string, RawRequest> {
  const found = new Map<string, RawRequest>();
  for (const event of rawEvents(bundle)) {
    const { payload } = event;
    if (payload.type !== "inference_started") continue;
    const { request_payload: wire, warmup_context_payload: warmup } = payload;
    if (found.has(payload.inference_call_id)) continue;
    found.set(payload.inference_call_id, {
      event,
      wire,
      input: warmup ?? wire,
    });
  }
  return found;
}

/** Whether all of a payload was recorded, its parts included. */
export function isRawComplete({ capture, parts = [] }: RawRef): boolean {
  return capture === undefined && parts.every(isRawComplete);
}

/** The parts of a payload that were not recorded, at any depth. */
export function rawLostParts({ parts = [] }: RawRef): RawRef[] {
  return parts.flatMap((part) =>
    part.capture === undefined ? rawLostParts(part) : [part]
  );
}

/**
 * The text of a payload as long as it was when it was sent: a text of the same size is in place of
 * each part that was not recorded.
 */
export function sentText(bundle: string, ref: RawRef): string {
  let text = rawPayloadText(bundle, ref);
  for (const { raw_payload_id: id, capture } of rawLostParts(ref)) {
    const { original_bytes: bytes = 0 }: RawCapture = { ...capture };
    const marker = JSON.stringify({ $trace_unavailable: id });
    text = text.replaceAll(marker, `"${"?".repeat(bytes - 2)}"`);
  }
  return text;
}
