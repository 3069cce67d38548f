/**
 * Payloads of collaboration tools, each strict in its own way.
 *
 * @module
 */

import { type JsonLike, type Obj, obj } from "../items/json_text.ts";
import type { Session, ThreadModel, ToolModel } from "../session.ts";
import { spelledUuid, text } from "../items/values.ts";

const MESSAGE_KINDS: readonly string[] = [
  "spawn_agent",
  "assign_agent_task",
  "send_message",
];

const STATUSES: readonly JsonLike[] = [
  "pending_init",
  "running",
  "interrupted",
  "shutdown",
  "not_found",
  { completed: null },
  { completed: "done" },
  { errored: "no" },
  { running: null },
];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Arguments of a collaboration tool as JSON text; null for other kinds. */
export function agentArguments(s: Session, tool: ToolModel): string | null {
  const p = s.prng;
  if (!MESSAGE_KINDS.includes(tool.kind)) return null;
  tool.message = p.chance(0.8) ? `message ${s.fresh()}` : text(p);
  const args: Record<string, JsonLike> = { message: tool.message };
  if (s.unusual()) args.message = 5;
  return JSON.stringify({ target: "x", ...args });
}

function uuidOf(s: Session, thread: ThreadModel | null): string {
  const id = thread !== null && UUID.test(thread.id)
    ? thread.id
    : s.prng.uuid();
  return spelledUuid(s.prng, id);
}

/** The text the call carries; equal in start and end. */
function promptOf(s: Session, tool: ToolModel): string {
  tool.message ??= s.prng.chance(0.8) ? `message ${s.fresh()}` : text(s.prng);
  return tool.message;
}

function expectDelivery(s: Session, tool: ToolModel): void {
  const target = tool.target;
  if (target === null || tool.message === null) return;
  if (!s.prng.chance(0.9)) return;
  target.deliveries.push({
    author: tool.thread.path,
    recipient: target.path,
    text: tool.message,
  });
}

function parties(s: Session, tool: ToolModel): Record<string, JsonLike> {
  return {
    call_id: tool.callId ?? "c",
    sender_thread_id: uuidOf(s, tool.thread),
    receiver_thread_id: uuidOf(s, tool.target),
  };
}

/** Payload of a begin; null for kinds that no rule reads. */
export function agentBegin(s: Session, tool: ToolModel): Obj | null {
  const p = s.prng;
  const started_at_ms = p.pick([undefined, 1_790_000_000_000]);
  let body: Obj;
  switch (tool.kind) {
    case "assign_agent_task":
    case "send_message":
      body = obj({
        ...parties(s, tool),
        started_at_ms,
        prompt: promptOf(s, tool),
      });
      expectDelivery(s, tool);
      break;
    case "close_agent":
      body = obj({ ...parties(s, tool), started_at_ms });
      break;
    default:
      return null;
  }
  return s.unusual() ? spoil(s, body) : body;
}

function spoil(s: Session, body: Obj): Obj {
  const [key] = s.prng.pick(body.entries);
  return s.prng.pick([
    body.without(key),
    body.with(key, null),
    body.with(key, "not-a-uuid"),
    body.with("started_at_ms", null),
    body.with("status", obj({ completed: null, errored: "x" })),
  ]);
}

function endExtras(s: Session): Record<string, JsonLike | undefined> {
  const p = s.prng;
  return {
    completed_at_ms: p.pick([undefined, 1_790_000_000_001]),
    receiver_agent_nickname: p.pick([undefined, null, "Nick"]),
    receiver_agent_role: p.pick([undefined, null, "role"]),
    status: p.pick(STATUSES),
  };
}

/** Payload of an end; null for kinds that no rule reads. */
export function agentEnd(s: Session, tool: ToolModel): Obj | null {
  const p = s.prng;
  const body = p.chance(0.5)
    ? activity(s, tool) ?? classicEnd(s, tool)
    : classicEnd(s, tool) ?? (p.chance(0.04) ? activity(s, tool) : null);
  return body !== null && s.unusual() ? spoil(s, body) : body;
}

function announce(s: Session, tool: ToolModel): string {
  const p = s.prng;
  if (p.chance(0.15)) return uuidOf(s, p.pick(s.threads));
  const id = p.uuid();
  const path = `${tool.thread.path}/kid_${s.fresh()}`;
  s.announced.push({ id, path, parent: tool.thread });
  return spelledUuid(p, id);
}

function classicEnd(s: Session, tool: ToolModel): Obj | null {
  const p = s.prng;
  switch (tool.kind) {
    case "spawn_agent":
      return obj({
        call_id: "c",
        sender_thread_id: uuidOf(s, tool.thread),
        new_thread_id: p.chance(0.85) ? announceWithMessage(s, tool) : s.none(),
        prompt: promptOf(s, tool),
        model: "gpt-x",
        reasoning_effort: p.pick(["low", "new"]),
        status: p.pick(STATUSES),
        new_agent_nickname: p.pick([undefined, null, "Nick"]),
        new_agent_role: p.pick([undefined, null, "role"]),
      });
    case "assign_agent_task":
    case "send_message": {
      const body = obj({
        ...parties(s, tool),
        prompt: promptOf(s, tool),
        ...endExtras(s),
      });
      if (!tool.started) expectDelivery(s, tool);
      return body;
    }
    case "close_agent":
      return obj({ ...parties(s, tool), ...endExtras(s) });
    default:
      return null;
  }
}

/** Announces a child; its first message arrives as a delivery once the child exists. */
function announceWithMessage(s: Session, tool: ToolModel): string {
  promptOf(s, tool);
  return announce(s, tool);
}

const ACTIVITY: Readonly<Record<string, string>> = {
  spawn_agent: "started",
  assign_agent_task: "interacted",
  send_message: "interacted",
  close_agent: "interrupted",
};

function activity(s: Session, tool: ToolModel): Obj | null {
  const p = s.prng;
  const fitting = ACTIVITY[tool.kind];
  const done = fitting === undefined || p.chance(0.1);
  if (fitting === undefined && !p.chance(0.1)) return null;
  const needsMessage = !done && tool.kind !== "close_agent";
  if (needsMessage && (!tool.hasInvocation || tool.message === null)) {
    return null;
  }
  const kind = s.unusual()
    ? p.pick(["started", "interacted", "interrupted", "gone"])
    : done
    ? "completed"
    : fitting;
  const spawn = tool.kind === "spawn_agent" && kind === "started";
  const body = obj({
    model: p.pick([undefined, null, "gpt-x"]),
    reasoning_effort: p.pick([undefined, null, "high"]),
    event_id: tool.id,
    occurred_at_ms: p.pick([undefined, 1_790_000_000_000]),
    agent_thread_id: spawn ? announce(s, tool) : uuidOf(s, tool.target),
    agent_path: s.unusual()
      ? p.pick(["/root/", "/Root", "root", "/root/A", "/root/root"])
      : p.pick(["/root", "/morpheus", "/root/kid_1", "/root/a/b_2"]),
    kind,
  });
  if (needsMessage && !spawn && !tool.started) expectDelivery(s, tool);
  return body;
}
