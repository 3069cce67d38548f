/**
 * Entries of a timeline that are only in the log: protocol events, resumed threads, and what
 * could not be reduced.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { TraceSession } from "../session/session.ts";
import type { SessionDiagnostic } from "../session/session_diagnostics.ts";
import { type EntryInput, momentAt } from "./entry_input.ts";

/** Every protocol event, and every time that an ended thread was resumed. */
export function eventEntries(session: TraceSession): EntryInput[] {
  return (session.log?.events ?? []).flatMap((decoded) =>
    eventDraft(session, decoded) ?? []
  );
}

/** What is not in the graph. */
export function lossEntries({ diagnostics, log }: TraceSession): EntryInput[] {
  return diagnostics.filter(({ severity }) => severity === "loss").map(
    (diagnostic) => {
      const { seq } = diagnostic;
      const event = seq === null ? undefined : log?.at(seq)?.event;
      return {
        ...momentAt(seq, event?.wall_time_unix_ms ?? null),
        object: null,
        thread: event?.thread_id ?? null,
        turn: event?.codex_turn_id ?? null,
        // What cannot be read or reduced did not fail in the session.
        issue: "warning",
        within: [
          { kind: "turn", id: event?.codex_turn_id ?? null },
          { kind: "thread", id: event?.thread_id ?? null },
        ],
        error: diagnostic.code === "unknown_event_type"
          ? "this program does not know this type of event"
          : diagnostic.message,
        detail: lossDetail(diagnostic),
      };
    },
  );
}

function lossDetail(
  { code, event_type, line, lost, more_lines = 0 }: SessionDiagnostic,
): EntryInput["detail"] {
  return { type: "loss", code, event_type, line, more_lines, lost };
}

function eventDraft(
  { names }: TraceSession,
  { event, payloads }: DecodedEvent,
): EntryInput | undefined {
  const { payload, seq, wall_time_unix_ms: at } = event;
  if (payload.type === "thread_resumed") {
    return {
      ...momentAt(seq, at),
      object: null,
      thread: payload.thread_id,
      turn: null,
      within: [{ kind: "thread", id: payload.thread_id }],
      detail: { type: "thread_resumed" },
    };
  }
  if (payload.type !== "protocol_event_observed") return undefined;
  const { event_type } = payload;
  return {
    ...momentAt(seq, at),
    object: null,
    thread: event.thread_id,
    turn: event.codex_turn_id,
    within: [
      { kind: "turn", id: event.codex_turn_id },
      { kind: "thread", id: event.thread_id },
    ],
    detail: {
      type: "protocol_event",
      event_type,
      message: null,
      payload: names.ref("payload", payloads[0]?.raw_payload_id ?? ""),
    },
  };
}
