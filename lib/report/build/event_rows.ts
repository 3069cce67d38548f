/**
 * Rows of the log: where each event stands, what it is about, what it says went wrong.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEventPayload } from "../../format/event.ts";
import { recordedError } from "../../query/failures/request_failures.ts";
import { objectsOf } from "../../query/names/find_object.ts";
import type { Session } from "../../query/session/session.ts";
import type { EventRow } from "../report_data.ts";
import { rounded } from "./report_pool.ts";

/** Every event of the log; none where there is no log. */
export function eventRows(session: Session): EventRow[] {
  return (session.log?.events ?? []).map((each) => eventRow(session, each));
}

function eventRow(session: Session, decoded: DecodedEvent): EventRow {
  const { event, line, payloads } = decoded;
  return {
    seq: rounded(event.seq),
    line,
    at: rounded(event.wall_time_unix_ms),
    type: typeOf(event.payload),
    thread_id: event.thread_id,
    turn_id: event.codex_turn_id,
    about: objectsOf(session, decoded)
      .filter(({ kind }) => kind !== "payload")
      .map(({ kind, id }) => [kind, id] as const),
    payload_ids: payloads.map(({ raw_payload_id: id }) => id),
    error: recordedError(event.payload) ?? null,
  };
}

function typeOf(payload: RawTraceEventPayload): string {
  return payload.type === "protocol_event_observed"
    ? `${payload.type}: ${payload.event_type}`
    : payload.type;
}
