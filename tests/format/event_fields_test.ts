import { assert, assertEquals, assertThrows } from "@std/assert";
import { DecodeError } from "../../lib/format/decode/decode.ts";
import { type JsonNode, JsonNumber } from "../../lib/format/json/json_parse.ts";
import { decoderOf } from "./event_decoders.ts";
import {
  line,
  outcome,
  payloadOf,
  protocolEvent,
  REF,
  REFERENCE,
  refusal,
  toolCall,
} from "./event_lines.ts";

Deno.test("EventDecoder.decode() reads 64-bit integers exactly and takes no other number", () => {
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

Deno.test("EventDecoder.decode() names the path of what is wrong", () => {
  const result: [string, string][] = [
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
  for (const [text, message] of result) assertEquals(refusal(text), message);
  const error = assertThrows(
    () => decoderOf(2).decode(line("1")),
    DecodeError,
  );
  assertEquals([error.path, error.reason], [
    "payload",
    "expected an object, found a number",
  ]);
});

Deno.test("EventDecoder.decode() goes by the schema for events and their fields", () => {
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
    tool_output_payload: null,
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

Deno.test("EventDecoder.decode() keeps any JSON of an unnamed event exactly", () => {
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
