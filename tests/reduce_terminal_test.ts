import { assertEquals } from "@std/assert";
import type { TerminalOperation } from "../lib/graph/runtime.ts";
import {
  assertFails,
  at,
  call,
  item,
  output,
  Script,
  Spelled,
  testBoth,
  user,
} from "./support/script.ts";

const COMMAND = { type: "exec_command" };
const WRITE = { type: "write_stdin" };
const FIRST = "terminal_operation:1";
const SECOND = "terminal_operation:2";

/** Starts a command, whose process is known when its id is given. */
function command(script: Script, tool: string, process_id?: string): Script {
  const begin = { command: ["make", "-j 2"], cwd: "/work", process_id };
  return script.tool(tool, { kind: COMMAND }).begin(tool, begin, COMMAND);
}

/** Starts a write by its invocation. */
function write(script: Script, tool: string, args: string): Script {
  const invocation = {
    tool_name: "write_stdin",
    payload: { type: "function", arguments: args },
  };
  return script.tool(tool, { kind: WRITE, invocation });
}

function operation(script: Script, id = FIRST): TerminalOperation {
  return at(script.reduce().terminal_operations, id);
}

function sessions(script: Script): [string, readonly string[]][] {
  const { terminal_sessions } = script.reduce();
  return [...terminal_sessions].map(([id, { operation_ids }]) => [
    id.replace("terminal_session:terminal_operation:", ""),
    operation_ids.map((id) => id.replace("terminal_operation:", "")),
  ]);
}

testBoth("a command's runtime opens an operation and a session", (schema) => {
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
  assertEquals(at(trace.terminal_sessions, id).execution, operation.execution);
  assertEquals(at(trace.tool_calls, "t").summary, {
    type: "terminal",
    operation_id: FIRST,
  });
});

testBoth("the runtime's end tells the result, not the tool's", (schema) => {
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
});

testBoth("a process told at the end opens the session then", (schema) => {
  const script = command(new Script(schema), "t");
  assertEquals(sessions(script), []);
  script.end("t", { exit_code: 0, process_id: "7" });
  assertEquals(sessions(script), [["1", ["1"]]]);
  const [session] = script.reduce().terminal_sessions.values();
  assertEquals(session?.execution.started_seq, 4);
});

testBoth("an operation keeps its process", (schema) => {
  const script = command(new Script(schema), "t", "7");
  assertFails(
    script.end("t", { exit_code: 0, process_id: "8" }),
    "process_id_changed",
  );
});

testBoth("an exit code must be spelled as an integer", (schema) => {
  const ended = (spelling: string) =>
    command(new Script(schema), "t")
      .end("t", new Spelled(`{"exit_code":${spelling}}`));
  assertEquals(operation(ended("-0")).result?.exit_code, 0);
  assertEquals(operation(ended("-2147483648")).result?.exit_code, -2147483648);
  for (const bad of ["1.0", "1e0", "2147483648", '"1"', "null"]) {
    assertFails(ended(bad), "malformed_payload");
  }
});

testBoth("a begin that is none is refused", (schema) => {
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

testBoth("a call has one terminal operation", (schema) => {
  const again = { command: [], cwd: "/" };
  assertFails(
    command(new Script(schema), "t").begin("t", again, COMMAND),
    "duplicate_terminal_operation",
  );
});

testBoth("a command opens a session under a process in use", (schema) => {
  const script = new Script(schema);
  command(script, "a", "7");
  write(script, "w1", '{"session_id":7}');
  command(script, "b", "7");
  write(script, "w2", '{"session_id":"7"}');
  assertEquals(sessions(script), [["1", ["1", "2"]], ["3", ["3", "4"]]]);
});

testBoth("a write says what goes to which process", (schema) => {
  const script = write(
    new Script(schema),
    "t",
    '{"session_id":1e3,"chars":"y","yield_time_ms":18446744073709551615}',
  );
  assertEquals(operation(script).request, {
    type: "write_stdin",
    stdin: "y",
    yield_time_ms: 18446744073709551615n,
    max_output_tokens: null,
  });
  write(script, "same", '{"session_id":"1e+3","x":"\\ud800"}');
  assertEquals(sessions(script), [["1", ["1", "2"]]]);
});

testBoth("a tool of another namespace is no write", (schema) => {
  const payload = { type: "function", arguments: "no JSON" };
  const invocation = {
    tool_name: "write_stdin",
    tool_namespace: "mcp",
    payload,
  };
  const script = new Script(schema).tool("t", { kind: WRITE, invocation });
  assertEquals(script.reduce().terminal_operations.size, 0);
});

const BAD_ARGUMENTS = [
  "no JSON",
  "{}",
  '{"session_id":""}',
  '{"session_id":null}',
  '{"session_id":1,"chars":null}',
  '{"session_id":1,"yield_time_ms":-0}',
  '{"session_id":1,"yield_time_ms":1.0}',
  '{"session_id":1,"session_id":1}',
];

testBoth("a write with bad arguments is no operation", (schema) => {
  for (const args of BAD_ARGUMENTS) {
    const trace = write(new Script(schema), "t", args).reduce();
    assertEquals(trace.terminal_operations.size, 0);
    assertEquals(at(trace.tool_calls, "t").summary.type, "generic");
  }
});

testBoth("an invocation of another tool is refused as a write", (schema) => {
  const invoked = (invocation: unknown) =>
    new Script(schema).tool("t", { kind: WRITE, invocation });
  const payload = { type: "function", arguments: '{"session_id":1}' };
  assertFails(invoked({ tool_name: "other", payload }), "malformed_payload");
  assertFails(
    invoked({ tool_name: "write_stdin", payload: { type: "custom" } }),
    "malformed_payload",
  );
  assertFails(invoked({ tool_name: "write_stdin" }), "malformed_payload");
});

testBoth("a write ends with a command's end or a tool's answer", (schema) => {
  const result = (spelling: string) => {
    const script = write(new Script(schema), "t", '{"session_id":1}');
    return operation(script.toolEnd("t", new Spelled(spelling))).result;
  };
  const shown = (text: string) => ({
    exit_code: null,
    stdout: text,
    stderr: "",
    formatted_output: text,
    original_token_count: null,
    chunk_id: null,
  });
  const direct = (item: string) =>
    result(`{"type":"direct_response","response_item":${item}}`);
  const code = (value: string) =>
    result(`{"type":"code_mode_response","value":${value}}`);
  assertEquals(result('{"exit_code":3}')?.exit_code, 3);
  assertEquals(direct('{"output":"x"}'), shown("x"));
  assertEquals(
    direct('{"output":[{"text":"a"},{"text":1},{"text":"b"}]}'),
    shown("a\nb"),
  );
  assertEquals(direct('{"output":[]}'), shown('{"output":[]}'));
  assertEquals(
    direct('{"output":{"10":1.50,"1":0.000001}}'),
    shown('{"10":1.50,"1":1e-6}'),
  );
  assertEquals(code("null"), shown("null"));
  assertEquals(code('{"output":"x","exit_code":1,"chunk_id":"c"}'), {
    ...shown("x"),
    exit_code: 1,
    chunk_id: "c",
  });
  assertEquals(
    code('{"output":"x","exit_code":1.0}'),
    shown('{"output":"x","exit_code":1.0}'),
  );
  assertEquals(result('{"type":"error","error":"e"}'), {
    ...shown(""),
    stderr: "e",
    formatted_output: "e",
  });
});

testBoth("a write ends with nothing else", (schema) => {
  const bad = [
    "{}",
    "3",
    '{"type":"direct_response"}',
    '{"type":"error","error":1}',
    '{"type":"error","error":"e","n":18446744073709551616}',
  ];
  for (const spelling of bad) {
    const script = write(new Script(schema), "t", '{"session_id":1}');
    assertFails(
      script.toolEnd("t", new Spelled(spelling)),
      "malformed_payload",
    );
  }
});

/** Resolves the process that a write goes to. */
function resolve(script: Script, tool: string, exec: string): Script {
  return script.event({
    type: "stdin_target_resolved",
    tool_call_id: tool,
    exec_tool_call_id: exec,
  });
}

testBoth("a resolved write moves to its command's session", (schema) => {
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
});

testBoth("resolving changes nothing without operations", (schema) => {
  const script = command(new Script(schema), "x").tool("t");
  write(script, "w", '{"session_id":"2"}');
  resolve(resolve(resolve(script, "w", "x"), "w", "t"), "t", "w");
  assertEquals(sessions(script), [["2", ["2"]]]);
  assertFails(resolve(script, "w", "unknown"), "unknown_tool_call");
});

testBoth("what the model saw of an operation stays in step", (schema) => {
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
});
