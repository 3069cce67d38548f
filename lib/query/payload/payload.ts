/**
 * The evidence itself: payloads, and what names them.
 *
 * @module
 */

import { PayloadError } from "../../errors.ts";
import type { RawPayloadId } from "../../format/ids.ts";
import { jsonGrammarError } from "../../format/json/json_parse.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import { base64Of } from "../../text/encoded_bytes.ts";
import { eventsAbout } from "../evidence/links/events_about.ts";
import { GraphLinks } from "../evidence/links/graph_links.ts";
import { marksOf } from "../evidence/links/marks.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { PayloadReader, TraceSession } from "../session/session.ts";
import type {
  EventReference,
  ObjectReference,
  PayloadAnswer,
  PayloadContent,
  PayloadListing,
  PayloadPart,
} from "./payload_answer.ts";

/**
 * The payloads behind an object, or one payload: what names it, and what is in it.
 *
 * @returns `null` when the graph has no such object, or the payloads are not available.
 * @throws {PayloadError} If the only payload cannot be read.
 */
export function getPayload(
  session: TraceSession,
  object: Pick<ObjectRef, "kind" | "id">,
): PayloadAnswer | null {
  const { payloads, names } = session;
  if (payloads === null || !names.has(object.kind, object.id)) return null;
  const links = new GraphLinks(session.trace);
  const refs = refsOf(session, links, object);
  const [only] = refs;
  return {
    object: names.ref(object.kind, object.id),
    payloads: refs.map((ref) => listingOf(session, payloads, links, ref)),
    content: only === undefined || refs.length > 1 || isOmitted(only)
      ? null
      : contentOf(payloads.bytes(only), only.capture !== undefined),
  };
}

/** Which bytes of a payload: its text, put together from parts; or its own record. */
export type PayloadBytesChoice = "text" | "record";

/**
 * The exact bytes of a payload. Valid until the next payload is read.
 *
 * @returns `null` when the graph has no such payload, the payloads are not available, or the
 * recorder omitted it.
 * @throws {PayloadError} If it cannot be read.
 */
export function getPayloadBytes(
  { payloads, trace }: TraceSession,
  id: RawPayloadId,
  which: PayloadBytesChoice = "text",
): Uint8Array | null {
  const ref = trace.raw_payloads.get(id);
  if (ref === undefined || payloads === null || isOmitted(ref)) return null;
  return which === "text" ? payloads.bytes(ref) : payloads.recordBytes(ref);
}

function isOmitted({ capture }: RawPayloadRef): boolean {
  return capture?.status === "omitted";
}

function refsOf(
  { trace, log }: TraceSession,
  links: GraphLinks,
  { kind, id }: Pick<ObjectRef, "kind" | "id">,
): RawPayloadRef[] {
  const named = kind === "payload"
    ? [id]
    : log === null
    ? marksOf(trace, links, { kind, id }).flatMap(({ payloads }) => payloads)
    : eventsAbout(log, trace, links, { kind, id }).flatMap(({ payloads }) =>
      payloads.map(({ raw_payload_id }) => raw_payload_id)
    );
  return [...new Set(named)].flatMap((each) =>
    trace.raw_payloads.get(each) ?? []
  );
}

function listingOf(
  session: TraceSession,
  payloads: PayloadReader,
  links: GraphLinks,
  ref: RawPayloadRef,
): PayloadListing {
  const { names } = session;
  return {
    payload: names.ref("payload", ref.raw_payload_id),
    payload_kind: ref.kind.type,
    path: payloads.fileOf(ref),
    shard: ref.shard ?? null,
    capture: ref.capture ?? null,
    bytes: sizeOf(payloads, ref),
    record_bytes: ref.parts === undefined || isOmitted(ref)
      ? null
      : recordSize(payloads, ref),
    parts: (ref.parts ?? []).map((part) => partOf(session, payloads, part)),
    events: eventsNaming(session, ref.raw_payload_id),
    referenced_by: objectsNaming(session, links, ref.raw_payload_id),
  };
}

function partOf(
  { names }: TraceSession,
  payloads: PayloadReader,
  part: RawPayloadRef,
): PayloadPart {
  return {
    payload: names.ref("payload", part.raw_payload_id),
    payload_kind: part.kind.type,
    shard: part.shard ?? null,
    capture: part.capture ?? null,
    bytes: sizeOf(payloads, part),
    parts: part.parts?.length ?? 0,
  };
}

function sizeOf(payloads: PayloadReader, ref: RawPayloadRef): number | null {
  return sizeIn(() => payloads.bytes(ref));
}

function recordSize(
  payloads: PayloadReader,
  ref: RawPayloadRef,
): number | null {
  return sizeIn(() => payloads.recordBytes(ref));
}

function sizeIn(read: () => Uint8Array): number | null {
  try {
    return read().length;
  } catch (error) {
    if (error instanceof PayloadError) return null;
    throw error;
  }
}

function eventsNaming(
  { log }: TraceSession,
  id: RawPayloadId,
): EventReference[] {
  return (log?.about("payload", id) ?? []).map(({ event, line }) => ({
    seq: event.seq,
    line,
    event_type: event.payload.type,
  }));
}

function objectsNaming(
  { names }: TraceSession,
  links: GraphLinks,
  id: RawPayloadId,
): ObjectReference[] {
  return links.to("payload", id).map(({ from, role }) => ({
    object: names.ref(from.kind, from.id),
    role,
  }));
}

function contentOf(bytes: Uint8Array, isTruncated: boolean): PayloadContent {
  let text: string;
  try {
    // A character that a limit cut in two is no fault of the text: it is left out.
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
      .decode(bytes, { stream: isTruncated });
  } catch {
    return { format: "binary", text: null, base64: base64Of(bytes) };
  }
  const format = jsonGrammarError(text) === undefined ? "json" : "text";
  return { format, text, base64: null };
}
