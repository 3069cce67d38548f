import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { PayloadError, ReplayError } from "../../lib/errors.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { testEvery } from "../support/every_schema.ts";
import {
  assertFails,
  at,
  call,
  CHILD,
  item,
  output,
  ROOT,
  Script,
  Spelled,
  user,
} from "../support/bundles/script.ts";

testEvery(
  SCHEMAS,
  "a tool call finds the items that were there before it",
  (schema) => {
    const trace = new Script(schema)
      .request("i", [user("go"), call("c"), output("c")])
      .tool("t", { callId: "c" })
      .reduce();
    const tool = at(trace.tool_calls, "t");
    assertEquals(tool.model_visible_call_item_ids, [item(2)]);
    assertEquals(tool.model_visible_output_item_ids, [item(3)]);
    assertEquals(at(trace.conversation_items, item(2)).produced_by, []);
    assertEquals(at(trace.conversation_items, item(3)).produced_by, [
      { type: "tool", tool_call_id: "t" },
    ]);
  },
);

testEvery(SCHEMAS, "items that follow a tool call join it", (schema) => {
  const trace = new Script(schema)
    .tool("t", { callId: "c" })
    .request("i", [call("c"), output("c"), user("thanks")])
    .reduce();
  const tool = at(trace.tool_calls, "t");
  assertEquals(tool.model_visible_call_item_ids, [item(1)]);
  assertEquals(tool.model_visible_output_item_ids, [item(2)]);
});

testEvery(SCHEMAS, "items of another thread join when seen again", (schema) => {
  const script = new Script(schema).thread(CHILD, "/root/child")
    .turn("child", CHILD);
  const place = { thread: CHILD, turn: "child" };
  const fork = [call("c"), output("c")];
  script.request("i1", fork, place).tool("t", { callId: "c" });
  const before = at(script.reduce().tool_calls, "t");
  assertEquals(before.model_visible_call_item_ids, []);
  const trace = script.request("i2", [...fork, user("go")], place).reduce();
  const after = at(trace.tool_calls, "t");
  assertEquals(after.model_visible_call_item_ids, [item(1)]);
  assertEquals(after.model_visible_output_item_ids, [item(2)]);
});

testEvery(
  SCHEMAS,
  "a response lists a tool that started before it once the call is seen again",
  (schema) => {
    const script = new Script(schema)
      .request("i1", [user("go")])
      .tool("t", { callId: "c" })
      .response("i1", [call("c")]);
    const started = (trace = script.reduce()) =>
      at(trace.inference_calls, "i1").tool_call_ids_started_by_response;
    assertEquals(started(), []);
    script.request("i2", [user("go"), call("c")]);
    assertEquals(started(), ["t"]);
    script.request("i3", [user("go"), call("c")]);
    assertEquals(started(), ["t"]);
  },
);

testEvery(SCHEMAS, "a response lists a tool that starts after it", (schema) => {
  const trace = new Script(schema)
    .request("i1", [user("go")])
    .response("i1", [call("c")])
    .tool("t", { callId: "c" })
    .reduce();
  assertEquals(
    at(trace.inference_calls, "i1").tool_call_ids_started_by_response,
    ["t"],
  );
});

testEvery(
  SCHEMAS,
  "items of a call are found by id as text in schema 1, by age later",
  (schema) => {
    const filler = Array.from({ length: 6 }, (_, i) => user(`${i}`));
    const script = new Script(schema).request("i", [
      user("go"),
      call("c"),
      ...filler,
    ]);
    for (const compaction of ["k1", "k2"]) {
      script.event({
        type: "compaction_installed",
        compaction_id: compaction,
        checkpoint_payload: script.payload("compaction_checkpoint", {
          input_history: [],
          replacement_history: [call("c")],
        }),
      });
    }
    const trace = script.tool("t", { callId: "c" }).reduce();
    assertEquals(
      at(trace.tool_calls, "t").model_visible_call_item_ids,
      schema.reduce.findsItemsByIdText
        ? [item(10), item(12), item(2)]
        : [item(2), item(10), item(12)],
    );
  },
);

testEvery(
  SCHEMAS,
  "a call id belongs to one tool call of the complete rollout",
  (schema) => {
    const script = new Script(schema).thread(CHILD, "/root/child")
      .turn("child", CHILD)
      .tool("t1", { callId: "c" })
      .tool("t2", { callId: "c", thread: CHILD, turn: "child" });
    const error = assertThrows(() => script.reduce(), ReplayError);
    assertEquals(error.code, "duplicate_start");
    assertEquals(error.seq, 6);
    assertStringIncludes(error.message, '"c"');
    assertStringIncludes(error.message, '"t1"');
  },
);

testEvery(
  SCHEMAS,
  "a tool call starts once, in a thread that is known",
  (schema) => {
    assertFails(new Script(schema).tool("t").tool("t"), "duplicate_start");
    assertFails(
      new Script(schema).tool("t", { thread: null, turn: null }),
      "missing_context",
    );
    assertFails(
      new Script(schema).tool("t", { thread: CHILD }),
      "unknown_thread",
    );
    assertFails(
      new Script(schema).tool("t", { turn: "other" }),
      "unknown_turn",
    );
    assertFails(
      new Script(schema).thread(CHILD, "/root/child").turn("child", CHILD)
        .tool("t", { turn: "child" }),
      "thread_mismatch",
    );
  },
);

testEvery(
  SCHEMAS,
  "a turn alone reports the thread of a tool call",
  (schema) => {
    const trace = new Script(schema).tool("t", { thread: null }).reduce();
    const { thread_id, started_by_codex_turn_id } = at(trace.tool_calls, "t");
    assertEquals([thread_id, started_by_codex_turn_id], [ROOT, "turn"]);
  },
);

testEvery(SCHEMAS, "events about a tool call need its start", (schema) => {
  const other = { type: "other", name: "x" };
  assertFails(new Script(schema).toolEnd("t"), "unknown_tool_call");
  assertFails(new Script(schema).begin("t", {}, other), "unknown_tool_call");
  assertFails(new Script(schema).end("t", {}), "unknown_tool_call");
});

testEvery(SCHEMAS, "a call gets one MCP id", (schema) => {
  const assigned = (mcp_call_id: string) => ({
    type: "mcp_tool_call_correlation_assigned",
    tool_call_id: "t",
    mcp_call_id,
  });
  const script = new Script(schema).tool("t").event(assigned("m1"));
  assertEquals(at(script.reduce().tool_calls, "t").mcp_call_id, "m1");
  assertFails(script.event(assigned("m2")), "duplicate_correlation");
});

testEvery(
  SCHEMAS,
  "a repeated end of a tool call overwrites the first",
  (schema) => {
    const script = new Script(schema).tool("t").toolEnd("t", { a: 1 });
    const first = at(script.reduce().tool_calls, "t");
    assertEquals(first.raw_result_payload_id, "raw_payload:1");
    const second = at(script.toolEnd("t").reduce().tool_calls, "t");
    assertEquals(second.raw_result_payload_id, null);
    assertEquals(second.execution.ended_seq, 5);
  },
);

Deno.test("schema 1 knows an MCP call by its start", () => {
  const trace = new Script(1)
    .tool("t", { kind: { type: "exec_command" } })
    .begin("t", { invocation: { server: "files", tool: "read" } }, {})
    .reduce();
  const tool = at(trace.tool_calls, "t");
  assertEquals(tool.kind, { type: "mcp", server: "files", tool: "read" });
  assertEquals(tool.terminal_operation_id, null);
  assertFails(
    new Script(1).tool("t").begin("t", { invocation: null }, {}),
    "malformed_payload",
  );
});

const NAMES_KIND = SCHEMAS.filter(({ reduce }) => reduce.runtimeNamesKind);
testEvery(
  NAMES_KIND,
  "a call is known by the kind its runtime names",
  (schema) => {
    const mcp = { type: "mcp", server: "files", tool: "read" };
    const trace = new Script(schema)
      .tool("t", { kind: { type: "exec_command" } })
      .begin("t", { invocation: null }, mcp)
      .end("t", { agent_thread_id: "not looked into" })
      .reduce();
    const tool = at(trace.tool_calls, "t");
    assertEquals(tool.kind, { type: "mcp", server: "files", tool: "read" });
    assertEquals(tool.raw_runtime_payload_ids, [
      "raw_payload:1",
      "raw_payload:2",
    ]);
  },
);

testEvery(
  SCHEMAS,
  "an invocation must be JSON, whatever the tool",
  (schema) => {
    const invocation = new Spelled("{");
    const script = new Script(schema).tool("t", { invocation });
    if (!schema.reduce.resolvesWaits) {
      return assertFails(script, "payload_error");
    }
    // Only the final check reads it.
    const error = assertThrows(() => script.reduce(), PayloadError);
    assertEquals([error.code, error.rawPayloadId], [
      "payload_not_json",
      "raw_payload:1",
    ]);
  },
);
