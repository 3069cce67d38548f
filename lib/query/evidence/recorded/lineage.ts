/**
 * The origin of the threads of a session: what the metadata, the configuration and the first
 * request of each record. The ids may be those of threads of other sessions.
 *
 * @module
 */

import type { JsonObject } from "../../../format/payload.ts";
import type { DecodedEvent } from "../../../format/event.ts";
import type { ThreadId } from "../../../format/ids.ts";
import type { TraceSession } from "../../session/session.ts";
import { callsOfThread } from "../../session/thread_calls.ts";
import { objectIn, payloadObject, textIn } from "./payload_fields.ts";

/** The origin of a thread; null is what was not recorded. */
export interface Lineage {
  /** The thread whose history it began with, of any session. */
  readonly forked_from_id: string | null;
  /** The thread that made it, of any session. */
  readonly parent_thread_id: string | null;
  /** What started it, such as `user`, `subagent` or `guardian_review`. */
  readonly thread_source: string | null;
  /** How its history began, such as `new`, `cold_resume` or `warm_fork`. */
  readonly history_initialization: string | null;
}

/** The lineage of a thread of which nothing was recorded. */
export const UNKNOWN_LINEAGE: Lineage = {
  forked_from_id: null,
  parent_thread_id: null,
  thread_source: null,
  history_initialization: null,
};

/** The member of `client_metadata` with facts of the turn, as JSON in a text. */
const TURN_METADATA = "x-codex-turn-metadata";

const LINEAGES: WeakMap<TraceSession, ReadonlyMap<ThreadId, Lineage>> =
  new WeakMap();

/**
 * The lineage of each thread that the log describes, threads that the graph does not have included.
 * Without a log, it is empty.
 */
export function lineagesOf(
  session: TraceSession,
): ReadonlyMap<ThreadId, Lineage> {
  const known = LINEAGES.get(session);
  if (known !== undefined) return known;
  const found = new Map<ThreadId, Lineage>();
  for (const [id, facts] of session.sessionLog?.threads ?? []) {
    const { forked_from_id, parent_thread_id, thread_source } = facts;
    found.set(id, {
      ...UNKNOWN_LINEAGE,
      forked_from_id,
      parent_thread_id,
      thread_source,
    });
  }
  for (const decoded of session.log?.events ?? []) {
    const threadOf = describedThread(decoded);
    if (threadOf === null) continue;
    const body = payloadObject(session, decoded.payloads[0]?.raw_payload_id);
    const thread = body && threadOf(body);
    if (thread !== null) add(found, thread, body ?? {});
  }
  for (const id of session.log === null ? [] : session.trace.threads.keys()) {
    const [first] = callsOfThread(session.trace, id);
    const request = payloadObject(session, first?.raw_request_payload_id);
    if (request !== null) {
      add(
        found,
        id,
        objectIn(textIn(request, "client_metadata", TURN_METADATA)),
      );
    }
  }
  LINEAGES.set(session, found);
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

/** Adds what an object records of a thread; what is known already stays. */
function add(
  found: Map<ThreadId, Lineage>,
  thread: ThreadId,
  body: JsonObject,
): void {
  const known = found.get(thread) ?? UNKNOWN_LINEAGE;
  found.set(thread, {
    forked_from_id: known.forked_from_id ?? textIn(body, "forked_from_id") ??
      textIn(body, "forked_from_thread_id"),
    parent_thread_id: known.parent_thread_id ??
      textIn(body, "parent_thread_id") ??
      textIn(
        body,
        "session_source",
        "subagent",
        "thread_spawn",
        "parent_thread_id",
      ),
    thread_source: known.thread_source ?? textIn(body, "thread_source"),
    history_initialization: known.history_initialization ??
      textIn(body, "history_initialization"),
  });
}
