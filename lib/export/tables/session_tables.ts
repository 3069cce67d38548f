/**
 * Tables about sessions as such: sessions, threads, turns.
 *
 * @module
 */

import type { AgentThread, CodexTurn } from "../../graph/session.ts";
import {
  firstPrompt,
  lastAnswer,
} from "../../query/evidence/prompt_and_answer.ts";
import { lostEvidence } from "../../query/evidence/known_count.ts";
import { isRecordingComplete } from "../../query/evidence/recorded/captures.ts";
import type { SessionFacts } from "./session_facts.ts";
import {
  boolean,
  content,
  handle,
  idOf,
  maybe,
  table,
  text,
  timestamp,
} from "./table.ts";
import { executionColumns } from "./execution_columns.ts";

const OUTCOME =
  "ok, failed, interrupted or incomplete; null when it is unknown";

const LOGGED_TOKENS = [
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
] as const;

const SESSIONS = table<SessionFacts>({
  name: "sessions",
  meaning: "A recorded session",
  key: ["session_id"],
  read: (facts) => [facts],
  columns: {
    path: content(
      "The bundle's directory, the state.json, or the session log",
      (f) => f.session.place,
    ),
    source: text(
      "bundle, state, or session_log: of a log, requests and payloads are unknown, and times are those of its lines",
      (f) => f.session.source,
    ),
    rollout_id: text("Id of the rollout", (f) => f.session.trace.rollout_id),
    root_thread_id: idOf(
      "thread",
      "Thread that it started with; the thread itself may be missing",
      (f) => f.session.trace.root_thread_id,
    ),
    schema_version: maybe.integer(
      "Schema by whose rules it was reduced; null of a session log",
      (f) => f.recorded(f.session.trace.schema_version),
    ),
    outcome: maybe.text(OUTCOME, (f) => f.outcomes.session),
    status: maybe.text(
      "How it ended, in the recorder's word; null of a session log, which has no end",
      (f) => f.recorded(f.session.trace.status),
    ),
    started_at: timestamp(
      "When it began",
      (f) => f.session.trace.started_at_unix_ms,
    ),
    ended_at: maybe.timestamp(
      "When it ended; null when its end was not recorded",
      (f) => f.session.trace.ended_at_unix_ms,
    ),
    duration_ms: maybe.integer(
      "Milliseconds from its beginning to its end or its last event; null when the clock jumped",
      (f) => f.identity.duration_ms,
    ),
    session_source: maybe.text(
      "What started it, such as exec",
      (f) => f.identity.session_source,
    ),
    forked_from_thread_id: maybe.text(
      "Thread whose history it began with, of any session",
      (f) => f.identity.forked_from_id,
    ),
    cwd: maybe.content("Directory it worked in", (f) => f.identity.cwd),
    prompt: maybe.content(
      "The prompt of the first turn",
      (f) => firstPrompt(f.session).item?.text ?? null,
    ),
    answer: maybe.content(
      "The last message of the root's model",
      (f) => lastAnswer(f.session).item?.text ?? null,
    ),
    first_error: maybe.content(
      "The error to inspect first; null when nothing is worse than a warning",
      (f) => f.firstError?.text ?? null,
    ),
    recording_complete: maybe.boolean(
      "Whether the recorder closed the log; null in schema 1",
      (f) => isRecordingComplete(f.session.trace),
    ),
    events: maybe.integer(
      "Events of its log, of a session log lines; null when it was read from a state.json",
      (f) => f.session.extent?.events ?? null,
    ),
    skipped_events: maybe.integer(
      "Events that could not be reduced and are in no other table but events",
      (f) => f.session.extent?.skipped_events ?? null,
    ),
    has_lost_events: boolean(
      "Whether events of it were lost, so that its counts are minimums; always of a session log, which does not have everything",
      (f) => lostEvidence(f.session).events,
    ),
    ...Object.fromEntries(LOGGED_TOKENS.map((name) => [
      `logged_${name}`,
      maybe.integer<SessionFacts>(
        "Of a session log, the tokens that it reports last; null of a bundle, whose requests have them",
        (f) => f.session.sessionLog?.tokens?.[name] ?? null,
      ),
    ])),
  },
});

const THREADS = table<AgentThread>({
  name: "threads",
  meaning: "One conversation with a model: the root's, or that of an agent",
  key: ["thread_id"],
  read: ({ session }) => session.trace.threads.values(),
  columns: {
    thread_id: text("Its id", (t) => t.thread_id),
    handle: handle("thread", (t) => t.thread_id),
    agent_path: text("Path in the tree of agents", (t) => t.agent_path),
    nickname: maybe.text("Name for people", (t) => t.nickname),
    origin: text("root, spawned, or unknown", (t) => t.origin.type),
    parent_thread_id: maybe.idOf(
      "thread",
      "Thread that spawned it; null for a root, or when it is unknown",
      (t) => t.origin.type === "spawned" ? t.origin.parent_thread_id : null,
    ),
    spawn_edge_id: maybe.idOf(
      "edge",
      "Edge of the spawn; the edge itself may be missing",
      (t) => t.origin.type === "spawned" ? t.origin.spawn_edge_id : null,
    ),
    task_name: maybe.content(
      "Name of its task; null for a root",
      (t) => t.origin.type === "spawned" ? t.origin.task_name : null,
    ),
    agent_role: maybe.text(
      "Its role; null for a root",
      (t) => t.origin.type === "spawned" ? t.origin.agent_role : null,
    ),
    result: maybe.text(
      "Whether a model was shown its result: delivered, undelivered, or none when it reported none; null for a root, or when that is unknown",
      (t, f) =>
        t.origin.type === "spawned" ? f.results.get(t.thread_id) ?? null : null,
    ),
    default_model: maybe.text(
      "Model it was started with",
      (t) => t.default_model,
    ),
    outcome: maybe.text(
      OUTCOME,
      (t, f) => f.outcomes.thread(t.thread_id, t.execution),
    ),
    ...executionColumns<AgentThread>("thread", (t) => t.execution),
  },
});

const TURNS = table<CodexTurn>({
  name: "turns",
  meaning: "One turn of a thread: from an input until the agent is idle",
  key: ["turn_id"],
  read: ({ session }) => session.trace.codex_turns.values(),
  columns: {
    turn_id: text("Its id", (t) => t.codex_turn_id),
    handle: handle("turn", (t) => t.codex_turn_id),
    thread_id: idOf("thread", "Its thread", (t) => t.thread_id),
    outcome: maybe.text(OUTCOME, (t, f) => f.outcomes.turn(t)),
    ...executionColumns<CodexTurn>("turn", (t) => t.execution),
  },
});

/** These tables. */
export const SESSION_TABLES = [SESSIONS, THREADS, TURNS];
