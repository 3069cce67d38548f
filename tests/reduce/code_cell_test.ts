import { assertEquals } from "@std/assert";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import { testEvery } from "../support/every_schema.ts";
import {
  assertFails,
  at,
  CHILD,
  exec,
  execOutput,
  item,
  output,
  type Place,
  ROOT,
  Script,
  user,
} from "../support/bundles/script.ts";

const EXEC = { type: "other", name: "exec" };
const INITIAL = "code_cell_initial_response";
const ENDED = "code_cell_ended";

/** A script with a cell `r` of call `c` that runs. */
function running(schema: Schema): Script {
  return new Script(schema).request("i", [exec("c")]).cell("r", "c");
}

testEvery(
  SCHEMAS,
  "a cell knows its source, its outputs and its tools",
  (schema) => {
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
  },
);

testEvery(
  SCHEMAS,
  "a fast cell stays queued until its source item appears",
  (schema) => {
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
  },
);

testEvery(SCHEMAS, "a cell without source item leaves nothing", (schema) => {
  const trace = new Script(schema)
    .cell("r", "c", { turn: "unknown" })
    .request("i", [user("go")])
    .turnEnd("failed")
    .reduce();
  assertEquals(trace.code_cells.size, 0);
});

testEvery(SCHEMAS, "the source item must be in the cell's thread", (schema) => {
  const script = new Script(schema)
    .thread(CHILD, "/root/child").turn("child", CHILD)
    .cell("r", "c")
    .request("i", [exec("c")], { thread: CHILD, turn: "child" });
  assertEquals(script.reduce().code_cells.size, 0);
  const { code_cells } = script.request("j", [exec("c")]).reduce();
  assertEquals(at(code_cells, "code_cell:c").source_item_id, item(2));
});

testEvery(SCHEMAS, "an output that arrives later joins the cell", (schema) => {
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

testEvery(SCHEMAS, "only the first initial response counts", (schema) => {
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

testEvery(
  SCHEMAS,
  "an end replaces an initial response until one arrives",
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

testEvery(SCHEMAS, "the end of its turn closes a running cell", (schema) => {
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

testEvery(
  SCHEMAS,
  "a turn that closes a cell takes its result away",
  (schema) => {
    const script = running(schema).cellReport(ENDED, "r", "yielded");
    const yielded = at(script.reduce().code_cells, "code_cell:c");
    assertEquals(yielded.raw_result_payload_id, "raw_payload:2");
    const closed = at(
      script.turnEnd("aborted").reduce().code_cells,
      "code_cell:c",
    );
    assertEquals(closed.raw_result_payload_id, null);
  },
);

/** Starts a `wait` for the cell `runtime_cell_id`, as each schema records it. */
function wait(script: Script, tool: string, runtime_cell_id: string): Script {
  const invocation = {
    tool_name: "wait",
    payload: { arguments: JSON.stringify({ cell_id: runtime_cell_id }) },
  };
  script.tool(tool, { invocation });
  return script.schema.reduce.resolvesWaits
    ? script.event(resolved(tool, runtime_cell_id))
    : script;
}

/** The event that links a `wait` to its cell. */
function resolved(tool_call_id: string, runtime_cell_id: string): object {
  const type = "code_cell_wait_target_resolved";
  return { type, tool_call_id, runtime_cell_id };
}

testEvery(SCHEMAS, "a wait is listed by the cell it waits for", (schema) => {
  const script = running(schema).cell("queued", "later");
  for (const [tool, cell] of [["w1", "r"], ["w2", "queued"], ["w3", "new"]]) {
    wait(script, tool ?? "", cell ?? "");
  }
  const { code_cells, tool_calls } = script.response("i", [exec("later")])
    .request("j", [exec("c"), exec("later"), exec("d")])
    .cell("new", "d")
    .reduce();
  const waits = ["c", "later", "d"].map((call) =>
    at(code_cells, `code_cell:${call}`).wait_tool_call_ids
  );
  const { resolvesWaits } = schema.reduce;
  assertEquals(waits, [["w1"], resolvesWaits ? ["w2"] : [], []]);
  assertEquals(
    [...tool_calls.values()].map((tool) => tool.resolved_wait_runtime_cell_id),
    resolvesWaits ? ["r", "queued", "new"] : [undefined, undefined, undefined],
  );
});

const RESOLVING = SCHEMAS.filter(({ reduce }) => reduce.resolvesWaits);

testEvery(RESOLVING, "a wait without its event waits for nothing", (schema) => {
  const invocation = {
    tool_name: "wait",
    payload: { arguments: '{"cell_id":"r"}' },
  };
  const { code_cells } = running(schema).tool("w", { invocation }).reduce();
  assertEquals(at(code_cells, "code_cell:c").wait_tool_call_ids, []);
});

testEvery(RESOLVING, "waits join their cell in order of arrival", (schema) => {
  const script = running(schema).cellReport(ENDED, "r", "completed")
    .tool("a").toolEnd("a").tool("b")
    .event(resolved("b", "r")).event(resolved("a", "r"));
  const { code_cells } = script.reduce();
  assertEquals(
    at(code_cells, "code_cell:c").wait_tool_call_ids,
    ["b", "a"],
  );
});

testEvery(
  RESOLVING,
  "a wait is resolved once, where it was called",
  (schema) => {
    const script = () =>
      running(schema).thread(CHILD, "/root/child").turn("child", CHILD)
        .turn("next", ROOT).tool("w");
    const at = (place: Place) => script().event(resolved("w", "r"), place);
    assertFails(at({ thread: null }), "missing_context");
    assertFails(at({ turn: null }), "missing_context");
    assertFails(script().event(resolved("v", "r")), "unknown_tool_call");
    assertFails(at({ thread: CHILD, turn: "child" }), "thread_mismatch");
    assertFails(at({ turn: "next" }), "thread_mismatch");
    assertFails(at({}).event(resolved("w", "r")), "duplicate_wait_target");
  },
);

const IN_THREAD = SCHEMAS.filter(({ reduce }) => reduce.cellsNameThread);

testEvery(
  SCHEMAS,
  "events of a cell may name its turn alone before schema 3",
  (schema) => {
    const source = () => new Script(schema).request("i", [exec("c")]);
    const scripts = [
      source().cell("r", "c", { thread: null }),
      running(schema).cellReport(INITIAL, "r", "yielded", { thread: null }),
      running(schema).cellReport(ENDED, "r", "completed", { thread: null }),
    ];
    for (const script of scripts) {
      if (IN_THREAD.includes(schema)) assertFails(script, "missing_context");
      else assertEquals(script.reduce().code_cells.size, 1);
    }
  },
);

testEvery(
  SCHEMAS,
  "a wait that does not name its cell waits for nothing",
  (schema) => {
    const invocations = ["{", "{}", '{"cell_id":1}', '"r"'].map((text) => ({
      tool_name: "wait",
      payload: { arguments: text },
    }));
    for (const invocation of [...invocations, { tool_name: "wait" }]) {
      const { code_cells } = running(schema).tool("w", { invocation }).reduce();
      assertEquals(at(code_cells, "code_cell:c").wait_tool_call_ids, []);
    }
  },
);

testEvery(SCHEMAS, "a cell starts once, under one runtime id", (schema) => {
  assertFails(running(schema).cell("r", "c"), "duplicate_start");
  assertFails(running(schema).cell("r2", "c"), "duplicate_start");
  assertFails(running(schema).cell("r", "d"), "conflicting_cell");
  assertFails(
    new Script(schema).cell("r", "c").cell("r", "c"),
    "duplicate_start",
  );
});

testEvery(SCHEMAS, "a cell starts in a turn of its thread", (schema) => {
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

testEvery(SCHEMAS, "events about a cell need its start", (schema) => {
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

testEvery(
  SCHEMAS,
  "from schema 2 on a call of exec names its cell",
  (schema) => {
    const cell = schema.reduce.linksExecToCell ? "code_cell:c" : undefined;
    const started = (script: Script) =>
      at(script.reduce().tool_calls, "t").started_code_cell_id;
    const tool = { callId: "c", kind: EXEC };
    assertEquals(started(running(schema).tool("t", tool)), cell);
    const toolFirst = new Script(schema).request("i", [exec("c")]).tool(
      "t",
      tool,
    )
      .cell("r", "c");
    assertEquals(started(toolFirst), cell);
    assertEquals(started(toolFirst.begin("t", {}, EXEC)), cell);
    const renamed = toolFirst.begin("t", {}, { type: "other", name: "read" });
    assertEquals(started(renamed), undefined);
    assertEquals(
      started(
        running(schema).turn("next", ROOT)
          .tool("t", { ...tool, turn: "next" }),
      ),
      undefined,
    );
    assertEquals(
      started(running(schema).tool("t", { ...tool, cell: "r" })),
      undefined,
    );
  },
);
