/**
 * How turns begin and end.
 *
 * @module
 */

import { illustratedMessage, message } from "./items.ts";
import type { BenchSession } from "./session.ts";
import { isEvery } from "./shape.ts";
import type { BenchThread, BenchTurn } from "./thread.ts";

/** Begins a turn: a user says something, unless other agents did. */
export function beginTurn(
  session: BenchSession,
  thread: BenchThread,
): BenchTurn {
  const { files, noise } = session;
  const turn: BenchTurn = {
    thread: thread.id,
    turn: noise.prng.uuid(),
    calls: 0,
  };
  thread.turn = turn;
  files.event({
    type: "codex_turn_started",
    codex_turn_id: turn.turn,
    thread_id: thread.id,
  }, turn);
  session.protocol("turn_started", {
    type: "task_started",
    turn_id: turn.turn,
    started_at: Math.trunc(files.clock.now / 1000),
    model_context_window: 258_400,
  });
  if (thread.calls === 0) acceptContext(session, thread, turn);
  if (thread.inbox.length === 0) ask(session, thread, turn);
  return turn;
}

/** The instructions are not in the recorder's history: it puts them in front of each request. */
function acceptContext(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): void {
  for (const { item } of thread.history.items.slice(1)) {
    session.accepted(turn, item);
  }
}

function ask(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): void {
  const { noise, shape } = session;
  const [first] = thread.said;
  const repeated = isEvery(shape.reuse, thread.calls) ? first : undefined;
  const text = repeated === undefined
    ? noise.text(200, false)
    : textOf(repeated.item.content);
  session.messages++;
  const item = isEvery(shape.images, session.messages)
    ? illustratedMessage(noise, text)
    : message(noise, "user", [text]);
  session.accept(thread, turn, item);
  const said = thread.pending.at(-1);
  if (said !== undefined) thread.said.push(said);
}

function textOf(content: unknown): string {
  const [part]: unknown[] = Array.isArray(content) ? content : [];
  return typeof part === "object" && part !== null && "text" in part
    ? String(part.text)
    : "";
}

/** Ends the turn. */
export function endTurn(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): void {
  session.files.event({
    type: "codex_turn_ended",
    codex_turn_id: turn.turn,
    status: "completed",
  }, turn);
  session.protocol("turn_complete", {
    type: "task_complete",
    turn_id: turn.turn,
    last_agent_message: "done",
    duration_ms: 280,
  });
  thread.turn = undefined;
}
