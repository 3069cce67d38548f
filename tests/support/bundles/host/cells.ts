/**
 * The part of the scripted session in which the model writes code.
 *
 * @module
 */

import { customCall, functionCall, userMessage } from "./items.ts";
import type { FakeThread } from "./thread.ts";

/** A cell that yields and is waited for, one that fails at once, one that is terminated. */
export function playCodeCells(host: FakeThread): void {
  host.startTurn("turn-code", true);
  host.accept(userMessage("msg_user_3", "write code"));
  const call = customCall("call_code", "exec", "await tools.exec_command({})");
  host.ask("full", call);
  const exec = host.dispatch(call);
  const cell = host.trace.startCodeCell(
    host.turn,
    "1",
    "call_code",
    "await tools.exec_command({})",
  );
  const nested = host.start("exec-1", "exec_command", {
    type: "function",
    arguments: '{"cmd":"ls"}',
  }, {
    type: "code_cell",
    runtime_cell_id: "1",
    runtime_tool_call_id: "tool-1",
  });
  host.execBegin("exec-1", "200", "ls");
  host.execEnd("exec-1", "200", "ls", 0);
  nested.recordCompleted("completed", {
    type: "code_mode_response",
    value: { output: "ls", exit_code: 0 },
  });
  cell.recordInitialResponse({ Yielded: cellOutput("1") });
  host.answer(exec, call, "yielded");
  const wait = functionCall("call_wait", "wait", { cell_id: "1" });
  host.ask("incremental", wait);
  const waiting = host.dispatch(wait);
  host.trace.recordCodeCellWaitTarget(host.turn, "call_wait", "1");
  host.trace.codeCell(host.turn, "1").recordEnded({
    Result: { ...cellOutput("1"), error_text: null },
  });
  host.answer(waiting, wait, "done");
  for (const id of ["2", "3"]) playShortCell(host, id);
  host.endTurn({ type: "task_complete", turn_id: host.turn });
}

function playShortCell(host: FakeThread, id: string): void {
  const call = customCall(`call_cell_${id}`, "exec", `// cell ${id}`);
  host.ask("incremental", call);
  const exec = host.dispatch(call);
  const callId = String(call["call_id"]);
  const cell = host.trace.startCodeCell(host.turn, id, callId, `// cell ${id}`);
  const response = id === "2"
    ? { Result: { ...cellOutput(id), error_text: "boom" } }
    : { Terminated: cellOutput(id) };
  cell.recordInitialResponse(response);
  cell.recordEnded(response);
  host.answer(exec, call, "over");
}

function cellOutput(cell_id: string) {
  const content_items = [{ type: "input_text", text: "out" }];
  const code_mode_host_duration = { secs: 0, nanos: 7 };
  return { cell_id, content_items, code_mode_host_duration };
}
