/**
 * Code cells: started before or after their source item, answering, ending, waited for.
 *
 * @module
 */

import { freshCallId } from "../items/item_core.ts";
import { type Json, type JsonLike, obj } from "../items/json_text.ts";
import type { CellModel, Session, ThreadModel, ToolModel } from "../session.ts";
import { anyThread, anyTurn, type Step } from "./step.ts";
import { endTool, startTool } from "./tool_steps.ts";
import { anyJson, text } from "../items/values.ts";

const CELL_STATUSES: readonly string[] = [
  "starting",
  "running",
  "yielded",
  "completed",
  "failed",
  "terminated",
];

function sourceCallId(s: Session, thread: ThreadModel): string {
  const p = s.prng;
  const taken = new Set(s.cells.map((c) => c.callId));
  const own = [...thread.byCall.values()]
    .filter((item) => item.callKind === "custom_call")
    .map((item) => item.callId)
    .filter((id) => id !== null && !taken.has(id));
  const free = s.callIds.filter((id) => !taken.has(id));
  return (p.chance(0.65)
    ? p.maybe(own)
    : p.chance(0.3)
    ? p.maybe(free)
    : undefined) ?? freshCallId(s);
}

function startCell(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const turn = anyTurn(s, thread);
  const elsewhere = s.cells.filter((c) => c.thread !== thread);
  const shared = p.chance(0.3) ? p.maybe(elsewhere)?.runtimeId : undefined;
  const clash = s.cells.some((c) =>
    c.thread === thread && c.runtimeId === shared
  );
  const cell: CellModel = {
    runtimeId: clash || shared === undefined ? `rc-${s.fresh()}` : shared,
    callId: s.unusual()
      ? p.maybe(s.cells)?.callId ?? "call_1"
      : sourceCallId(s, thread),
    thread,
    ended: false,
  };
  s.emit(
    "code_cell_started",
    {
      runtime_cell_id: cell.runtimeId,
      model_visible_call_id: cell.callId,
      source_js: text(p),
    },
    s.unusual()
      ? { thread: thread.id }
      : s.schema >= 3 || p.chance(0.9)
      ? { thread: thread.id, turn: turn.id }
      : { turn: turn.id },
  );
  s.cells.push(cell);
}

function withCell(run: (s: Session, cell: CellModel) => void) {
  return (s: Session) => {
    const recent = s.cells.slice(-2);
    const cell = s.prng.maybe(s.prng.chance(0.7) ? recent : s.cells);
    if (cell !== undefined) run(s, cell);
  };
}

function response(s: Session): JsonLike | undefined {
  if (s.prng.chance(0.3)) return s.none();
  return s.payload("tool_result", anyJson(s.prng));
}

function respond(s: Session, cell: CellModel): void {
  s.emit("code_cell_initial_response", {
    runtime_cell_id: s.unusual() ? "rc-ghost" : cell.runtimeId,
    status: s.prng.pick(CELL_STATUSES),
    response_payload: response(s),
  }, { thread: cell.thread.id });
}

function end(s: Session, cell: CellModel): void {
  s.emit("code_cell_ended", {
    runtime_cell_id: s.unusual() ? "rc-ghost" : cell.runtimeId,
    status: s.prng.pick(CELL_STATUSES),
    response_payload: response(s),
  }, { thread: cell.thread.id });
  cell.ended = true;
}

function nestedTool(s: Session, cell: CellModel): void {
  const p = s.prng;
  const kind = p.pick(["lookup", "apply_patch", "exec_command", "exec"]);
  const tool = startTool(s, kind, { thread: cell.thread });
  if (p.chance(0.5)) endTool(s, tool);
}

function waitFor(s: Session, cell: CellModel): void {
  const p = s.prng;
  const args = p.weighted<() => string>([
    [8, () => JSON.stringify({ cell_id: cell.runtimeId, yield: 5 })],
    [2, () => JSON.stringify({ cell_id: "rc-unknown" })],
  ])();
  const faulty: readonly JsonLike[] = [
    {},
    { arguments: "{}" },
    { arguments: "{cell_id:1}" },
    { arguments: '{"cell_id":5}' },
    { arguments: 5 },
  ];
  const payload: Json = obj({
    tool_name: "wait",
    tool_namespace: p.pick<JsonLike | undefined>([null, undefined, "ns", 3]),
    payload: s.unusual() || (s.schema >= 3 && p.chance(0.2))
      ? p.pick(faulty)
      : { type: "function", arguments: args },
  });
  const kind = p.pick(["wait", "wait", "lookup", "apply_patch"]);
  const thread = p.chance(0.9) ? cell.thread : anyThread(s);
  const tool = startTool(s, kind, { thread, payload });
  if (s.schema >= 3 && p.chance(0.8)) resolveWait(s, tool, cell.runtimeId);
}

/** Records which cell a tool call waits for. */
function resolveWait(s: Session, tool: ToolModel, cell: string): void {
  if ((tool.waits === true || tool.turn === undefined) && !s.unusual()) return;
  tool.waits = true;
  s.emit(
    "code_cell_wait_target_resolved",
    {
      tool_call_id: s.unusual() ? "tool-ghost" : tool.id,
      runtime_cell_id: cell,
    },
    s.unusual() ? { turn: tool.turn ?? "turn-ghost" } : {
      thread: s.unusual() ? s.prng.pick(s.threads).id : tool.thread.id,
      turn: s.unusual() ? "turn-ghost" : tool.turn ?? "turn-ghost",
    },
  );
}

function resolveAnyWait(s: Session): void {
  const p = s.prng;
  const open = s.tools.filter((tool) => tool.waits !== true);
  const tool = p.maybe(p.chance(0.95) ? open : s.tools);
  if (tool === undefined) return;
  const own = s.cells.filter((cell) => cell.thread === tool.thread);
  const cell = p.maybe(p.chance(0.85) ? own : s.cells)?.runtimeId;
  resolveWait(s, tool, cell ?? "rc-unknown");
}

/** The steps of this concept. */
export const CELL_STEPS: readonly Step[] = [
  { family: "cell", weight: 5, run: startCell },
  { family: "cell", weight: 3, run: withCell(respond) },
  { family: "cell", weight: 3, run: withCell(end) },
  { family: "cell", weight: 3, run: withCell(nestedTool) },
  { family: "cell", weight: 2, run: withCell(waitFor) },
  { family: "cell", weight: 2, run: resolveAnyWait, since: 3 },
];
