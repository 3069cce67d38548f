/**
 * Agents: spawning, messaging, closing, results.
 *
 * @module
 */

import { type JsonLike, obj } from "../items/json_text.ts";
import { startChild } from "./lifecycle_steps.ts";
import type { Session } from "../session.ts";
import type { Step } from "./step.ts";
import { beginRuntime, endRuntime } from "./tool_runtime.ts";
import { endTool, startTool } from "./tool_steps.ts";
import { text } from "../items/values.ts";

function spawn(s: Session): void {
  const p = s.prng;
  const tool = startTool(s, "spawn_agent");
  if (p.chance(0.4)) beginRuntime(s, tool);
  if (p.chance(0.4)) startChild(s);
  const before = s.announced.length;
  if (p.chance(0.8)) endRuntime(s, tool);
  if (p.chance(0.4)) endTool(s, tool);
  const announced = s.announced.at(-1);
  if (s.announced.length === before || announced === undefined) return;
  if (!p.chance(0.8)) return;
  const count = s.threads.length;
  startChild(s);
  const child = s.threads.at(-1);
  if (s.threads.length === count || child?.id !== announced.id) return;
  if (tool.message === null) return;
  child.deliveries.push({
    author: tool.thread.path,
    recipient: child.path,
    text: tool.message,
  });
}

function message(s: Session): void {
  const p = s.prng;
  const tool = startTool(s, p.pick(["send_message", "assign_agent_task"]));
  if (p.chance(0.5)) beginRuntime(s, tool);
  if (p.chance(0.15)) beginRuntime(s, tool);
  if (p.chance(0.6)) endRuntime(s, tool);
  if (p.chance(0.4)) endTool(s, tool);
}

function close(s: Session): void {
  const p = s.prng;
  const tool = startTool(s, "close_agent");
  if (p.chance(0.6)) beginRuntime(s, tool);
  if (p.chance(0.7)) endRuntime(s, tool);
  if (p.chance(0.5)) endTool(s, tool);
}

function result(s: Session): void {
  const p = s.prng;
  const child = p.pick(s.threads);
  const parent = p.pick(s.threads);
  const turn = p.maybe(child.turns)?.id ?? "ghost-turn";
  const message = p.chance(0.8) ? `result ${s.fresh()}` : text(p);
  const standard = `edge:agent_result:${child.id}:${turn}:${parent.id}`;
  const carried: JsonLike | undefined = p.chance(0.6)
    ? s.payload(
      "agent_result",
      obj({ child_agent_path: child.path, message, status: "running" }),
    )
    : s.none();
  s.emit("agent_result_observed", {
    edge_id: p.chance(0.8) ? `${standard}#${s.fresh()}` : standard,
    child_thread_id: s.unusual() ? "ghost" : child.id,
    child_codex_turn_id: turn,
    parent_thread_id: s.unusual() ? "ghost" : parent.id,
    message,
    carried_payload: carried,
  }, { thread: child.id, turn });
  if (!p.chance(0.9)) return;
  parent.deliveries.push({
    author: child.path,
    recipient: parent.path,
    text: message,
  });
}

/** The steps of this concept. */
export const AGENT_STEPS: readonly Step[] = [
  { family: "agent", weight: 3, run: spawn },
  { family: "agent", weight: 5, run: message },
  { family: "agent", weight: 2, run: close },
  { family: "agent", weight: 3, run: result },
];
