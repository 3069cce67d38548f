import { assertEquals } from "@std/assert";
import {
  line,
  outcome,
  payloadOf,
  protocolEvent,
  REF,
  REFERENCE,
  refusal,
  toolCall,
  turnEnd,
} from "./event_lines.ts";

Deno.test("EventDecoder.decode() reads an event and its payload references", () => {
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

Deno.test("EventDecoder.decode() takes arrays in place of objects", () => {
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

Deno.test("EventDecoder.decode() ignores unknown keys, but no known key may be twice", () => {
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
    assertEquals(refusal(text), `${path}: key occurs more than once`);
  }
});

Deno.test("EventDecoder.decode() wants strict JSON wherever it does not skip", () => {
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

Deno.test("EventDecoder.decode() takes a status also as a key with nothing under it", () => {
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

Deno.test("EventDecoder.decode() lets the kind of a payload carry a null value", () => {
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

Deno.test("EventDecoder.decode() takes a number for the name of a nested variant only", () => {
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
