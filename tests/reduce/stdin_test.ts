import { assertEquals } from "@std/assert";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { testEvery } from "../support/every_schema.ts";
import { assertFails, at, Script, Spelled } from "../support/bundles/script.ts";
import { operation, sessions, WRITE, write } from "./terminal_script.ts";

testEvery(SCHEMAS, "a write records its input and its process", (schema) => {
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

testEvery(SCHEMAS, "a tool of another namespace is no write", (schema) => {
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

testEvery(SCHEMAS, "a write with bad arguments is no operation", (schema) => {
  for (const args of BAD_ARGUMENTS) {
    const trace = write(new Script(schema), "t", args).reduce();
    assertEquals(trace.terminal_operations.size, 0);
    assertEquals(at(trace.tool_calls, "t").summary.type, "generic");
  }
});

testEvery(
  SCHEMAS,
  "an invocation of another tool is refused as a write",
  (schema) => {
    const invoked = (invocation: unknown) =>
      new Script(schema).tool("t", { kind: WRITE, invocation });
    const payload = { type: "function", arguments: '{"session_id":1}' };
    assertFails(invoked({ tool_name: "other", payload }), "malformed_payload");
    assertFails(
      invoked({ tool_name: "write_stdin", payload: { type: "custom" } }),
      "malformed_payload",
    );
    assertFails(invoked({ tool_name: "write_stdin" }), "malformed_payload");
  },
);

testEvery(
  SCHEMAS,
  "a write ends with a command's end or a tool's answer",
  (schema) => {
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
  },
);

testEvery(SCHEMAS, "a write ends with nothing else", (schema) => {
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
