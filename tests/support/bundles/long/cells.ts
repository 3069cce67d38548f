/**
 * Code cells: the model writes a program, and the program calls tools.
 *
 * @module
 */

import type { CodeCellRuntimeStatus } from "../../../../lib/format/vocabulary.ts";
import type { RawPayloadRef } from "../../../../lib/format/payload.ts";
import { callOutput, customCall } from "./items.ts";
import type { BenchSession } from "./session.ts";
import { isEvery } from "./shape.ts";
import type { BenchThread, BenchTurn } from "./thread.ts";
import {
  recordAnswer,
  recordCommand,
  recordToolEnd,
  recordToolStart,
  type ToolCallPlan,
} from "./tool_records.ts";

/** Of so many cells one answers before it is done. */
const YIELDING = 3;

/** Plans a cell that runs one command. */
export function planCell(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
): ToolCallPlan {
  const { noise, shape } = session;
  const id = noise.providerId("call");
  const cmd = `echo ${noise.prng.hex(8)}`;
  const source = `const r = await tools.exec_command({cmd:"${cmd}"}); ` +
    `text(r); // ${noise.text(200, false)}`;
  const item = customCall(noise, "exec", id, source);
  return {
    item,
    start: () => {
      // Only recorders from schema 2 on know a cell as a tool call as well.
      if (!session.schema.write.cellsAreToolCalls) return;
      recordToolStart(session, turn, {
        id,
        name: "exec",
        kind: { type: "other", name: "exec" },
        given: { type: "custom", input: source },
      });
    },
    run: () => {
      runCell(session, thread, turn, { id, source, cmd });
      const output = noise.text(shape.outBytes);
      const parts = [{ type: "input_text", text: output }];
      if (session.schema.write.cellsAreToolCalls) {
        recordAnswer(session, thread, turn, item, parts);
      } else session.accept(thread, turn, callOutput(noise, item, parts));
    },
  };
}

function runCell(
  session: BenchSession,
  thread: BenchThread,
  turn: BenchTurn,
  cell: { id: string; source: string; cmd: string },
): void {
  const runtimeId = String(++thread.cells);
  session.files.event({
    type: "code_cell_started",
    runtime_cell_id: runtimeId,
    model_visible_call_id: cell.id,
    source_js: cell.source,
  }, turn);
  runNestedCommand(session, turn, runtimeId, cell.cmd);
  const yields = isEvery(YIELDING, thread.cells);
  const status = yields ? "yielded" : "completed";
  session.files.event({
    type: "code_cell_initial_response",
    runtime_cell_id: runtimeId,
    status,
    response_payload: cellResponse(session, runtimeId, status),
  }, turn);
  if (yields) thread.openCells.push({ runtimeId, turn: turn.turn });
  else recordCellEnd(session, turn, runtimeId);
}

function runNestedCommand(
  session: BenchSession,
  turn: BenchTurn,
  runtime_cell_id: string,
  cmd: string,
): void {
  const { noise } = session;
  const id = `exec-${noise.prng.uuid()}`;
  recordToolStart(session, turn, {
    id,
    name: "exec_command",
    kind: { type: "exec_command" },
    given: { type: "function", arguments: JSON.stringify({ cmd }) },
    requester: { type: "code_cell", runtime_cell_id },
    runtimeToolId: "tool-1",
  });
  const output = noise.text(100);
  recordCommand(session, turn, id, cmd, output);
  recordToolEnd(session, turn, id, {
    type: "code_mode_response",
    value: {
      chunk_id: noise.prng.hex(6),
      wall_time_seconds: 5.588e-6,
      exit_code: 0,
      original_token_count: 3,
      output,
    },
  });
}

function cellResponse(
  session: BenchSession,
  cell_id: string,
  status: CodeCellRuntimeStatus,
): RawPayloadRef {
  const body = {
    cell_id,
    content_items: [{ type: "input_text", text: session.noise.text(100) }],
  };
  const code_mode_host_duration = { secs: 0, nanos: 73_414_817 };
  return session.files.payload("tool_result", {
    response: status === "yielded"
      ? { Yielded: { ...body, code_mode_host_duration } }
      : { Result: { ...body, error_text: null, code_mode_host_duration } },
  });
}

function recordCellEnd(
  session: BenchSession,
  place: { thread: string; turn: string },
  runtimeId: string,
): void {
  session.files.event({
    type: "code_cell_ended",
    runtime_cell_id: runtimeId,
    status: "completed",
    response_payload: cellResponse(session, runtimeId, "completed"),
  }, place);
}

/** Ends the cells that continued while the model did. */
export function endOpenCells(
  session: BenchSession,
  thread: BenchThread,
): void {
  for (const { runtimeId, turn } of thread.openCells) {
    recordCellEnd(session, { thread: thread.id, turn }, runtimeId);
  }
  thread.openCells = [];
}
