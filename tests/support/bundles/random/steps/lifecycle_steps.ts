/**
 * Rollout, threads and turns: how they begin, end, and continue.
 *
 * @module
 */

import { type Json, type JsonLike, obj } from "../items/json_text.ts";
import type { Session, ThreadModel } from "../session.ts";
import { anyThread, anyTurn, startTurn, type Step } from "./step.ts";
import { anyJson, text } from "../items/values.ts";

const ROLLOUT_STATUSES = ["running", "completed", "failed", "aborted"];

/** The statuses of windows. */
export const EXECUTION_STATUSES: readonly string[] = [
  "running",
  "completed",
  "failed",
  "cancelled",
  "aborted",
];

/** Adds a thread to the model. */
export function addThread(s: Session, id: string, path: string): ThreadModel {
  const thread: ThreadModel = {
    id,
    path,
    ended: false,
    turns: [],
    calls: [],
    snapshot: [],
    pending: null,
    current: null,
    byCall: new Map(),
    byId: new Map(),
    deliveries: [],
    receipts: [],
    receiptIds: new Set(),
  };
  s.threads.push(thread);
  return thread;
}

/** Begins the session: rollout, root thread, first turn; any of the first may be missing. */
export function startSession(s: Session): void {
  const p = s.prng;
  const id = p.chance(0.95) ? s.rolloutId : "root-thread";
  if (p.chance(0.95)) {
    s.emit("rollout_started", {
      trace_id: p.chance(0.9) ? s.traceId : "trace-b",
      root_thread_id: id,
    });
  }
  const metadata = p.chance(0.7)
    ? s.payload(
      "session_metadata",
      obj({
        thread_id: id,
        agent_path: p.pick([null, "/root"]),
        task_name: null,
        nickname: p.pick([null, "Root"]),
        agent_role: null,
        session_source: p.pick<JsonLike>(["exec", null, { custom: "x" }]),
        model: p.pick([null, "gpt-x"]),
      }),
    )
    : s.none();
  s.emit("thread_started", {
    thread_id: id,
    agent_path: "/root",
    metadata_payload: metadata,
  });
  startTurn(s, addThread(s, id, "/root"));
}

/** Ends what is open, as much of it as chance will have. */
export function endSession(s: Session): void {
  const p = s.prng;
  for (const thread of s.threads) {
    const turn = thread.turns.findLast((t) => !t.ended);
    if (turn !== undefined && p.chance(0.4)) endTurn(s, thread);
  }
  if (p.chance(0.4)) endThread(s);
  if (p.chance(0.5)) {
    s.emit("rollout_ended", { status: p.pick(ROLLOUT_STATUSES) });
  }
  if (s.schema >= 2 && p.chance(0.6)) s.emit("recording_completed", {});
}

function endTurn(s: Session, thread: ThreadModel): void {
  const p = s.prng;
  const turn = thread.turns.findLast((t) => !t.ended) ??
    p.maybe(thread.turns);
  if (turn === undefined) return;
  turn.ended = true;
  for (const call of thread.calls) if (call.turn === turn) call.ended = true;
  const context = p.chance(0.8)
    ? { thread: thread.id, turn: turn.id }
    : p.chance(0.5)
    ? { turn: turn.id }
    : {};
  s.emit("codex_turn_ended", {
    codex_turn_id: turn.id,
    status: p.pick(EXECUTION_STATUSES),
  }, context);
}

function endThread(s: Session): void {
  const thread = anyThread(s);
  thread.ended = true;
  s.emit("thread_ended", {
    thread_id: thread.id,
    status: s.prng.pick(ROLLOUT_STATUSES),
  });
}

function resumeThread(s: Session): void {
  const thread = s.prng.maybe(s.threads.filter((t) => t.ended));
  if (thread === undefined) return;
  thread.ended = false;
  s.emit("thread_resumed", { thread_id: thread.id });
}

/** Begins a child thread, one that a spawn announced or another. */
export function startChild(s: Session): void {
  const p = s.prng;
  if (s.threads.length >= s.profile.threads) return;
  const parent = p.pick(s.threads);
  const announced = p.chance(0.8) ? s.announced.shift() : undefined;
  const id = announced?.id ?? p.uuid();
  const path = announced?.path ?? childPath(s, parent);
  const parentId = (announced?.parent ?? parent).id;
  const metadata = p.chance(0.9)
    ? s.payload("session_metadata", childMetadata(s, path, parentId))
    : s.none();
  s.emit("thread_started", {
    thread_id: id,
    agent_path: metadata === null || metadata === undefined || p.chance(0.7)
      ? path
      : "/root/hidden",
    metadata_payload: metadata,
  });
  startTurn(s, addThread(s, id, path));
}

/** The path of a child of `parent`. */
export function childPath(s: Session, parent: ThreadModel): string {
  if (s.prng.chance(0.05)) return s.prng.pick(["", "/", "bad path/", "a//b/"]);
  return `${parent.path}/kid_${s.fresh()}`;
}

/** Metadata whose effective agent path is `path`, written in one of the places that count. */
function childMetadata(s: Session, path: string, parentId: string): Json {
  const p = s.prng;
  const inSpawn = p.chance(0.6);
  const unusual = <T extends JsonLike>(value: T): JsonLike =>
    p.chance(0.1) ? p.pick<JsonLike>([5, null, {}]) : value;
  const spawn = {
    parent_thread_id: parentId,
    depth: 1,
    agent_path: inSpawn ? path : p.pick<JsonLike | undefined>([null, 3]),
    agent_nickname: "unused",
    agent_role: unusual(p.pick([undefined, "worker", null]) ?? null),
    task_name: p.chance(0.3) ? unusual("spawned_task") : undefined,
  };
  const source = p.weighted<JsonLike | undefined>([
    [8, { subagent: { thread_spawn: spawn } }],
    [1, { subagent: { thread_spawn: { ...spawn, parent_thread_id: 4 } } }],
    [1, { subagent: "review" }],
    [1, undefined],
  ]);
  const effective = source !== undefined && typeof source === "object" &&
    inSpawn && JSON.stringify(source).includes(JSON.stringify(parentId));
  return obj({
    agent_path: effective ? p.pick([null, "/root/ignored"]) : path,
    task_name: p.pick([undefined, null, "task", ""]),
    nickname: p.pick([undefined, null, "Nick"]),
    agent_role: p.pick([undefined, null, "role"]),
    session_source: source,
    model: p.pick([undefined, null, "gpt-y"]),
    cwd: "/workspace",
  });
}

function protocolEvent(s: Session): void {
  const p = s.prng;
  s.emit("protocol_event_observed", {
    event_type: p.pick(["warning", "error", "session_configured"]),
    event_payload: s.payload("protocol_event", anyJson(p)),
  });
}

function faultyLifecycle(s: Session): void {
  const p = s.prng;
  if (!s.unusual()) return;
  const thread = anyThread(s);
  const faults: readonly (() => void)[] = [
    () =>
      s.emit("thread_started", {
        thread_id: thread.id,
        agent_path: "/root",
        metadata_payload: null,
      }),
    () => s.emit("thread_ended", { thread_id: "ghost", status: "completed" }),
    () =>
      s.emit("codex_turn_started", {
        codex_turn_id: p.pick(["new", thread.turns[0]?.id ?? "x"]),
        thread_id: p.pick(["ghost", thread.id]),
      }),
    () =>
      s.emit("codex_turn_ended", {
        codex_turn_id: p.pick(["ghost", thread.turns[0]?.id ?? "x"]),
        status: "completed",
      }, { thread: p.pick(s.threads).id }),
    () =>
      s.emit("other", {
        kind: "k",
        summary: text(p),
        payloads: [],
        metadata: anyJson(p),
      }),
    () => s.emit("thread_resumed", { thread_id: p.pick(["g", thread.id]) }),
    () => s.emit("unheard_of", { a: 1 }),
  ];
  p.pick(faults)();
}

/** The steps of this concept. */
export const LIFECYCLE_STEPS: readonly Step[] = [
  {
    family: "lifecycle",
    weight: 3,
    run: (s) => {
      const thread = anyThread(s);
      if (s.prng.chance(0.7)) endTurn(s, thread);
      else anyTurn(s, thread);
    },
  },
  { family: "lifecycle", weight: 1, run: endThread },
  { family: "lifecycle", weight: 4, run: resumeThread, since: 2 },
  { family: "lifecycle", weight: 3, run: startChild },
  { family: "lifecycle", weight: 2, run: protocolEvent },
  { family: "lifecycle", weight: 2, run: faultyLifecycle },
  {
    family: "lifecycle",
    weight: 0.5,
    run: (s) =>
      s.emit("rollout_ended", { status: s.prng.pick(ROLLOUT_STATUSES) }),
  },
  {
    family: "lifecycle",
    weight: 0.3,
    run: (s) =>
      s.emit("rollout_started", {
        trace_id: "trace-again",
        root_thread_id: anyThread(s).id,
      }),
  },
];
