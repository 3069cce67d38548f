/**
 * Turns, threads and rollouts that ended badly, and all that never ended.
 *
 * @module
 */

import type { ExecutionWindow } from "../../graph/session.ts";
import type {
  ExecutionStatus,
  RolloutStatus,
} from "../../format/vocabulary.ts";
import type { ObjectKind } from "../session/names/object_kind.ts";
import { interruptedTurns } from "../evidence/links/interrupted_turns.ts";
import { isStartLost, mayHaveLostEnd } from "../evidence/recorded/losses.ts";
import type { TraceSession } from "../session/session.ts";
import { errorText } from "./error_text.ts";
import { type Failure, failure, type FailureSeverity } from "./failure.ts";
import { getOutcomes } from "./outcome/outcomes.ts";
import { outcomeOfStatus } from "./outcome/outcome.ts";
import { interruptions } from "./protocol_failures.ts";
import { wentWrong } from "./request_failures.ts";

/** Turns that failed or were interrupted, with the request or the tool call that is the cause. */
export function turnFailures(
  session: TraceSession,
  others: readonly Failure[],
): Failure[] {
  const { trace, names } = session;
  const reasons = interruptions(session);
  const blamed = unmended(others);
  const interrupted = interruptedTurns(trace);
  const outcomes = getOutcomes(session);
  const found: Failure[] = [];
  for (const [id, turn] of trace.codex_turns) {
    const { execution, thread_id } = turn;
    const outcome = outcomes.turn(turn);
    if (outcome !== "failed" && outcome !== "interrupted") continue;
    const reason = reasons.get(id);
    const call = interrupted.get(id);
    const cause = outcome === "failed" ? blamed.get(id) : undefined;
    found.push(failure({
      severity: outcome === "failed" ? "error" : "interruption",
      kind: "turn",
      about: names.ref("turn", id),
      seq: execution.ended_seq,
      at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
      thread: names.ref("thread", thread_id),
      turn: names.ref("turn", id),
      ...execution.status === "completed"
        ? { text: `turn ${outcome}, recorded as completed` }
        : reason !== undefined
        ? { text: `turn ${execution.status}: ${reason.reason}` }
        : loggedError(session, id, `turn ${execution.status}`),
      evidence: reason?.evidence ?? [],
      caused_by: call === undefined
        ? cause?.about ?? null
        : names.ref("tool_call", call.tool_call_id),
    }));
  }
  return found;
}

/** What a session log has of the end of a turn, behind `head`. */
function loggedError(
  { sessionLog }: TraceSession,
  turn: string,
  head: string,
): Pick<Failure, "text"> & Partial<Pick<Failure, "raw">> {
  const error = sessionLog?.turns.get(turn)?.error ?? null;
  if (error === null) return { text: head };
  const { text, raw } = errorText(error);
  return { text: `${head}: ${text}`, raw };
}

/** Threads and the rollout, where they failed or were aborted. */
export function outerFailures(session: TraceSession): Failure[] {
  const { trace, names } = session;
  const found: Failure[] = [];
  for (const [id, { execution }] of trace.threads) {
    if (!wentWrong(execution.status)) continue;
    found.push(failure({
      severity: severityOf(execution.status),
      kind: "thread",
      about: names.ref("thread", id),
      seq: execution.ended_seq,
      at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
      thread: names.ref("thread", id),
      text: `thread ${execution.status}`,
    }));
  }
  if (trace.status === "failed" || trace.status === "aborted") {
    found.push(failure({
      severity: severityOf(trace.status),
      kind: "rollout",
      about: null,
      at_unix_ms: trace.ended_at_unix_ms ?? trace.started_at_unix_ms,
      text: `session ${trace.status}`,
    }));
  }
  return found;
}

function severityOf(status: ExecutionStatus | RolloutStatus): FailureSeverity {
  return outcomeOfStatus(status) === "failed" ? "error" : "interruption";
}

/** What was still running when the recording stopped, unless `others` are about it already. */
export function incompleteFailures(
  session: TraceSession,
  others: readonly Failure[],
): Failure[] {
  if (session.sessionLog !== undefined) return openTurns(session);
  const reported = new Set(others.map(({ about }) => about?.id));
  const found = [...allRuns(session)]
    .filter(({ id, execution: { status } }) =>
      status === "running" && !reported.has(id)
    )
    .map((run) => stillRunning(session, run));
  const lost = lostStarts(session);
  return session.trace.status === "running"
    ? [stillRecording(session), ...lost, ...found]
    : [...lost, ...found];
}

/** Turns of a session log without an end; it records the end of nothing else. */
function openTurns(session: TraceSession): Failure[] {
  const { trace, names } = session;
  return [...trace.codex_turns.values()]
    .filter(({ execution }) => execution.status === "running")
    .map(({ codex_turn_id: id, thread_id: thread, execution }) =>
      failure({
        severity: "warning",
        kind: "incomplete",
        about: names.ref("turn", id),
        seq: execution.started_seq,
        at_unix_ms: execution.started_at_unix_ms,
        thread: names.ref("thread", thread),
        turn: names.ref("turn", id),
        text: "the session log has no end of it",
      })
    );
}

/** Something that runs for a while. */
interface Run {
  readonly kind: ObjectKind;
  readonly id: string;
  readonly execution: ExecutionWindow;
  readonly thread: string;
  readonly turn: string | null;
}

/** Everything that ends by itself: no event marks the end of a terminal session. */
function* allRuns({ trace }: TraceSession): Generator<Run> {
  for (const [id, { execution, thread_id: thread }] of trace.codex_turns) {
    yield { kind: "turn", id, execution, thread, turn: id };
  }
  const inTurns = [
    ["inference_call", trace.inference_calls],
    ["compaction_request", trace.compaction_requests],
    ["code_cell", trace.code_cells],
  ] as const;
  for (const [kind, objects] of inTurns) {
    for (const [id, each] of objects) {
      const { execution, thread_id: thread, codex_turn_id: turn } = each;
      yield { kind, id, execution, thread, turn };
    }
  }
  for (const [id, tool] of trace.tool_calls) {
    const { execution, thread_id: thread } = tool;
    const { started_by_codex_turn_id: turn } = tool;
    yield { kind: "tool_call", id, execution, thread, turn };
  }
  for (const [id, { execution }] of trace.threads) {
    yield { kind: "thread", id, execution, thread: id, turn: null };
  }
}

/** Threads and turns whose start was lost: when they started is unknown. */
function lostStarts(session: TraceSession): Failure[] {
  const { trace, names } = session;
  const found: Failure[] = [];
  const add = (kind: "thread" | "turn", run: Omit<Run, "kind">) => {
    const { id, execution, thread, turn } = run;
    const type = session.log?.at(execution.started_seq)?.event.payload.type;
    const isResumed = kind === "thread" && type === "thread_resumed";
    if (!isResumed && !isStartLost(session, kind, execution)) return;
    found.push(failure({
      severity: "warning",
      kind: "incomplete",
      about: names.ref(kind, id),
      seq: execution.started_seq,
      at_unix_ms: execution.started_at_unix_ms,
      thread: names.ref("thread", thread),
      turn: turn === null ? null : names.ref("turn", turn),
      text: isResumed
        ? "started in another session; resumed in this one"
        : "start lost: an earlier event cannot be read",
    }));
  };
  for (const [id, { execution }] of trace.threads) {
    add("thread", { id, execution, thread: id, turn: null });
  }
  for (const [id, { execution, thread_id: thread }] of trace.codex_turns) {
    add("turn", { id, execution, thread, turn: id });
  }
  return found;
}

function stillRunning(
  session: TraceSession,
  { kind, id, execution, thread, turn }: Run,
): Failure {
  const { names, trace } = session;
  const interrupted = turn !== null && kind !== "turn" &&
    trace.codex_turns.get(turn)?.execution.status === "cancelled";
  return failure({
    severity: "warning",
    kind: "incomplete",
    about: names.ref(kind, id),
    seq: execution.started_seq,
    at_unix_ms: execution.started_at_unix_ms,
    thread: names.ref("thread", thread),
    turn: turn === null ? null : names.ref("turn", turn),
    text: mayHaveLostEnd(session, execution)
      ? "end lost: a later event cannot be read"
      : "no end was recorded",
    caused_by: interrupted ? names.ref("turn", turn) : null,
  });
}

/**
 * The session itself: it still runs, it was killed, or its recording reached a limit. Its end may
 * also be in a lost event.
 */
function stillRecording(session: TraceSession): Failure {
  const { trace, log } = session;
  const last = log?.events.at(-1)?.event;
  const lastRun = log?.events.findLast(({ event }) =>
    event.payload.type !== "recording_completed"
  );
  const isEndLost = lastRun !== undefined &&
    mayHaveLostEnd(session, { started_seq: lastRun.event.seq });
  return failure({
    severity: isEndLost ? "warning" : "error",
    kind: "incomplete",
    about: null,
    seq: last?.seq ?? null,
    at_unix_ms: last?.wall_time_unix_ms ?? trace.started_at_unix_ms,
    text: isEndLost
      ? "end lost: the end of the log cannot be read"
      : "the recording stops before the session ended: " +
        (trace.recording_status === undefined
          ? "it was killed, or it still runs"
          : "it was killed, it still runs, or the recording reached its limit"),
  });
}

/**
 * The last request of each turn that failed and was never made good, by the turn's id. Where a later
 * one may be missing, none is the known cause.
 */
function unmended(others: readonly Failure[]): ReadonlyMap<string, Failure> {
  const found = new Map<string, Failure>();
  for (const each of others) {
    const { kind, turn, retried_by: retried } = each;
    const isRequest = kind === "inference" || kind === "compaction";
    if (!isRequest || turn === null || retried !== null) continue;
    if (each.retry_unknown) continue;
    const before = found.get(turn.id);
    if (before === undefined || (before.seq ?? 0) < (each.seq ?? 0)) {
      found.set(turn.id, each);
    }
  }
  return found;
}
