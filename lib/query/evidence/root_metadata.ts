/**
 * What the host recorded about the root thread.
 *
 * @module
 */

import type { JsonObject } from "../../format/payload.ts";
import type { TraceSession } from "../session/session.ts";
import { payloadObject } from "./recorded/payload_fields.ts";

/** The metadata of the root thread; undefined where none was recorded, or it cannot be read. */
export function rootMetadata(session: TraceSession): JsonObject | undefined {
  if (session.sessionLog !== undefined) {
    const { session_source, cwd } = session.sessionLog;
    return { session_source, cwd };
  }
  const events = session.log?.about("thread", session.trace.root_thread_id) ??
    [];
  for (const { event: { payload } } of events) {
    if (payload.type !== "thread_started") continue;
    const { metadata_payload: ref } = payload;
    return payloadObject(session, ref?.raw_payload_id) ?? undefined;
  }
  return undefined;
}
