/**
 * How many items requests and their responses have, those included that were not recorded.
 *
 * @module
 */

import type { RawPayloadRef } from "../../../format/payload.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import type { TraceSession } from "../../session/session.ts";
import { effectiveRequest } from "./effective_request.ts";
import { type ItemIds, lostItems, mayLackItems } from "./listed_items.ts";
import {
  isRequestLost,
  isResponseLost,
  lossesOf,
  lostPayloads,
} from "./losses.ts";
import { payloadObject, textIn } from "./payload_fields.ts";

/**
 * How many items a model was given with a request, those included that were not recorded; null
 * where that is unknown.
 */
export function inputLength(
  session: TraceSession,
  call: InferenceCall,
): number | null {
  if (areItemsLost(session, call)) return null;
  const { ref } = effectiveRequest(session, call);
  return lengthOf(session, ref, call.request_item_ids);
}

/** How many items a response has, those included that were not recorded; null where unknown. */
export function outputLength(
  session: TraceSession,
  call: InferenceCall,
): number | null {
  return isResponseLost(session, call)
    ? null
    : lengthOf(session, responseOf(session, call), call.response_item_ids);
}

/** Whether a response may have items that are not known: a payload or an event was lost, or cut. */
export function mayLackOutput(
  session: TraceSession,
  call: InferenceCall,
): boolean {
  const ref = responseOf(session, call);
  return isResponseLost(session, call) || mayLackItems(ref) ||
    isLost(session, ref);
}

/** The payload of a response; `undefined` where there is none. */
function responseOf(
  { trace }: TraceSession,
  { raw_response_payload_id: id }: InferenceCall,
): RawPayloadRef | undefined {
  return id === null ? undefined : trace.raw_payloads.get(id);
}

/** Whether items of a request are unknown: it was lost, or one that it continues may be. */
function areItemsLost(session: TraceSession, call: InferenceCall): boolean {
  if (isRequestLost(session, call)) return true;
  if (lossesOf(session).is_complete) return false;
  const { id } = effectiveRequest(session, call);
  const sent = payloadObject(session, id) ?? undefined;
  return textIn(sent, "previous_response_id") !== null;
}

/** Whether a payload is missing or cannot be read. */
function isLost(
  session: TraceSession,
  ref: RawPayloadRef | undefined,
): boolean {
  return ref !== undefined && lostPayloads(session).has(ref.raw_payload_id);
}

/** How many items a list has, those included that were not recorded. */
function lengthOf(
  session: TraceSession,
  ref: RawPayloadRef | undefined,
  { length }: Pick<ItemIds, "length">,
): number | null {
  if (length === 0 && isLost(session, ref)) return null;
  if (ref === undefined) return length;
  return ref.capture === undefined ? length + lostItems(ref).length : null;
}
