/**
 * Tool calls of every kind: start, correlation, runtime begin and end, end.
 *
 * @module
 */

import { agentArguments } from "./agent_payloads.ts";
import { freshCallId } from "../items/item_core.ts";
import { type Json, type JsonLike, obj, Raw } from "../items/json_text.ts";
import { EXECUTION_STATUSES } from "./lifecycle_steps.ts";
import type { Prng } from "../prng.ts";
import type { Session, ThreadModel, ToolModel, TurnModel } from "../session.ts";
import { anyThread, anyTurn, type Step } from "./step.ts";
import { dispatchResult, stdinInvocation } from "./terminal_payloads.ts";
import { beginRuntime, endRuntime, kindJson } from "./tool_runtime.ts";
import { anyJson, text } from "../items/values.ts";

function summaryJson(s: Session): JsonLike {
  const p = s.prng;
  return p.weighted<() => JsonLike>([
    [8, () => ({
      type: "generic",
      label: text(p),
      input_preview: p.pick([s.none(), text(p)]),
      output_preview: s.none(),
    })],
    [1, () => ({ type: "terminal", operation_id: "terminal_operation:9" })],
    [1, () => ({
      type: "agent",
      target_agent_path: "/root/x",
      task_name: p.pick([s.none(), "t"]),
      message_preview: text(p),
    })],
    [1, () => ({
      type: "wait_agent",
      target_agent_path: p.pick([s.none(), "/root/x"]),
      timeout_ms: p.pick([s.none(), 5]),
    })],
  ])();
}

/** A call id for a new tool of this thread: of an item seen before, or of one to arrive. */
function toolCallId(s: Session, thread: ThreadModel): string | null {
  const p = s.prng;
  if (p.chance(0.12)) return null;
  const taken = new Set(s.tools.map((t) => t.callId));
  const cells = s.cells.filter((c) => c.thread === thread)
    .map((c) => c.callId)
    .filter((id) => !taken.has(id));
  if (cells.length > 0 && p.chance(0.5)) return p.pick(cells);
  const own = [...thread.byCall.values()]
    .map((item) => item.callId)
    .filter((id) => id !== null && !taken.has(id));
  const free = s.callIds.filter((id) => !taken.has(id));
  const id = p.chance(0.75)
    ? p.maybe(own)
    : p.chance(0.4)
    ? p.maybe(free)
    : undefined;
  if (id === undefined && s.unusual()) return p.maybe(s.callIds) ?? null;
  return id ?? freshCallId(s);
}

function requester(s: Session, thread: ThreadModel): JsonLike {
  const cell = s.prng.maybe(s.cells.filter((c) => c.thread === thread));
  if (cell !== undefined && s.prng.chance(0.4)) {
    return { type: "code_cell", runtime_cell_id: cell.runtimeId };
  }
  if (s.unusual()) return { type: "code_cell", runtime_cell_id: "ghost" };
  return { type: "model" };
}

function invocation(s: Session, tool: ToolModel): Json {
  const p = s.prng;
  if (tool.kind === "write_stdin") return stdinInvocation(s, tool);
  const agent = agentArguments(s, tool);
  if (agent === null && s.schema >= 3 && p.chance(0.1)) return unread(p);
  const args = agent ?? JSON.stringify({ cmd: text(p) });
  return obj({
    tool_name: tool.kind,
    tool_namespace: p.pick<JsonLike | undefined>([null, undefined, "ns", 4]),
    payload: p.weighted<JsonLike>([
      [8, { type: "function", arguments: args }],
      [agent === null ? 1 : 0, { type: "custom", input: text(p) }],
      [agent === null ? 1 : 0, { type: "local_shell", command: ["ls"] }],
    ]),
  });
}

/** What the strict way of reading refuses, which no invocation of most tools meets. */
function unread(p: Prng): Json {
  return p.pick<Json>([
    anyJson(p),
    new Raw('{"payload":"\\ud83d"}'),
    new Raw(`${"[".repeat(140)}${"]".repeat(140)}`),
    new Raw('{"a":1,"a":1e999}'),
  ]);
}

/** Ends of ids whose order by bytes is not their order by UTF-16 units. */
const ID_ENDS: readonly (readonly [number, string])[] = [
  [20, ""],
  [1, "\u{1f30d}"],
  [1, "\uff5e"],
];

function toolId(s: Session, callId: string | null): string {
  const p = s.prng;
  if (s.unusual()) return p.maybe(s.tools)?.id ?? "tool";
  const free = !s.tools.some((tool) => tool.id === callId);
  if (callId !== null && free && p.chance(0.6)) return callId;
  return `tool-${p.hex(2)}-${s.fresh()}${p.weighted(ID_ENDS)}`;
}

/** What the envelope of a start reports about thread and turn; one of the two may be missing. */
function startContext(
  s: Session,
  thread: ThreadModel,
  turn: TurnModel,
): { thread?: string; turn?: string } {
  const p = s.prng;
  if (s.unusual()) return { thread: p.pick(s.threads).id, turn: turn.id };
  if (p.chance(0.85)) return { thread: thread.id, turn: turn.id };
  return p.chance(0.5) ? { turn: turn.id } : { thread: thread.id };
}

/** Starts a tool call of a kind; `payload` is its invocation where the caller knows better. */
export function startTool(
  s: Session,
  kind: string,
  options: { thread?: ThreadModel; payload?: Json } = {},
): ToolModel {
  const p = s.prng;
  const thread = options.thread ?? anyThread(s);
  const turn = anyTurn(s, thread);
  const callId = toolCallId(s, thread);
  const tool: ToolModel = {
    id: toolId(s, callId),
    callId,
    thread,
    kind,
    operation: null,
    runtimePayloads: 0,
    hasInvocation: true,
    message: null,
    target: p.chance(0.9) ? p.pick(s.threads) : null,
    started: false,
    correlated: false,
  };
  const body = options.payload ?? invocation(s, tool);
  tool.hasInvocation = options.payload !== undefined || p.chance(0.85);
  if (!tool.hasInvocation) tool.operation = null;
  const fields = {
    tool_call_id: tool.id,
    model_visible_call_id: callId ?? s.none(),
    code_mode_runtime_tool_id: p.chance(0.1) ? "rt-1" : s.none(),
    requester: requester(s, thread),
    kind: kindJson(s, kind),
    summary: summaryJson(s),
    invocation_payload: tool.hasInvocation
      ? s.payload("tool_invocation", body)
      : s.none(),
  };
  const context = startContext(s, thread, turn);
  s.emit("tool_call_started", fields, context);
  if (s.stored(fields.invocation_payload).missing) tool.operation = null;
  tool.turn = context.turn;
  s.tools.push(tool);
  return tool;
}

const PLAIN_KINDS: readonly string[] = [
  "apply_patch",
  "web",
  "image_generation",
  "wait_agent",
  "mcp",
  "exec",
  "exec",
  "lookup",
];

/** End of a tool call, as its requester sees it. */
export function endTool(s: Session, tool: ToolModel): void {
  const p = s.prng;
  const projected = tool.operation !== null && tool.runtimePayloads === 0;
  const body = p.chance(0.15)
    ? null
    : projected
    ? dispatchResult(s, tool)
    : p.chance(0.5)
    ? dispatchResult(s, tool)
    : anyJson(p);
  s.emit("tool_call_ended", {
    tool_call_id: tool.id,
    status: p.pick(EXECUTION_STATUSES),
    result_payload: body === null ? s.none() : s.payload("tool_result", body),
  }, { thread: tool.thread.id });
}

function anyTool(s: Session): ToolModel | undefined {
  const recent = s.tools.slice(-3);
  return s.prng.maybe(s.prng.chance(0.7) ? recent : s.tools);
}

function withTool(run: (s: Session, tool: ToolModel) => void) {
  return (s: Session) => {
    const tool = anyTool(s);
    if (tool !== undefined) run(s, tool);
  };
}

function correlate(s: Session, tool: ToolModel): void {
  if (tool.correlated && !s.unusual()) return;
  tool.correlated = true;
  s.emit("mcp_tool_call_correlation_assigned", {
    tool_call_id: s.unusual() ? "tool-ghost" : tool.id,
    mcp_call_id: s.prng.uuid(),
  });
}

function faultyTool(s: Session): void {
  if (!s.unusual()) return;
  const p = s.prng;
  const ref = s.payload("tool_runtime_event", obj({}));
  const tool_call_id = p.pick(["ghost", s.tools[0]?.id ?? "ghost"]);
  p.pick([
    () =>
      s.emit("tool_call_runtime_started", {
        tool_call_id,
        kind: p.pick<JsonLike | undefined>([undefined, { type: "web" }]),
        runtime_payload: ref,
      }),
    () =>
      s.emit("tool_call_runtime_ended", {
        tool_call_id,
        status: "completed",
        runtime_payload: ref,
      }),
    () =>
      s.emit("tool_call_ended", {
        tool_call_id,
        status: "completed",
        result_payload: ref,
      }),
  ])();
}

/** The steps of this concept. */
export const TOOL_STEPS: readonly Step[] = [
  {
    family: "tool",
    weight: 4,
    run: (s) => void startTool(s, s.prng.pick(PLAIN_KINDS)),
  },
  { family: "tool", weight: 3, run: withTool(beginRuntime) },
  { family: "tool", weight: 3, run: withTool(endRuntime) },
  { family: "tool", weight: 4, run: withTool(endTool) },
  { family: "tool", weight: 1, run: withTool(correlate) },
  { family: "tool", weight: 1, run: faultyTool },
];
