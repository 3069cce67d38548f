/**
 * Tables of the log of a session: its events, and what went wrong.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { Failure } from "../../query/failures/failure.ts";
import { subjectsOf } from "../../query/session/event_index.ts";
import {
  boolean,
  content,
  integer,
  maybe,
  table,
  text,
  timestamp,
} from "./table.ts";

const EVENTS = table<DecodedEvent>({
  name: "events",
  meaning:
    "One event of the log, whether or not it could be reduced; none of a state.json or a session log",
  key: ["line"],
  read: ({ session }) => session.log?.events ?? [],
  columns: {
    line: integer("Line in trace.jsonl, counted from 1", (e) => e.line),
    seq: integer("Its sequence number", (e) => e.event.seq),
    at: timestamp("When it was recorded", (e) => e.event.wall_time_unix_ms),
    type: text("Its type, as inference_started", (e) => e.event.payload.type),
    thread_id: maybe.text(
      "Thread that the recorder was in",
      (e) => e.event.thread_id,
    ),
    turn_id: maybe.text(
      "Turn that the recorder was in",
      (e) => e.event.codex_turn_id,
    ),
    subject_kind: maybe.text(
      "What it is about, as tool_call; null when it is about nothing else",
      (e) => subjectsOf(e)[0]?.space ?? null,
    ),
    subject_id: maybe.text(
      "Id of what it is about",
      (e) => subjectsOf(e)[0]?.id ?? null,
    ),
    payloads: integer("Payloads that it refers to", (e) => e.payloads.length),
  },
});

interface Issue {
  readonly number: number;
  readonly failure: Failure;
}

const ISSUES = table<Issue>({
  name: "issues",
  meaning: "One thing that went wrong, in the order of the log",
  key: ["issue"],
  read: ({ failures }) =>
    failures.map((failure, at) => ({ number: at + 1, failure })),
  columns: {
    issue: integer("Its number, counted from 1", (i) => i.number),
    severity: text(
      "error, warning, or interruption (wanted by the user)",
      (i) => i.failure.severity,
    ),
    kind: text(
      "What sort of fault it is, as inference, tool, exit_code",
      (i) => i.failure.kind,
    ),
    object_kind: maybe.text(
      "What it happened to, as tool_call; null for the rollout",
      (i) => i.failure.about?.kind ?? null,
    ),
    object_id: maybe.text(
      "Id of what it happened to",
      (i) => i.failure.about?.id ?? null,
    ),
    handle: maybe.text(
      "Short name of what it happened to",
      (i) => i.failure.about?.handle ?? null,
    ),
    subject: maybe.content(
      "The tool, command or model",
      (i) => i.failure.subject,
    ),
    thread_id: maybe.idOf(
      "thread",
      "Thread it happened in",
      (i) => i.failure.thread?.id ?? null,
    ),
    turn_id: maybe.idOf(
      "turn",
      "Turn it happened in",
      (i) => i.failure.turn?.id ?? null,
    ),
    seq: maybe.integer("Event that reports it", (i) => i.failure.seq),
    at: timestamp(
      "When it was recorded; of what never ended, when it began",
      (i) => i.failure.at_unix_ms,
    ),
    text: content("What went wrong, as one line", (i) => i.failure.text),
    exit_code: maybe.integer(
      "Exit code of a command that failed",
      (i) => i.failure.exit_code,
    ),
    caused_by: maybe.text(
      "Short name of the object whose own fault is the reason",
      (i) => i.failure.caused_by?.handle ?? null,
    ),
    retried_by: maybe.text(
      "Short name of the later request of the turn that succeeded",
      (i) => i.failure.retried_by?.handle ?? null,
    ),
    is_first_error: boolean(
      "Whether it is the one to inspect first",
      (i, f) => sameFailure(i.failure, f.firstError),
    ),
  },
});

function sameFailure(failure: Failure, first: Failure | null): boolean {
  return first !== null && failure.kind === first.kind &&
    failure.seq === first.seq && failure.about?.id === first.about?.id &&
    failure.text === first.text;
}

/** These tables. */
export const EVENT_TABLES = [EVENTS, ISSUES];
