/**
 * The evidence behind an object: the lines of the log about it, and their payloads.
 *
 * Where only a `state.json` is available, the graph still knows the numbers of some events and
 * the payloads; lines and names of events are unknown then.
 *
 * @module
 */

import type { DecodedEvent, EventType } from "../../../format/event.ts";
import type {
  PayloadCapture,
  RawPayloadKindName,
} from "../../../format/payload.ts";
import type { Integer, UnixMs } from "../../../format/vocabulary.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { TraceSession } from "../../session/session.ts";
import { pathOf } from "../recorded/captures.ts";
import { eventsAbout } from "./events_about.ts";
import type { GraphLinks } from "./graph_links.ts";
import { type Mark, marksOf } from "./marks.ts";

/** A payload that evidence names. */
export interface EvidencePayload extends ObjectRef {
  /** What the file holds; null where the graph does not hold the payload. */
  readonly payload_kind: RawPayloadKindName | null;
  /** Path of the file, relative to the bundle's folder; null where there is none, or is unknown. */
  readonly path: string | null;
  /** Number of the shard that the file is; null where it is none. */
  readonly shard: Integer | null;
  /** How much the recorder kept of the payload; null when it kept all of it. */
  readonly capture: PayloadCapture | null;
}

/** One event of the log, as evidence. */
export interface Evidence {
  /** Its sequence number. */
  readonly seq: Integer;
  /** Its line in the log, counted from 1; null without the log. */
  readonly line: number | null;
  /** Its name; null without the log. */
  readonly event_type: EventType | null;
  /** When it was recorded; null without the log. */
  readonly at_unix_ms: UnixMs | null;
  /** The payloads that it names. */
  readonly payloads: readonly EvidencePayload[];
}

/** What evidence is made of: an event of the log, or what the graph alone knows of one. */
export type EvidenceSource = DecodedEvent | Mark;

/** Number of the event. */
export function seqOf(source: EvidenceSource): Integer {
  return "event" in source ? source.event.seq : source.seq;
}

/** The events about an object, in the order of the log. */
export function getEvidence(
  session: TraceSession,
  links: GraphLinks,
  ref: Pick<ObjectRef, "kind" | "id">,
): Evidence[] {
  return evidenceSources(session, links, ref)
    .map((each) => evidenceFrom(session, each));
}

/** What {@linkcode getEvidence} is made of, in the same order. */
export function evidenceSources(
  { log, trace }: TraceSession,
  links: GraphLinks,
  ref: Pick<ObjectRef, "kind" | "id">,
): readonly EvidenceSource[] {
  return log === null
    ? marksOf(trace, links, ref)
    : eventsAbout(log, trace, links, ref);
}

/** An event as evidence. */
export function evidenceFrom(
  session: TraceSession,
  source: EvidenceSource,
): Evidence {
  if (!("event" in source)) {
    return {
      seq: source.seq,
      line: null,
      event_type: null,
      at_unix_ms: null,
      payloads: source.payloads.map((id) => evidencePayload(session, id)),
    };
  }
  const { event, line, payloads } = source;
  return {
    seq: event.seq,
    line,
    event_type: event.payload.type,
    at_unix_ms: event.wall_time_unix_ms,
    payloads: payloads.map((each) =>
      evidencePayload(session, each.raw_payload_id)
    ),
  };
}

function evidencePayload(
  { trace, names }: TraceSession,
  id: string,
): EvidencePayload {
  const held = trace.raw_payloads.get(id);
  return {
    ...names.ref("payload", id),
    payload_kind: held?.kind.type ?? null,
    path: held === undefined ? null : pathOf(held),
    shard: held?.shard ?? null,
    capture: held?.capture ?? null,
  };
}
