/**
 * When threads and turns start and end, and how many requests each thread makes.
 *
 * @module
 */

import { illustratedMessage, message } from "./items.ts";
import { type BenchSession, CWD, MODEL } from "./session.ts";
import { type BenchShape, isEvery } from "./shape.ts";
import { BenchThread, type BenchTurn, historyItem } from "./thread.ts";

/** Starts a thread; `parent` is undefined for the root. */
export function startThread(
  session: BenchSession,
  calls: number,
  parent?: BenchThread,
): BenchThread {
  const name = `worker_${session.threads.length}`;
  const thread = parent === undefined
    ? new BenchThread(session.rootThread, "/root", calls)
    : new BenchThread(
      session.noise.prng.uuid(),
      `${parent.agentPath}/${name}`,
      calls,
    );
  recordStart(session, thread, parent, name);
  session.threads.push(thread);
  thread.context = contextOf(session, thread).map(historyItem);
  const inherited = session.shape.fork && parent !== undefined
    ? parent.history.items
    : thread.context;
  for (const item of inherited) thread.append(item);
  return thread;
}

/** The instructions, the permissions and the surroundings of a thread. */
export function contextOf(session: BenchSession, thread: BenchThread) {
  const { noise } = session;
  return [
    message(noise, "developer", [session.prompt]),
    message(noise, "developer", session.permissions),
    message(noise, "user", [
      "<environment_context>\n" +
      `  <cwd>${CWD}</cwd>\n  <agent>${thread.agentPath}</agent>\n` +
      "</environment_context>",
    ]),
  ];
}

function recordStart(
  session: BenchSession,
  thread: BenchThread,
  parent: BenchThread | undefined,
  name: string,
): void {
  const { files } = session;
  const rollout_path = `/home/u/sessions/rollout-${thread.id}.jsonl`;
  const metadata_payload = files.payload("session_metadata", {
    thread_id: thread.id,
    agent_path: thread.agentPath,
    task_name: parent === undefined ? null : name,
    nickname: null,
    agent_role: null,
    session_source: parent === undefined ? "exec" : spawnedBy(parent, thread),
    cwd: CWD,
    rollout_path,
    ...MODEL,
    approval_policy: "never",
    sandbox_policy: "DangerFullAccess",
  });
  files.event({
    type: "thread_started",
    thread_id: thread.id,
    agent_path: thread.agentPath,
    metadata_payload,
  });
  session.protocol("session_configured", {
    type: "session_configured",
    session_id: session.rootThread,
    thread_id: thread.id,
    model: MODEL.model,
    model_provider_id: MODEL.provider_name,
    approval_policy: "never",
    cwd: CWD,
    rollout_path,
  });
}

function spawnedBy(parent: BenchThread, thread: BenchThread): object {
  return {
    subagent: {
      thread_spawn: {
        parent_thread_id: parent.id,
        depth: 1,
        agent_path: thread.agentPath,
        agent_nickname: null,
        agent_role: "worker",
      },
    },
  };
}

/** Ends a thread. */
export function endThread(session: BenchSession, thread: BenchThread): void {
  session.protocol("shutdown_complete", { type: "shutdown_complete" });
  session.files.event({
    type: "thread_ended",
    thread_id: thread.id,
    status: "completed",
  });
}

/** How many requests each thread makes, the root first. */
export function shareOut(shape: BenchShape): number[] {
  const { calls, threads, agents } = shape;
  // Where children report back, the root has to outlive them.
  const parts = agents > 0 && threads > 1 ? threads + 1 : threads;
  const share = Math.floor(calls / parts);
  const root = calls - share * (threads - 1);
  return [root, ...Array.from({ length: threads - 1 }, () => share)];
}

/** True when threads begin one after the other, not all at the start. */
export function startsLater(shape: BenchShape): boolean {
  return shape.fork || shape.agents > 0;
}

/** The requests of each thread that should have started by now but has not. */
export function dueChildren(
  session: BenchSession,
  root: BenchThread,
): number[] {
  const [rootCalls = 0, ...children] = shareOut(session.shape);
  const started = session.threads.length - 1;
  const due = children.filter((_, i) =>
    !startsLater(session.shape) ||
    root.calls >= Math.max(1, Math.floor((rootCalls * i) / children.length / 2))
  );
  return due.slice(started);
}

/** Begins a turn: a user writes something, unless other agents did. */
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
  const [first] = thread.messages;
  const repeated = isEvery(shape.reuse, thread.calls) ? first : undefined;
  const text = repeated === undefined
    ? noise.text(200, false)
    : textOf(repeated.item.content);
  session.messages++;
  const item = isEvery(shape.images, session.messages)
    ? illustratedMessage(noise, text)
    : message(noise, "user", [text]);
  session.accept(thread, turn, item);
  const words = thread.pending.at(-1);
  if (words !== undefined) thread.messages.push(words);
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
