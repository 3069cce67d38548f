/**
 * What happens behind a tool call: the begin and the end of its runtime.
 *
 * @module
 */

import { agentBegin, agentEnd } from "./agent_payloads.ts";
import { type Json, type JsonLike, Obj, obj } from "../items/json_text.ts";
import { EXECUTION_STATUSES } from "./lifecycle_steps.ts";
import type { Session, ToolModel } from "../session.ts";
import {
  beginOperation,
  operationBegin,
  operationEnd,
} from "./terminal_payloads.ts";
import { anyJson, anyObject } from "../items/values.ts";

/** The kinds that are nothing but their type. */
const BARE_KINDS: readonly string[] = [
  "exec_command",
  "write_stdin",
  "apply_patch",
  "web",
  "image_generation",
  "spawn_agent",
  "assign_agent_task",
  "send_message",
  "wait_agent",
  "close_agent",
];

/** A tool kind as events spell it. */
export function kindJson(s: Session, kind: string): JsonLike {
  if (kind === "mcp") {
    return { type: "mcp", server: "lab", tool: s.prng.pick(["echo", "pic"]) };
  }
  if (BARE_KINDS.includes(kind)) return { type: kind };
  return { type: "other", name: kind };
}

function mcpBegin(s: Session): Json {
  const p = s.prng;
  if (s.unusual()) {
    return obj({
      invocation: p.pick<JsonLike>([null, { server: "lab" }, { tool: 3 }]),
    });
  }
  return obj({
    call_id: "c",
    invocation: {
      server: p.pick(["lab", "other"]),
      tool: "echo",
      arguments: p.pick<JsonLike | undefined>([undefined, null, { a: 1 }]),
    },
  });
}

/** Kind that a runtime begin declares; in schema 1 it declares none. */
function declaredKind(s: Session, tool: ToolModel): string {
  const p = s.prng;
  if (s.schema === 1 || p.chance(0.85)) return tool.kind;
  const kind = p.pick([...BARE_KINDS, "mcp", "exec"]);
  const terminal = kind === "exec_command" || kind === "write_stdin";
  return terminal && tool.operation !== null && !s.unusual() ? tool.kind : kind;
}

function isTerminal(kind: string): boolean {
  return kind === "exec_command" || kind === "write_stdin";
}

/** Begin of the runtime behind a tool call. */
export function beginRuntime(s: Session, tool: ToolModel): void {
  const p = s.prng;
  const kind = declaredKind(s, tool);
  if (isTerminal(kind) && tool.operation !== null && !s.unusual()) return;
  tool.kind = kind;
  const mcp = p.chance(kind === "mcp" ? 0.8 : 0.02);
  let body: Json;
  if (mcp) body = mcpBegin(s);
  else if (isTerminal(kind)) body = operationBegin(s, tool);
  else body = agentBegin(s, tool) ?? anyObject(p, 2, 3);
  const kindOfEvent = s.schema >= 2 ? kindJson(s, kind) : undefined;
  const ref = s.payload("tool_runtime_event", body);
  s.emit("tool_call_runtime_started", {
    tool_call_id: tool.id,
    kind: kindOfEvent,
    runtime_payload: ref,
  }, { thread: tool.thread.id });
  if (mcp) tool.kind = "mcp";
  else if (isTerminal(kind) && !s.stored(ref).missing) {
    beginOperation(tool, body);
  }
  tool.started = true;
  tool.runtimePayloads++;
}

/** End of the runtime behind a tool call. */
export function endRuntime(s: Session, tool: ToolModel): void {
  const p = s.prng;
  const operation = tool.operation === null ? null : operationEnd(s, tool);
  const agent = agentEnd(s, tool);
  const entries = [...operation?.entries ?? [], ...agent?.entries ?? []];
  const body = entries.length > 0
    ? new Obj(entries)
    : tool.operation === null && isTerminal(tool.kind)
    ? anyJson(p)
    : anyObject(p, 1, 2).with("result", "Ok");
  s.emit("tool_call_runtime_ended", {
    tool_call_id: tool.id,
    status: p.pick(EXECUTION_STATUSES),
    runtime_payload: s.payload("tool_runtime_event", body),
  });
  tool.runtimePayloads++;
}
