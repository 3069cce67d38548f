/**
 * Turns, threads and rollouts that ended badly, and all that never ended.
 *
 * @module
 */

import type { ExecutionWindow } from "../../graph/session.ts";
import type { ObjectKind } from "../names/object_kind.ts";
import type { Session } from "../session/session.ts";
import { type Failure, failure } from "./failure.ts";
import { interruptions } from "./protocol_failures.ts";
import { wentWrong } from "./request_failures.ts";

/** Turns that failed or were interrupted, with the request that is to blame. */
export function turnFailures(
  session: Session,
  others: readonly Failure[],
): Failure[] {
  const { trace, names } = session;
  const reasons = interruptions(session);
  const blamed = unmended(others);
  const found: Failure[] = [];
  for (const [id, turn] of trace.codex_turns) {
    const { execution, thread_id } = turn;
    if (!wentWrong(execution.status)) continue;
    const reason = reasons.get(id);
    const cause = execution.status === "failed" ? blamed.get(id) : undefined;
    found.push(failure({
      severity: "error",
      kind: "turn",
      about: names.ref("turn", id),
      seq: execution.ended_seq,
      at_unix_ms: execution.ended_at_unix_ms ?? execution.started_at_unix_ms,
      thread: names.ref("thread", thread_id),
      turn: names.ref("turn", id),
      text: `turn ${execution.status}${
        reason === undefined ? "" : `: ${reason.reason}`
      }`,
      evidence: reason?.evidence ?? [],
      caused_by: cause?.about ?? null,
    }));
  }
  return found;
}

/** Threads and the rollout, where they failed or were aborted. */
export function wholeFailures(session: Session): Failure[] {
  const { trace, names } = session;
  const found: Failure[] = [];
  for (const [id, { execution }] of trace.threads) {
    if (!wentWrong(execution.status)) continue;
    found.push(failure({
      severity: "error",
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
      severity: "error",
      kind: "rollout",
      about: null,
      at_unix_ms: trace.ended_at_unix_ms ?? trace.started_at_unix_ms,
      text: `session ${trace.status}`,
    }));
  }
  return found;
}

/** What was still running when the recording stopped, unless `others` tell of it already. */
export function unended(
  session: Session,
  others: readonly Failure[],
): Failure[] {
  const { trace } = session;
  const told = new Set(others.map(({ about }) => about?.id));
  const found: Failure[] = [];
  const add = (
    kind: ObjectKind,
    id: string,
    execution: ExecutionWindow,
    thread: string,
    turn: string | null,
  ) => {
    if (execution.status !== "running" || told.has(id)) return;
    found.push(stillRunning(session, kind, id, execution, thread, turn));
  };
  for (const [id, each] of trace.codex_turns) {
    add("turn", id, each.execution, each.thread_id, id);
  }
  for (const [id, each] of trace.inference_calls) {
    add(
      "inference_call",
      id,
      each.execution,
      each.thread_id,
      each.codex_turn_id,
    );
  }
  for (const [id, each] of trace.compaction_requests) {
    const { execution, thread_id, codex_turn_id } = each;
    add("compaction_request", id, execution, thread_id, codex_turn_id);
  }
  for (const [id, each] of trace.tool_calls) {
    const { execution, thread_id, started_by_codex_turn_id: turn } = each;
    add("tool_call", id, execution, thread_id, turn);
  }
  for (const [id, each] of trace.code_cells) {
    add("code_cell", id, each.execution, each.thread_id, each.codex_turn_id);
  }
  for (const [id, each] of trace.threads) {
    add("thread", id, each.execution, id, null);
  }
  return trace.status === "running"
    ? [stillRecording(session), ...found]
    : found;
}

function stillRunning(
  { names, trace }: Session,
  kind: ObjectKind,
  id: string,
  execution: ExecutionWindow,
  thread: string,
  turn: string | null,
): Failure {
  const interrupted = turn !== null && kind !== "turn" &&
    trace.codex_turns.get(turn)?.execution.status === "cancelled";
  return failure({
    severity: "warning",
    kind: "unended",
    about: names.ref(kind, id),
    seq: execution.started_seq,
    at_unix_ms: execution.started_at_unix_ms,
    thread: names.ref("thread", thread),
    turn: turn === null ? null : names.ref("turn", turn),
    text: "no end was recorded",
    caused_by: interrupted ? names.ref("turn", turn) : null,
  });
}

/** The session itself: it still runs, or it was killed. */
function stillRecording({ trace, log }: Session): Failure {
  const last = log?.events.at(-1)?.event;
  return failure({
    severity: "error",
    kind: "unended",
    about: null,
    seq: last?.seq ?? null,
    at_unix_ms: last?.wall_time_unix_ms ?? trace.started_at_unix_ms,
    text: "the recording stops before the session ended: " +
      "it was killed, or it still runs",
  });
}

/** The last request of each turn that failed and was never made good, by the turn's id. */
function unmended(others: readonly Failure[]): ReadonlyMap<string, Failure> {
  const found = new Map<string, Failure>();
  for (const each of others) {
    const { kind, turn, retried_by: retried } = each;
    const isRequest = kind === "inference" || kind === "compaction";
    if (!isRequest || turn === null || retried !== null) continue;
    const before = found.get(turn.id);
    if (before === undefined || (before.seq ?? 0) < (each.seq ?? 0)) {
      found.set(turn.id, each);
    }
  }
  return found;
}
