import { assertEquals } from "@std/assert";
import {
  assertFails,
  at,
  CHILD,
  exec,
  execOutput,
  item,
  output,
  Script,
  testBoth,
  user,
} from "./support/script.ts";

const EXEC = { type: "other", name: "exec" };
const INITIAL = "code_cell_initial_response";
const ENDED = "code_cell_ended";

/** A script with a cell `r` of call `c` that runs. */
function running(schema: 1 | 2): Script {
  return new Script(schema).request("i", [exec("c")]).cell("r", "c");
}

testBoth("a cell knows its source, its outputs and its tools", (schema) => {
  const trace = new Script(schema)
    .request("i", [exec("c"), execOutput("c"), output("c")])
    .cell("r", "c")
    .tool("t", { cell: "r" })
    .reduce();
  const cell = at(trace.code_cells, "code_cell:c");
  assertEquals(cell.source_item_id, item(1));
  assertEquals(cell.output_item_ids, [item(2)]);
  assertEquals(cell.nested_tool_call_ids, ["t"]);
  assertEquals(cell.runtime_status, "starting");
  assertEquals(at(trace.conversation_items, item(2)).produced_by, [
    { type: "code_cell", code_cell_id: "code_cell:c" },
  ]);
  assertEquals(at(trace.tool_calls, "t").requester, {
    type: "code_cell",
    code_cell_id: "code_cell:c",
  });
});

testBoth("a fast cell stays queued until its source item appears", (schema) => {
  const script = new Script(schema)
    .request("i", [user("go")])
    .cell("r", "c")
    .tool("b", { cell: "r" })
    .tool("a", { cell: "r" })
    .cellReport(INITIAL, "r", "yielded")
    .cellReport(ENDED, "r", "failed");
  assertEquals(script.reduce().code_cells.size, 0);
  const cell = at(
    script.response("i", [exec("c")]).reduce().code_cells,
    "code_cell:c",
  );
  assertEquals(cell.execution, {
    started_at_unix_ms: 40,
    started_seq: 4,
    ended_at_unix_ms: 80,
    ended_seq: 8,
    status: "failed",
  });
  assertEquals(cell.initial_response_seq, 7);
  assertEquals(cell.initial_response_status, "yielded");
  assertEquals(cell.yielded_seq, 7);
  assertEquals(cell.raw_result_payload_id, "raw_payload:3");
  assertEquals(cell.nested_tool_call_ids, ["a", "b"]);
});

testBoth("a cell without source item leaves nothing", (schema) => {
  const trace = new Script(schema)
    .cell("r", "c", { turn: "unknown" })
    .request("i", [user("go")])
    .turnEnd("failed")
    .reduce();
  assertEquals(trace.code_cells.size, 0);
});

testBoth("the source item must be in the cell's thread", (schema) => {
  const script = new Script(schema)
    .thread(CHILD, "/root/child").turn("child", CHILD)
    .cell("r", "c")
    .request("i", [exec("c")], { thread: CHILD, turn: "child" });
  assertEquals(script.reduce().code_cells.size, 0);
  const { code_cells } = script.request("j", [exec("c")]).reduce();
  assertEquals(at(code_cells, "code_cell:c").source_item_id, item(2));
});

testBoth("an output that comes later joins the cell", (schema) => {
  const trace = running(schema)
    .tool("t", { callId: "c", kind: EXEC })
    .request("j", [exec("c"), execOutput("c")])
    .reduce();
  assertEquals(at(trace.code_cells, "code_cell:c").output_item_ids, [item(2)]);
  assertEquals(at(trace.conversation_items, item(2)).produced_by, [
    { type: "tool", tool_call_id: "t" },
    { type: "code_cell", code_cell_id: "code_cell:c" },
  ]);
});

testBoth("only the first initial response counts", (schema) => {
  const { code_cells } = running(schema)
    .cellReport(INITIAL, "r", "yielded")
    .cellReport(INITIAL, "r", "yielded")
    .cellReport(INITIAL, "r", "running")
    .reduce();
  const cell = at(code_cells, "code_cell:c");
  assertEquals(cell.initial_response_seq, 5);
  assertEquals(cell.initial_response_status, "yielded");
  assertEquals(cell.raw_initial_response_payload_id, "raw_payload:2");
  assertEquals(cell.yielded_seq, 6);
  assertEquals(cell.runtime_status, "running");
  assertEquals(cell.execution.status, "running");
});

testBoth(
  "an end stands in for an initial response until one comes",
  (schema) => {
    const script = running(schema).cellReport(ENDED, "r", "terminated");
    const ended = at(script.reduce().code_cells, "code_cell:c");
    assertEquals(ended.execution.status, "cancelled");
    assertEquals(ended.initial_response_seq, 5);
    assertEquals(ended.initial_response_status, null);
    script.cellReport(INITIAL, "r", "completed");
    const answered = at(script.reduce().code_cells, "code_cell:c");
    assertEquals(answered.initial_response_seq, 6);
    assertEquals(answered.initial_response_status, "completed");
    assertEquals(answered.execution.status, "cancelled");
  },
);

testBoth("the end of its turn closes a running cell", (schema) => {
  const closedBy = (status: string, script = running(schema)) => {
    const { code_cells } = script.turnEnd(status).reduce();
    const cell = at(code_cells, "code_cell:c");
    return [cell.runtime_status, cell.execution.status];
  };
  assertEquals(closedBy("completed"), ["starting", "running"]);
  assertEquals(closedBy("running"), ["starting", "running"]);
  assertEquals(closedBy("failed"), ["failed", "failed"]);
  assertEquals(closedBy("cancelled"), ["terminated", "cancelled"]);
  assertEquals(closedBy("aborted"), ["terminated", "cancelled"]);
  const done = running(schema).cellReport(ENDED, "r", "completed");
  assertEquals(closedBy("failed", done), ["completed", "completed"]);
});

testBoth("a turn that closes a cell takes its result away", (schema) => {
  const script = running(schema).cellReport(ENDED, "r", "yielded");
  const yielded = at(script.reduce().code_cells, "code_cell:c");
  assertEquals(yielded.raw_result_payload_id, "raw_payload:2");
  const closed = at(
    script.turnEnd("aborted").reduce().code_cells,
    "code_cell:c",
  );
  assertEquals(closed.raw_result_payload_id, null);
});

testBoth("a wait is listed by the cell it waits for", (schema) => {
  const wait = (cell_id: string) => ({
    tool_name: "wait",
    payload: { arguments: JSON.stringify({ cell_id }) },
  });
  const trace = running(schema)
    .cell("queued", "later")
    .tool("w1", { invocation: wait("r") })
    .tool("w2", { invocation: wait("queued") })
    .tool("w3", { invocation: wait("unknown") })
    .response("i", [exec("later")])
    .reduce();
  assertEquals(
    at(trace.code_cells, "code_cell:c").wait_tool_call_ids,
    ["w1"],
  );
  assertEquals(at(trace.code_cells, "code_cell:later").wait_tool_call_ids, []);
});

testBoth("a wait that does not say for what waits for nothing", (schema) => {
  const invocations = ["{", "{}", '{"cell_id":1}', '"r"'].map((text) => ({
    tool_name: "wait",
    payload: { arguments: text },
  }));
  for (const invocation of [...invocations, { tool_name: "wait" }]) {
    const { code_cells } = running(schema).tool("w", { invocation }).reduce();
    assertEquals(at(code_cells, "code_cell:c").wait_tool_call_ids, []);
  }
});

testBoth("a cell starts once, under one runtime id", (schema) => {
  assertFails(running(schema).cell("r", "c"), "duplicate_start");
  assertFails(running(schema).cell("r2", "c"), "duplicate_start");
  assertFails(running(schema).cell("r", "d"), "conflicting_cell");
  assertFails(
    new Script(schema).cell("r", "c").cell("r", "c"),
    "duplicate_start",
  );
});

testBoth("a cell starts in a turn of its thread", (schema) => {
  const script = () => new Script(schema).request("i", [exec("c")]);
  assertFails(script().cell("r", "c", { turn: null }), "missing_context");
  assertFails(script().cell("r", "c", { turn: "other" }), "unknown_turn");
  assertFails(
    script().cell("r", "c", { thread: null, turn: null }),
    "missing_context",
  );
  assertFails(
    new Script(schema).cell("r", "c", { turn: "other" })
      .request("i", [exec("c")]),
    "unknown_turn",
  );
});

testBoth("events about a cell need its start", (schema) => {
  assertFails(
    new Script(schema).cellReport(INITIAL, "r", "yielded"),
    "unknown_code_cell",
  );
  assertFails(
    new Script(schema).cellReport(ENDED, "r", "completed"),
    "unknown_code_cell",
  );
  assertFails(new Script(schema).tool("t", { cell: "r" }), "unknown_code_cell");
});

Deno.test("schema 2 names the cell that a call of exec started", () => {
  const started = (script: Script) =>
    at(script.reduce().tool_calls, "t").started_code_cell_id;
  const tool = { callId: "c", kind: EXEC };
  assertEquals(started(running(2).tool("t", tool)), "code_cell:c");
  const toolFirst = new Script(2).request("i", [exec("c")]).tool("t", tool)
    .cell("r", "c");
  assertEquals(started(toolFirst), "code_cell:c");
  assertEquals(started(toolFirst.begin("t", {}, EXEC)), "code_cell:c");
  const renamed = toolFirst.begin("t", {}, { type: "other", name: "read" });
  assertEquals(started(renamed), undefined);
  assertEquals(
    started(
      running(2).turn("next", "00000000-0000-0000-0000-00000000000a")
        .tool("t", { ...tool, turn: "next" }),
    ),
    undefined,
  );
  assertEquals(
    started(running(2).tool("t", { ...tool, cell: "r" })),
    undefined,
  );
  assertEquals(started(running(1).tool("t", tool)), undefined);
});
