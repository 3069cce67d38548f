import { assert, assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "../lib/format/decode.ts";
import {
  decodeEventLine,
  decodeEventLineExactly,
} from "../lib/format/event_line.ts";
import type { RawTraceEventPayload } from "../lib/format/event.ts";
import { JsonNumber } from "../lib/format/json_node.ts";
import type { JsonNode } from "../lib/format/json_node.ts";
import type { SchemaVersion } from "../lib/format/manifest.ts";

const REF =
  '{"raw_payload_id":"p","kind":{"type":"tool_invocation"},"path":"f"}';
const REFERENCE = {
  raw_payload_id: "p",
  kind: { type: "tool_invocation" },
  path: "f",
} as const;

function line(payload: string, extra = ""): string {
  return `{"schema_version":1,"seq":3,"wall_time_unix_ms":5,"rollout_id":"r",` +
    `"thread_id":null,"codex_turn_id":"U",${extra}"payload":${payload}}`;
}

/** The outcome of a line, which both ways of decoding must agree on. */
function outcome(text: string, schema: SchemaVersion) {
  const ways = [decodeEventLine, decodeEventLineExactly].map((decode) => {
    try {
      return decode(text, schema);
    } catch (error) {
      assert(error instanceof DecodeError, String(error));
      return error.message;
    }
  });
  assertEquals(ways[0], ways[1], text);
  return ways[0];
}

function payloadOf(
  payload: string,
  schema: SchemaVersion = 2,
): RawTraceEventPayload {
  const decoded = outcome(line(payload), schema);
  assert(typeof decoded === "object", `${payload}: ${decoded}`);
  return decoded.event.payload;
}

function refusal(text: string, schema: SchemaVersion = 2): string {
  const refused = outcome(text, schema);
  assert(typeof refused === "string", `accepted: ${text}`);
  return refused;
}

const protocolEvent = (ref: string) =>
  `{"type":"protocol_event_observed","event_type":"x","event_payload":${ref}}`;
const toolCall = (
  { requester = '{"type":"model"}', kind = '{"type":"web"}', summary = "" },
) =>
  `{"type":"tool_call_started","tool_call_id":"C","requester":${requester},` +
  `"kind":${kind},"summary":${summary || '{"type":"generic","label":"l"}'}}`;
const turnEnd = (status: string) =>
  `{"type":"codex_turn_ended","codex_turn_id":"U","status":${status}}`;

Deno.test("decodeEventLine() reads an event and its payload references", () => {
  assertEquals(outcome(line(protocolEvent(REF)), 1), {
    event: {
      schema_version: 1,
      seq: 3,
      wall_time_unix_ms: 5,
      rollout_id: "r",
      thread_id: null,
      codex_turn_id: "U",
      payload: {
        type: "protocol_event_observed",
        event_type: "x",
        event_payload: REFERENCE,
      },
    },
    payloads: [REFERENCE],
  });
});

Deno.test("decodeEventLine() takes arrays in place of objects", () => {
  const payload =
    '["protocol_event_observed","x",["p",["tool_invocation",null],"f"]]';
  assertEquals(
    outcome(`[1,3,5,"r",null,"U",${payload}]`, 1),
    outcome(line(protocolEvent(REF)), 1),
  );
  assertEquals(payloadOf('["thread_started","T","/root",null]'), {
    type: "thread_started",
    thread_id: "T",
    agent_path: "/root",
    metadata_payload: null,
  });
  assertEquals(
    payloadOf(toolCall({
      requester: '["code_cell","c"]',
      kind: '["mcp","s","t"]',
      summary: '["wait_agent",null,5]',
    })),
    payloadOf(toolCall({
      requester: '{"runtime_cell_id":"c","type":"code_cell"}',
      kind: '{"type":"mcp","tool":"t","server":"s"}',
      summary: '{"type":"wait_agent","timeout_ms":5}',
    })),
  );
  for (
    const refused of [
      '[1,3,5,"r",null,"U"]',
      `[1,3,5,"r",null,"U",${payload},1]`,
      line('["thread_started","T","/root"]'),
      line('["rollout_started","t","T",1]'),
      line("[]"),
      line(protocolEvent('["p",["tool_invocation"],"f"]')),
      line(protocolEvent('["p",["tool_invocation",{}],"f"]')),
      line(protocolEvent('["p",["tool_invocation",null,1],"f"]')),
      line(protocolEvent('["p",[{"tool_invocation":null},null],"f"]')),
      line(toolCall({ requester: '["model",1]' })),
      line(toolCall({ summary: '["generic","l"]' })),
    ]
  ) refusal(refused);
});

Deno.test("decodeEventLine() ignores unknown keys, but no known key may stand twice", () => {
  const plain = outcome(line(protocolEvent(REF)), 2);
  const nested = "[".repeat(300) + "]".repeat(300);
  const ignored = ['1,"z":2', '"\\ud800"', nested, "1e999", '{"\\udc00":1}'];
  for (const value of ignored) {
    assertEquals(outcome(line(protocolEvent(REF), `"z":${value},`), 2), plain);
  }
  const inside = REF.replace("{", '{"z":1,"z":1.5,');
  assertEquals(outcome(line(protocolEvent(inside)), 2), plain);
  assertEquals(
    payloadOf(toolCall({ kind: '{"type":"web","server":1,"server":2}' })),
    payloadOf(toolCall({})),
  );
  const doubled: Record<string, string> = {
    seq: line(protocolEvent(REF), '"seq":3,'),
    "payload.type": line(protocolEvent(REF).replace("{", '{"type":"other",')),
    "payload.event_type": line(
      protocolEvent(REF).replace("{", '{"event_type":"x",'),
    ),
    "payload.event_payload.path": line(
      protocolEvent(REF.replace("{", '{"path":"f",')),
    ),
    "payload.event_payload.kind.value": line(protocolEvent(
      REF.replace('{"type"', '{"value":null,"value":null,"type"'),
    )),
    "payload.status.failed": line(turnEnd('{"failed":null,"failed":null}')),
    "payload.kind.name": line(
      toolCall({ kind: '{"type":"other","name":"a","name":"a"}' }),
    ),
  };
  for (const [path, text] of Object.entries(doubled)) {
    assertEquals(refusal(text), `${path}: key stands more than once`);
  }
});

Deno.test("decodeEventLine() wants strict JSON wherever it does not skip", () => {
  const deep = (depth: number) => "[".repeat(depth) + "]".repeat(depth);
  const unknown = (value: string) =>
    line(`{"type":"recording_completed","z":${value}}`);
  assertEquals(typeof outcome(unknown(deep(125)), 2), "object");
  refusal(unknown(deep(126)));
  refusal(unknown('"\\ud800"'));
  refusal(line('{"type":"recording_completed"}', '"\\ud800":1,'));
  for (const text of ["", "{", "nope", `${line("[]")}{}`, "\ufeff{}", "{}\f"]) {
    refusal(text);
  }
  assertEquals(
    refusal('{"seq":01}'),
    'expected "," or "}" at line 1 column 9',
  );
});

Deno.test("decodeEventLine() takes a status also as a key with nothing under it", () => {
  for (const status of ['"failed"', '{"failed":null}', '{"failed":{}}']) {
    assertEquals(payloadOf(turnEnd(status)), {
      type: "codex_turn_ended",
      codex_turn_id: "U",
      status: "failed",
    });
  }
  const refused = ['{"failed":[]}', '{"failed":1}', '{"failed":{"a":1}}', "{}"];
  refused.push('{"failed":null,"x":1}', '["failed"]', "2", "null", '"Failed"');
  for (const status of refused) refusal(line(turnEnd(status)));
  assertEquals(
    refusal(line(turnEnd('"Failed"'))),
    'payload.status: unknown variant "Failed"',
  );
});

Deno.test("decodeEventLine() lets the kind of a payload carry a null value", () => {
  const kinds = ['{"value":null,"type":"tool_invocation"}'];
  kinds.push('{"type":{"tool_invocation":null}}', "[5,null]");
  for (const kind of kinds) {
    const payload = payloadOf(protocolEvent(`["p",${kind},"f"]`));
    assertEquals(payload, payloadOf(protocolEvent(REF)));
  }
  const refused = [
    '"tool_invocation"',
    '{"type":5}',
    '{"value":null}',
    "[12,null]",
  ];
  for (const value of ["{}", "[]", "1", "1.5", '""']) {
    refused.push(`{"type":"tool_invocation","value":${value}}`);
  }
  for (const kind of refused) {
    refusal(line(protocolEvent(`["p",${kind},"f"]`)));
  }
});

Deno.test("decodeEventLine() takes a number for the name of a nested variant only", () => {
  const byIndex = payloadOf(
    toolCall({
      requester: "[0]",
      kind: '{"type":4}',
      summary: '[3,"l",null,null]',
    }),
  );
  assertEquals(byIndex, payloadOf(toolCall({})));
  refusal(line(toolCall({ kind: '{"type":12}' })));
  refusal(line(toolCall({ requester: '{"type":0.5}' })));
  refusal(line(toolCall({ requester: '{"type":{"model":null}}' })));
  refusal(line('[1,"t","T"]'));
  refusal(line('{"type":1,"trace_id":"t","root_thread_id":"T"}'));
});

Deno.test("decodeEventLine() reads 64-bit integers exactly and takes no other number", () => {
  const timeout = (value: string) =>
    toolCall({ summary: `["wait_agent",null,${value}]` });
  const summaryOf = (value: string) => {
    const payload = payloadOf(timeout(value));
    return payload.type === "tool_call_started" ? payload.summary : undefined;
  };
  const taken: [string, number | bigint][] = [
    ["-0", 0],
    [
      "18446744073709551615",
      18446744073709551615n,
    ],
    ["1152921504606847000", 1152921504606847000n],
    ["7", 7],
  ];
  for (const [spelling, timeout_ms] of taken) {
    assertEquals(summaryOf(spelling), {
      type: "wait_agent",
      target_agent_path: null,
      timeout_ms,
    });
  }
  for (
    const value of ["-1", "18446744073709551616", "1.0", "1e3", '"5"', "1e+21"]
  ) {
    refusal(line(timeout(value)));
  }
  const envelope = (from: string, to: string) =>
    line('["recording_completed"]').replace(from, to);
  for (const time of ["9223372036854775807", "-9223372036854775808"]) {
    const decoded = outcome(envelope(":5", `:${time}`), 2);
    assert(typeof decoded === "object");
    assertEquals(decoded.event.wall_time_unix_ms, BigInt(time));
  }
  const wrong = [[":5", ":9223372036854775808"], [":5", ":-0"], [":3", ":-1"]];
  wrong.push([":3", ":3.0"], [":3", ":-0"], [":1", ":4294967296"]);
  for (const [from = "", to = ""] of wrong) refusal(envelope(from, to));
});

Deno.test("decodeEventLine() names the path of what is wrong", () => {
  const told: [string, string][] = [
    [line('{"type":"nope"}'), 'payload.type: unknown variant "nope"'],
    [line("{}"), "payload.type: key is missing"],
    [line("null"), "payload: expected an object, found null"],
    [
      line(protocolEvent('{"raw_payload_id":"p","path":"f"}')),
      "payload.event_payload.kind: key is missing",
    ],
    [
      line(toolCall({ kind: '{"type":"other","name":1}' })),
      "payload.kind.name: expected a string, found a number",
    ],
    [
      line(`{"type":"other","payloads":[${REF},1],"kind":"","summary":""}`),
      "payload.payloads.1: expected an object, found a number",
    ],
    ["[]", 'array ends before its "schema_version"'],
    [
      line("[]").replace('"r"', "null"),
      "rollout_id: expected a string, found null",
    ],
  ];
  for (const [text, message] of told) assertEquals(refusal(text), message);
  const error = assertThrows(() => decodeEventLine(line("1"), 2), DecodeError);
  assertEquals([error.path, error.reason], [
    "payload",
    "expected an object, found a number",
  ]);
});

Deno.test("decodeEventLine() goes by the schema for events and their fields", () => {
  const runtime = (kind: string) =>
    `{"type":"tool_call_runtime_started","tool_call_id":"C",${kind}"runtime_payload":${REF}}`;
  const started = {
    type: "tool_call_runtime_started",
    tool_call_id: "C",
    runtime_payload: REFERENCE,
  } as const;
  assertEquals(payloadOf(runtime('"kind":5,"kind":6,'), 1), {
    ...started,
    kind: null,
  });
  assertEquals(
    payloadOf(`["tool_call_runtime_started","C",${REF}]`, 1),
    { ...started, kind: null },
  );
  assertEquals(payloadOf(runtime('"kind":{"type":"web"},')), {
    ...started,
    kind: { type: "web" },
  });
  refusal(line(runtime("")));
  assertEquals(payloadOf('["history_item_accepted","x"]'), {
    type: "history_item_accepted",
    item_id: "x",
    agent_message_payload: null,
  });
  for (
    const only of [
      '["recording_completed"]',
      '["thread_resumed","T"]',
      '["history_item_accepted","x"]',
    ]
  ) {
    assertEquals(payloadOf(only).type, JSON.parse(only)[0]);
    refusal(line(only), 1);
  }
});

Deno.test("decodeEventLine() keeps any JSON of an unnamed event exactly", () => {
  const other = (metadata: string) =>
    payloadOf(
      `{"type":"other","kind":"k","summary":"s","payloads":[${REF},${REF}],"metadata":${metadata}}`,
    );
  const kept = other('{"2":1.50,"1":[null,true,"x"]}');
  assert(kept.type === "other");
  assertEquals(kept.payloads, [REFERENCE, REFERENCE]);
  assertEquals(
    kept.metadata,
    new Map<string, JsonNode>([["2", new JsonNumber("1.50")], [
      "1",
      [null, true, "x"],
    ]]),
  );
  const plain = other('{"a":[1,{"b":2.5}]}');
  assert(plain.type === "other");
  assertEquals(
    plain.metadata,
    new Map([["a", [
      new JsonNumber("1"),
      new Map([["b", new JsonNumber("2.5")]]),
    ]]]),
  );
});
