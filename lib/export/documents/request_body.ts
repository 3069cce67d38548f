/**
 * A request as the provider's API takes it, to be sent again by hand.
 *
 * An incremental request continues a response that only the provider has. Here its input is put
 * together: that of the request before, the items of the response, and its own. Nothing of it is
 * guessed: where a piece was not recorded, there is no body.
 *
 * @module
 */

import { PayloadError } from "../../errors.ts";
import type { RawPayloadId } from "../../format/ids.ts";
import { isJsonObject, type PayloadDocument } from "../../format/payload.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { PartMarkers } from "../../reduce/items/part_markers.ts";
import { effectiveRequest } from "../../query/evidence/recorded/effective_request.ts";
import { callsOfThread } from "../../query/session/thread_calls.ts";
import type { TraceSession } from "../../query/session/session.ts";

/** The body of a request as JSON, or why there is none. */
export type RequestBody =
  | { readonly json: string }
  | { readonly json: null; readonly reason: string };

/** Members that only mean something on the connection of the recorded session. */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "input",
  "previous_response_id",
  "type",
]);

/** The body of the request of a call, with its complete input. */
export function requestBody(
  session: TraceSession,
  call: InferenceCall,
): RequestBody {
  try {
    const texts = inputTexts(session, call);
    const request = openPayload(session, call.raw_request_payload_id);
    if (!isJsonObject(request.value)) {
      throw new Unrecorded("its request is no JSON object");
    }
    const members = Object.keys(request.value)
      .filter((key) => !OF_CONNECTION.has(key))
      .flatMap((key) => {
        const source = request.member(key)?.source();
        return source === undefined ? [] : [`${JSON.stringify(key)}:${source}`];
      });
    return {
      json: `{${[...members, `"input":[${texts.join(",")}]`].join(",")}}`,
    };
  } catch (error) {
    if (error instanceof Unrecorded || error instanceof PayloadError) {
      return { json: null, reason: error.message };
    }
    throw error;
  }
}

/** A piece of a request is not there. */
class Unrecorded extends Error {}

/** The elements of the complete input, as they were written. */
function inputTexts(session: TraceSession, last: InferenceCall): string[] {
  const pieces: string[][] = [];
  const seen = new Set<InferenceCall>();
  for (let call: InferenceCall | null = last; call !== null;) {
    if (seen.has(call)) throw new Unrecorded("its responses form a ring");
    seen.add(call);
    const { id, isWarmup } = effectiveRequest(session, call);
    const request = openPayload(session, id);
    pieces.push(elementTexts(session, id, request, "input"));
    const before: unknown = isJsonObject(request.value)
      ? request.value["previous_response_id"]
      : null;
    call = isWarmup || typeof before !== "string"
      ? null
      : callWithResponse(session, call, before);
    if (call !== null) {
      const response = call.raw_response_payload_id;
      if (response === null) {
        throw new Unrecorded("the response that it continues was not recorded");
      }
      const document = openPayload(session, response);
      pieces.push(elementTexts(session, response, document, "output_items"));
    }
  }
  return pieces.reverse().flat();
}

/** The call before with a response id. */
function callWithResponse(
  { trace }: TraceSession,
  call: InferenceCall,
  response: string,
): InferenceCall {
  const before = callsOfThread(trace, call.thread_id)
    .filter(({ execution, response_id: id }) =>
      id === response && execution.started_seq < call.execution.started_seq
    );
  const [only] = before;
  if (only === undefined || before.length > 1) {
    throw new Unrecorded(
      only === undefined
        ? "the response that it continues is not in the bundle"
        : "two responses have the id of the one that it continues",
    );
  }
  return only;
}

function elementTexts(
  { trace }: TraceSession,
  id: RawPayloadId,
  document: PayloadDocument,
  key: "input" | "output_items",
): string[] {
  const elements = document.elements(key);
  if (elements === undefined) {
    throw new Unrecorded(`${id} has no list ${JSON.stringify(key)}`);
  }
  const ref = trace.raw_payloads.get(id);
  const markers = ref === undefined ? undefined : new PartMarkers(ref);
  return elements.map((element) => {
    const part = markers?.partOf(element.value);
    if (part !== undefined) throw new Unrecorded(`${part} was not recorded`);
    return element.source();
  });
}

function openPayload(
  { payloads, trace }: TraceSession,
  id: RawPayloadId,
): PayloadDocument {
  const ref = trace.raw_payloads.get(id);
  if (payloads === null || ref === undefined) {
    throw new Unrecorded("its payloads are not available");
  }
  if (ref.capture !== undefined) {
    throw new Unrecorded(`${id} was not recorded in full`);
  }
  return payloads.open(ref);
}
