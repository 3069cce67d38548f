import { assertEquals } from "@std/assert";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { testEvery } from "../support/every_schema.ts";
import {
  assertFails,
  at,
  call,
  item,
  output,
  Script,
  Spelled,
  user,
} from "../support/bundles/script.ts";
import {
  COMMAND,
  command,
  FIRST,
  operation,
  SECOND,
  sessions,
  write,
} from "./terminal_script.ts";

testEvery(
  SCHEMAS,
  "a command's runtime opens an operation and a session",
  (schema) => {
    const trace = command(new Script(schema), "t", "7").reduce();
    const operation = at(trace.terminal_operations, FIRST);
    assertEquals(operation.request, {
      type: "exec_command",
      command: ["make", "-j 2"],
      display_command: "make -j 2",
      cwd: "/work",
      yield_time_ms: null,
      max_output_tokens: null,
    });
    assertEquals(operation.raw_payload_ids, ["raw_payload:1"]);
    const id = `terminal_session:${FIRST}`;
    assertEquals(operation.terminal_id, id);
    assertEquals(
      at(trace.terminal_sessions, id).execution,
      operation.execution,
    );
    assertEquals(at(trace.tool_calls, "t").summary, {
      type: "terminal",
      operation_id: FIRST,
    });
  },
);

testEvery(
  SCHEMAS,
  "the runtime's end reports the result, not the tool's",
  (schema) => {
    const script = command(new Script(schema), "t")
      .end(
        "t",
        { exit_code: 2, aggregated_output: "out", stdout: "no" },
        "failed",
      )
      .toolEnd("t", { exit_code: 0 });
    const { result, execution, raw_payload_ids } = operation(script);
    assertEquals(result, {
      exit_code: 2,
      stdout: "out",
      stderr: "",
      formatted_output: null,
      original_token_count: null,
      chunk_id: null,
    });
    assertEquals(execution.status, "failed");
    assertEquals(raw_payload_ids, ["raw_payload:1", "raw_payload:2"]);
  },
);

testEvery(
  SCHEMAS,
  "a process named at the end opens the session then",
  (schema) => {
    const script = command(new Script(schema), "t");
    assertEquals(sessions(script), []);
    script.end("t", { exit_code: 0, process_id: "7" });
    assertEquals(sessions(script), [["1", ["1"]]]);
    const [session] = script.reduce().terminal_sessions.values();
    assertEquals(session?.execution.started_seq, 4);
  },
);

testEvery(SCHEMAS, "an operation keeps its process", (schema) => {
  const script = command(new Script(schema), "t", "7");
  assertFails(
    script.end("t", { exit_code: 0, process_id: "8" }),
    "process_id_changed",
  );
});

testEvery(SCHEMAS, "an exit code must be spelled as an integer", (schema) => {
  const ended = (spelling: string) =>
    command(new Script(schema), "t")
      .end("t", new Spelled(`{"exit_code":${spelling}}`));
  assertEquals(operation(ended("-0")).result?.exit_code, 0);
  assertEquals(operation(ended("-2147483648")).result?.exit_code, -2147483648);
  for (const bad of ["1.0", "1e0", "2147483648", '"1"', "null"]) {
    assertFails(ended(bad), "malformed_payload");
  }
});

testEvery(SCHEMAS, "a begin that is none is refused", (schema) => {
  const begin = (payload: unknown) =>
    new Script(schema).tool("t", { kind: COMMAND })
      .begin("t", payload, COMMAND);
  assertFails(begin({ command: ["a"] }), "malformed_payload");
  assertFails(begin({ command: "a", cwd: "/" }), "malformed_payload");
  assertFails(
    begin({ command: [], cwd: "/", process_id: 7 }),
    "malformed_payload",
  );
  assertEquals(operation(begin([null, ["a"], "/", null])).kind, "exec_command");
});

testEvery(SCHEMAS, "a call has one terminal operation", (schema) => {
  const again = { command: [], cwd: "/" };
  assertFails(
    command(new Script(schema), "t").begin("t", again, COMMAND),
    "duplicate_terminal_operation",
  );
});

testEvery(
  SCHEMAS,
  "a command opens a session under a process in use",
  (schema) => {
    const script = new Script(schema);
    command(script, "a", "7");
    write(script, "w1", '{"session_id":7}');
    command(script, "b", "7");
    write(script, "w2", '{"session_id":"7"}');
    assertEquals(sessions(script), [["1", ["1", "2"]], ["3", ["3", "4"]]]);
  },
);

/** Resolves the process that a write goes to. */
function resolve(script: Script, tool: string, exec: string): Script {
  return script.event({
    type: "stdin_target_resolved",
    tool_call_id: tool,
    exec_tool_call_id: exec,
  });
}

testEvery(
  SCHEMAS,
  "a resolved write moves to its command's session",
  (schema) => {
    const script = command(new Script(schema), "x", "1");
    write(script, "w", '{"session_id":"2"}');
    assertEquals(sessions(script), [["1", ["1"]], ["2", ["2"]]]);
    resolve(script, "w", "x");
    assertEquals(sessions(script), [["1", ["1", "2"]]]);
    assertEquals(
      operation(script, SECOND).terminal_id,
      `terminal_session:${FIRST}`,
    );
    assertEquals(sessions(resolve(script, "w", "x")), [["1", ["1", "2"]]]);
    // The look-up by process id stays, and brings the old session back.
    write(script, "w2", '{"session_id":"2"}');
    const { terminal_sessions } = script.reduce();
    const again = at(terminal_sessions, `terminal_session:${SECOND}`);
    assertEquals(again.created_by_operation_id, "terminal_operation:3");
    assertFails(
      script.toolEnd("w", { exit_code: 0, process_id: "2" }),
      "process_id_changed",
    );
  },
);

testEvery(SCHEMAS, "resolving changes nothing without operations", (schema) => {
  const script = command(new Script(schema), "x").tool("t");
  write(script, "w", '{"session_id":"2"}');
  resolve(resolve(resolve(script, "w", "x"), "w", "t"), "t", "w");
  assertEquals(sessions(script), [["2", ["2"]]]);
  assertFails(resolve(script, "w", "unknown"), "unknown_tool_call");
});

testEvery(
  SCHEMAS,
  "what the model saw of an operation stays in step",
  (schema) => {
    const script = command(new Script(schema), "none")
      .request("i", [user("go")]);
    script.tool("t", { callId: "c", kind: COMMAND })
      .begin("t", { command: [], cwd: "/" }, COMMAND);
    assertEquals(operation(script, SECOND).model_observations, []);
    script.request("j", [user("go"), call("c"), output("c")]);
    assertEquals(operation(script, SECOND).model_observations, [{
      call_item_ids: [item(2)],
      output_item_ids: [item(3)],
      source: "direct_tool_call",
    }]);
    assertEquals(operation(script, FIRST).model_observations, []);
  },
);
