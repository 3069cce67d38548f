/**
 * Terminals: exec and write_stdin calls, and the resolution of their targets.
 *
 * @module
 */

import type { Session } from "../session.ts";
import type { Step } from "./step.ts";
import { beginRuntime, endRuntime } from "./tool_runtime.ts";
import { endTool, startTool } from "./tool_steps.ts";

function runExec(s: Session): void {
  const p = s.prng;
  const tool = startTool(s, "exec_command");
  if (p.chance(0.8)) beginRuntime(s, tool);
  if (p.chance(0.6)) endRuntime(s, tool);
  if (p.chance(0.6)) endTool(s, tool);
}

function writeStdin(s: Session): void {
  const p = s.prng;
  const tool = startTool(s, "write_stdin");
  if (p.chance(0.3)) resolveTarget(s);
  if (p.chance(0.4)) beginRuntime(s, tool);
  if (p.chance(0.3)) endRuntime(s, tool);
  if (p.chance(0.7)) endTool(s, tool);
}

function resolveTarget(s: Session): void {
  const p = s.prng;
  const writer = p.chance(0.7)
    ? s.tools.findLast((t) => t.kind === "write_stdin")
    : p.maybe(s.tools);
  const exec = p.chance(0.7)
    ? p.maybe(s.tools.filter((t) => t.operation?.kind === "exec_command"))
    : p.maybe(s.tools);
  if (writer === undefined || exec === undefined) return;
  s.emit("stdin_target_resolved", {
    tool_call_id: s.unusual() ? "ghost" : writer.id,
    exec_tool_call_id: s.unusual() ? "ghost" : exec.id,
  }, { thread: writer.thread.id });
  if (writer.operation === null || exec.operation?.session !== true) return;
  writer.operation.process = exec.operation.process;
  writer.operation.session = true;
}

/** The steps of this concept. */
export const TERMINAL_STEPS: readonly Step[] = [
  { family: "terminal", weight: 4, run: runExec },
  { family: "terminal", weight: 4, run: writeStdin },
  { family: "terminal", weight: 2, run: resolveTarget },
];
