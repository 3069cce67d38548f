/**
 * The sessions that the threads of a session were forked from.
 *
 * @module
 */

import { payloadObject, textIn } from "./payload_fields.ts";
import type { DecodedEvent } from "../../../format/event.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { JsonObject } from "../../../format/payload.ts";
import type { Session } from "../../session/session.ts";

/** The member with the id of the thread whose history a thread began with. */
const KEY = "forked_from_id";

/**
 * Id of the thread that each thread was forked from, by the id of the thread, as the metadata of
 * the thread or its configuration has it. Without a log, it is empty.
 */
export function forkedFrom(session: Session): ReadonlyMap<ThreadId, string> {
  const found = new Map<ThreadId, string>();
  for (const decoded of session.log?.events ?? []) {
    const threadOf = describedThread(decoded);
    if (threadOf === null) continue;
    const [ref] = decoded.payloads;
    const body = payloadObject(session, ref?.raw_payload_id);
    if (body === null) continue;
    const thread = threadOf(body);
    const origin = textIn(body, KEY);
    if (thread !== null && origin !== null) found.set(thread, origin);
  }
  return found;
}

/** How an event names the thread that it describes; null for events that describe none. */
function describedThread(
  { event: { payload } }: DecodedEvent,
): ((body: JsonObject) => ThreadId | null) | null {
  if (payload.type === "thread_started") return () => payload.thread_id;
  return payload.type === "protocol_event_observed" &&
      payload.event_type === "session_configured"
    ? (body) => textIn(body, "thread_id") ?? textIn(body, "session_id")
    : null;
}
