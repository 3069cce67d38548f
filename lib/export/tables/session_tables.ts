/**
 * Tables about sessions as such: sessions, threads, turns, events, and what went wrong.
 *
 * @module
 */

import type { DecodedEvent } from "../../format/event.ts";
import type { AgentThread, CodexTurn } from "../../graph/session.ts";
import type { Failure } from "../../query/failures/failure.ts";
import { subjectsOf } from "../../query/session/event_index.ts";
import type { SessionFacts } from "./session_facts.ts";
import { column, maybe, table } from "./table.ts";
import { executionColumns } from "./execution_columns.ts";

const OF_SUMMARY = (facts: SessionFacts) => facts.summary;
const OUTCOME =
  "ok, failed, interrupted or incomplete; null when it is unknown";

const SESSIONS = table<SessionFacts>({
  name: "sessions",
  meaning: "A recorded session",
  key: ["session_id"],
  read: (facts) => [facts],
  columns: [
    column(
      "path",
      "text",
      "The bundle's directory, or the state.json",
      (f) => f.session.place,
      { content: true },
    ),
    column(
      "rollout_id",
      "text",
      "Id of the rollout",
      (f) => f.session.trace.rollout_id,
    ),
    column(
      "root_thread_id",
      "text",
      "Thread that it started with; the thread itself may be missing",
      (f) => f.session.trace.root_thread_id,
      { references: "threads.thread_id" },
    ),
    column(
      "schema_version",
      "integer",
      "Schema by whose rules it was reduced",
      (f) => f.session.trace.schema_version,
    ),
    maybe("outcome", "text", OUTCOME, (f) => f.outcomes.session),
    column(
      "status",
      "text",
      "How it ended, in the recorder's word",
      (f) => f.session.trace.status,
    ),
    column(
      "started_at",
      "timestamp",
      "When it began",
      (f) => f.session.trace.started_at_unix_ms,
    ),
    maybe(
      "ended_at",
      "timestamp",
      "When it ended; null when its end was not recorded",
      (f) => f.session.trace.ended_at_unix_ms,
    ),
    maybe(
      "duration_ms",
      "integer",
      "Milliseconds from its beginning to its end or its last event; null when the clock jumped",
      (f) => OF_SUMMARY(f).identity.duration_ms,
    ),
    maybe(
      "session_source",
      "text",
      "What started it, such as exec",
      (f) => OF_SUMMARY(f).identity.session_source,
    ),
    maybe(
      "forked_from_thread_id",
      "text",
      "Thread whose history it began with, of any session",
      (f) => OF_SUMMARY(f).identity.forked_from_id,
    ),
    maybe(
      "cwd",
      "text",
      "Directory it worked in",
      (f) => OF_SUMMARY(f).identity.cwd,
      { content: true },
    ),
    maybe(
      "prompt",
      "text",
      "The prompt of the first turn",
      (f) => OF_SUMMARY(f).prompt?.text ?? null,
      { content: true },
    ),
    maybe(
      "answer",
      "text",
      "The last message of the root's model",
      (f) => OF_SUMMARY(f).answer?.text ?? null,
      { content: true },
    ),
    maybe(
      "first_error",
      "text",
      "The error to inspect first; null when nothing is worse than a warning",
      (f) => OF_SUMMARY(f).first_error?.text ?? null,
      { content: true },
    ),
    maybe(
      "recording_complete",
      "boolean",
      "Whether the recorder closed the log; null in schema 1",
      (f) => OF_SUMMARY(f).completeness.recording_complete,
    ),
    maybe(
      "events",
      "integer",
      "Events of its log; null when it was read from a state.json",
      (f) => f.session.extent?.events ?? null,
    ),
    maybe(
      "skipped_events",
      "integer",
      "Events that could not be reduced and are in no other table but events",
      (f) => f.session.extent?.skipped_events ?? null,
    ),
  ],
});

const THREADS = table<AgentThread>({
  name: "threads",
  meaning: "One conversation with a model: the root's, or that of an agent",
  key: ["thread_id"],
  read: ({ session }) => session.trace.threads.values(),
  columns: [
    column("thread_id", "text", "Its id", (t) => t.thread_id),
    column(
      "handle",
      "text",
      "Its short name, as thread:1",
      (t, f) => f.handle("thread", t.thread_id),
    ),
    column(
      "agent_path",
      "text",
      "Path in the tree of agents",
      (t) => t.agent_path,
    ),
    maybe("nickname", "text", "Name for people", (t) => t.nickname),
    column("origin", "text", "root, spawned, or unknown", (t) => t.origin.type),
    maybe(
      "parent_thread_id",
      "text",
      "Thread that spawned it; null for a root, or when it is unknown",
      (t) => t.origin.type === "spawned" ? t.origin.parent_thread_id : null,
      { references: "threads.thread_id" },
    ),
    maybe(
      "spawn_edge_id",
      "text",
      "Edge of the spawn; the edge itself may be missing",
      (t) => t.origin.type === "spawned" ? t.origin.spawn_edge_id : null,
      { references: "edges.edge_id" },
    ),
    maybe(
      "task_name",
      "text",
      "Name of its task; null for a root",
      (t) => t.origin.type === "spawned" ? t.origin.task_name : null,
      { content: true },
    ),
    maybe(
      "agent_role",
      "text",
      "Its role; null for a root",
      (t) => t.origin.type === "spawned" ? t.origin.agent_role : null,
    ),
    maybe(
      "default_model",
      "text",
      "Model it was started with",
      (t) => t.default_model,
    ),
    maybe(
      "outcome",
      "text",
      OUTCOME,
      (t, f) => f.outcomes.thread(t.thread_id, t.execution),
    ),
    ...executionColumns<AgentThread>("thread", (t) => t.execution),
  ],
});

const TURNS = table<CodexTurn>({
  name: "turns",
  meaning: "One turn of a thread: from an input until the agent is idle",
  key: ["turn_id"],
  read: ({ session }) => session.trace.codex_turns.values(),
  columns: [
    column("turn_id", "text", "Its id", (t) => t.codex_turn_id),
    column(
      "handle",
      "text",
      "Its short name, as turn:1",
      (t, f) => f.handle("turn", t.codex_turn_id),
    ),
    column("thread_id", "text", "Its thread", (t) => t.thread_id, {
      references: "threads.thread_id",
    }),
    maybe("outcome", "text", OUTCOME, (t, f) => f.outcomes.turn(t)),
    ...executionColumns<CodexTurn>("turn", (t) => t.execution),
  ],
});

const EVENTS = table<DecodedEvent>({
  name: "events",
  meaning:
    "One event of the log, whether or not it could be reduced; none of a state.json",
  key: ["line"],
  read: ({ session }) => session.log?.events ?? [],
  columns: [
    column(
      "line",
      "integer",
      "Line in trace.jsonl, counted from 1",
      (e) => e.line,
    ),
    column("seq", "integer", "Its sequence number", (e) => e.event.seq),
    column(
      "at",
      "timestamp",
      "When it was recorded",
      (e) => e.event.wall_time_unix_ms,
    ),
    column(
      "type",
      "text",
      "Its type, as inference_started",
      (e) => e.event.payload.type,
    ),
    maybe(
      "thread_id",
      "text",
      "Thread that the recorder was in",
      (e) => e.event.thread_id,
    ),
    maybe(
      "turn_id",
      "text",
      "Turn that the recorder was in",
      (e) => e.event.codex_turn_id,
    ),
    maybe(
      "subject_kind",
      "text",
      "What it is about, as tool_call; null when it is about nothing else",
      (e) => subjectsOf(e)[0]?.space ?? null,
    ),
    maybe(
      "subject_id",
      "text",
      "Id of what it is about",
      (e) => subjectsOf(e)[0]?.id ?? null,
    ),
    column(
      "payloads",
      "integer",
      "Payloads that it refers to",
      (e) => e.payloads.length,
    ),
  ],
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
  columns: [
    column("issue", "integer", "Its number, counted from 1", (i) => i.number),
    column(
      "severity",
      "text",
      "error, warning, or interruption (wanted by the user)",
      (i) => i.failure.severity,
    ),
    column(
      "kind",
      "text",
      "What sort of fault it is, as inference, tool, exit_code",
      (i) => i.failure.kind,
    ),
    maybe(
      "object_kind",
      "text",
      "What it happened to, as tool_call; null for the rollout",
      (i) => i.failure.about?.kind ?? null,
    ),
    maybe(
      "object_id",
      "text",
      "Id of what it happened to",
      (i) => i.failure.about?.id ?? null,
    ),
    maybe(
      "handle",
      "text",
      "Short name of what it happened to",
      (i) => i.failure.about?.handle ?? null,
    ),
    maybe(
      "subject",
      "text",
      "The tool, command or model",
      (i) => i.failure.subject,
      { content: true },
    ),
    maybe(
      "thread_id",
      "text",
      "Thread it happened in",
      (i) => i.failure.thread?.id ?? null,
      { references: "threads.thread_id" },
    ),
    maybe(
      "turn_id",
      "text",
      "Turn it happened in",
      (i) => i.failure.turn?.id ?? null,
      { references: "turns.turn_id" },
    ),
    maybe("seq", "integer", "Event that reports it", (i) => i.failure.seq),
    column(
      "at",
      "timestamp",
      "When it was recorded; of what never ended, when it began",
      (i) => i.failure.at_unix_ms,
    ),
    column(
      "text",
      "text",
      "What went wrong, as one line",
      (i) => i.failure.text,
      { content: true },
    ),
    maybe(
      "exit_code",
      "integer",
      "Exit code of a command that failed",
      (i) => i.failure.exit_code,
    ),
    maybe(
      "caused_by",
      "text",
      "Short name of the object whose own fault is the reason",
      (i) => i.failure.caused_by?.handle ?? null,
    ),
    maybe(
      "retried_by",
      "text",
      "Short name of the later request of the turn that succeeded",
      (i) => i.failure.retried_by?.handle ?? null,
    ),
    column(
      "is_first_error",
      "boolean",
      "Whether it is the one to inspect first",
      (i, f) => sameFailure(i.failure, f.summary.first_error),
    ),
  ],
});

function sameFailure(failure: Failure, first: Failure | null): boolean {
  return first !== null && failure.kind === first.kind &&
    failure.seq === first.seq && failure.about?.id === first.about?.id &&
    failure.text === first.text;
}

/** These tables. */
export const SESSION_TABLES = [SESSIONS, THREADS, TURNS, EVENTS, ISSUES];
