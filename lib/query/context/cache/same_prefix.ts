/**
 * Whether one request repeats all of another, by the outlines that the reducer made of both.
 *
 * Requests share the objects of their outlines only where their bytes were compared and are the same.
 *
 * @module
 */

import { isComplete, type RequestMember } from "../../../format/payload.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import {
  countSharedElements,
  type RequestOutline,
} from "../../session/requests/request_outlines.ts";
import type { TraceSession } from "../../session/session.ts";

/**
 * Returns whether two requests certainly have the same members, but for those with an `ignored` key,
 * and the same input as far as both have one. `false` where that is not known without reading them.
 */
export function haveSamePrefix(
  session: TraceSession,
  before: InferenceCall,
  call: InferenceCall,
  ignored: ReadonlySet<string>,
): boolean {
  const [a, b] = [outlineOf(session, before), outlineOf(session, call)];
  return a !== undefined && b !== undefined &&
    countSharedElements(a, b) === Math.min(a.length, b.length) &&
    haveSameMembers(a.members, b.members, ignored);
}

/** The outline of a request that was sent and recorded completely. */
function outlineOf(
  { requests, trace }: TraceSession,
  { raw_request_payload_id: id }: InferenceCall,
): RequestOutline | undefined {
  const outline = requests?.of(id);
  const ref = trace.raw_payloads.get(id);
  if (outline === undefined || ref === undefined) return undefined;
  const isFull = outline.length > 0 && outline.previousResponseId === null;
  return isFull && isComplete(ref) ? outline : undefined;
}

function haveSameMembers(
  a: readonly RequestMember[],
  b: readonly RequestMember[],
  ignored: ReadonlySet<string>,
): boolean {
  const [first, second] = [a, b].map((members) =>
    members.filter(({ key }) => !ignored.has(key))
  );
  return first?.length === second?.length &&
    first?.every((member, index) => member === second?.[index]) === true;
}
