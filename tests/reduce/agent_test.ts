import { assertEquals } from "@std/assert";
import type { InteractionEdge } from "../../lib/graph/runtime.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import { testEvery } from "../support/every_schema.ts";
import {
  assertFails,
  assistant,
  at,
  CHILD,
  item,
  mail,
  ROOT,
  Script,
  Spelled,
  user,
} from "../support/bundles/script.ts";

const UNKNOWN = "00000000-0000-0000-0000-0000000000ff";
const SEND = { type: "send_message" };
const SPAWN = { type: "spawn_agent" };
const CLOSE = { type: "close_agent" };
const SPAWN_EDGE = `edge:spawn:${ROOT}:${CHILD}`;
const IN_CHILD = { thread: CHILD, turn: "child" };

/** A script with a child, `/root/child`. */
function family(schema: Schema): Script {
  return new Script(schema).thread(CHILD, "/root/child").turn("child", CHILD);
}

function edge(script: Script, id: string): InteractionEdge {
  return at(script.reduce().interaction_edges, id);
}

const REPORTED = { call_id: "x", sender_thread_id: ROOT, status: "running" };
const SPAWNED = {
  ...REPORTED,
  new_thread_id: CHILD,
  prompt: "work",
  model: "m",
  reasoning_effort: "low",
};
const SENT = { ...REPORTED, receiver_thread_id: CHILD, prompt: "hi" };

testEvery(
  SCHEMAS,
  "a message's edge leads from the tool to the item",
  (schema) => {
    const script = family(schema).tool("t", { kind: SEND, invocation: {} })
      .begin("t", SENT, SEND)
      .end("t", SENT)
      .toolEnd("t", {})
      .request("i", [user("go"), mail("/root", "/root/child", "hi")], IN_CHILD);
    assertEquals(edge(script, "edge:tool:t"), {
      edge_id: "edge:tool:t",
      kind: "send_message",
      source: { type: "tool_call", tool_call_id: "t" },
      target: { type: "conversation_item", item_id: item(2) },
      started_at_unix_ms: 50,
      ended_at_unix_ms: 70,
      carried_item_ids: [item(2)],
      carried_raw_payload_ids: [1, 2, 3, 4].map((n) => `raw_payload:${n}`),
    });
  },
);

testEvery(
  SCHEMAS,
  "a spawn leads to the task, or else to the thread",
  (schema) => {
    const script = family(schema).tool("t", { kind: SPAWN }).end("t", SPAWNED);
    assertEquals(edge(script, SPAWN_EDGE).target, {
      type: "thread",
      thread_id: CHILD,
    });
    assertEquals(edge(script, SPAWN_EDGE).carried_item_ids, []);
    script.request("i", [mail("/root", "/root/child", "work")], IN_CHILD);
    assertEquals(edge(script, SPAWN_EDGE).target, {
      type: "conversation_item",
      item_id: item(1),
    });
  },
);

testEvery(SCHEMAS, "a spawn without a thread leads nowhere", (schema) => {
  const edges = (new_thread_id: string | null) =>
    family(schema).tool("t", { kind: SPAWN })
      .end("t", { ...SPAWNED, new_thread_id }).reduce().interaction_edges;
  assertEquals(edges(null).size, 0);
  assertEquals(edges(UNKNOWN).size, 0);
});

testEvery(SCHEMAS, "a close leads to the thread it closes", (schema) => {
  const closed = (receiver_thread_id: string) =>
    family(schema).tool("t", { kind: CLOSE })
      .begin("t", { ...REPORTED, receiver_thread_id }, CLOSE);
  const script = closed(CHILD);
  assertEquals(edge(script, "edge:tool:t").ended_at_unix_ms, null);
  script.end("t", { ...REPORTED, receiver_thread_id: CHILD.toUpperCase() });
  assertEquals(edge(script, "edge:tool:t").ended_at_unix_ms, 70);
  assertEquals(edge(script, "edge:tool:t").target, {
    type: "thread",
    thread_id: CHILD,
  });
  assertEquals(closed(UNKNOWN).reduce().interaction_edges.size, 0);
});

const ACTIVITY = {
  event_id: "e",
  agent_thread_id: CHILD,
  agent_path: "/root/child",
};

testEvery(SCHEMAS, "an activity reports an edge as an end does", (schema) => {
  const invocation = { payload: { arguments: '{"message":"work"}' } };
  const script = family(schema)
    .tool("spawn", { kind: SPAWN, invocation })
    .end("spawn", { ...ACTIVITY, kind: "started" })
    .tool("send", { kind: SEND, invocation })
    .end("send", { ...ACTIVITY, kind: "interacted" })
    .tool("close", { kind: CLOSE })
    .end("close", { ...ACTIVITY, kind: "interrupted" })
    .tool("done")
    .end("done", { ...ACTIVITY, kind: "completed" })
    .request("i", [
      mail("/root", "/root/child", "work"),
      mail("/root", "/root/child", "work"),
    ], IN_CHILD);
  const targets = [...script.reduce().interaction_edges]
    .map(([id, { target }]) => [id, target.type]);
  assertEquals(
    new Map(targets as [string, string][]),
    new Map([
      [SPAWN_EDGE, "conversation_item"],
      ["edge:tool:send", "conversation_item"],
      ["edge:tool:close", "thread"],
    ]),
  );
});

testEvery(
  SCHEMAS,
  "an activity must fit its tool and bring its message",
  (schema) => {
    const observed = (kind: object, invocation: unknown, activity: string) =>
      family(schema).tool("t", { kind, invocation })
        .end("t", { ...ACTIVITY, kind: activity });
    const message = { payload: { arguments: '{"message":"work"}' } };
    const mismatch = observed(SEND, message, "started");
    assertFails(mismatch, "activity_mismatch");
    assertFails(
      observed({ type: "apply_patch" }, message, "interacted"),
      "activity_mismatch",
    );
    assertFails(observed(SEND, message, "slept"), "malformed_payload");
    assertFails(observed(SEND, undefined, "interacted"), "malformed_payload");
    const noMessage = { payload: { arguments: "{}" } };
    assertFails(observed(SEND, noMessage, "interacted"), "malformed_payload");
    const noText = { payload: { arguments: {} } };
    assertFails(observed(SEND, noText, "interacted"), "malformed_payload");
  },
);

testEvery(SCHEMAS, "payloads of agents are read strictly", (schema) => {
  const sent = (change: object) =>
    family(schema).tool("t", { kind: SEND }).end("t", { ...SENT, ...change });
  const bad: object[] = [
    { prompt: undefined },
    { prompt: null },
    { receiver_thread_id: "child" },
    { status: "asleep" },
    { status: { completed: 1 } },
    { status: { completed: null, errored: "x" } },
    { completed_at_ms: null },
    { completed_at_ms: 0.5 },
    { receiver_agent_role: 1 },
  ];
  for (const change of bad) assertFails(sent(change), "malformed_payload");
  const good: object[] = [
    { status: { completed: null } },
    { status: { errored: "x" } },
    { status: { not_found: null } },
    { completed_at_ms: -1, receiver_agent_role: null, extra: [] },
    { receiver_thread_id: `{${CHILD.toUpperCase()}}` },
    { receiver_thread_id: CHILD.replaceAll("-", "") },
    { receiver_thread_id: `urn:uuid:${CHILD}` },
  ];
  for (const change of good) {
    const script = sent(change)
      .request("i", [mail("/root", "/root/child", "hi")], IN_CHILD);
    assertEquals(edge(script, "edge:tool:t").carried_item_ids, [item(1)]);
  }
});

testEvery(
  SCHEMAS,
  "an end after its edge was resolved stays without effect",
  (schema) => {
    const script = family(schema).tool("t", { kind: SEND })
      .begin("t", SENT, SEND)
      .request("i", [mail("/root", "/root/child", "hi")], IN_CHILD)
      .end("t", SENT);
    const { ended_at_unix_ms, carried_raw_payload_ids } = edge(
      script,
      "edge:tool:t",
    );
    assertEquals(ended_at_unix_ms, null);
    assertEquals(carried_raw_payload_ids, ["raw_payload:1"]);
    assertFails(
      script.request("j", [
        mail("/root", "/root/child", "hi"),
        mail("/root", "/root/child", "hi"),
      ], IN_CHILD),
      "conflicting_edge",
    );
  },
);

testEvery(SCHEMAS, "an edge seen again must be the same edge", (schema) => {
  const started = () =>
    family(schema).tool("t", { kind: SEND }).begin("t", SENT, SEND);
  assertFails(
    started().end("t", { ...SENT, prompt: "ho" }),
    "conflicting_edge",
  );
  assertFails(
    started().end("t", { ...SENT, receiver_thread_id: ROOT }),
    "conflicting_edge",
  );
});

/** A child's result reaches the root. */
function observed(script: Script, message: string, place = {}): Script {
  return script.event({
    type: "agent_result_observed",
    edge_id: "edge",
    child_thread_id: CHILD,
    child_codex_turn_id: "child",
    parent_thread_id: ROOT,
    message,
    carried_payload: script.payload("agent_result", {}),
  }, place);
}

testEvery(
  SCHEMAS,
  "a result leads from the child's last words to the parent",
  (schema) => {
    const script = family(schema)
      .request("i", [user("go"), assistant("one")], IN_CHILD)
      .response("i", [assistant("two"), mail("/root", "/root/child", "no")]);
    observed(script, "done")
      .request("j", [mail("/root/child", "/root", "done")]);
    assertEquals(edge(script, "edge"), {
      edge_id: "edge",
      kind: "agent_result",
      source: { type: "conversation_item", item_id: item(3) },
      target: { type: "conversation_item", item_id: item(5) },
      started_at_unix_ms: 70,
      ended_at_unix_ms: 70,
      carried_item_ids: [item(5)],
      carried_raw_payload_ids: ["raw_payload:3"],
    });
  },
);

testEvery(
  SCHEMAS,
  "of words of one instant, the last by id as text counts",
  (schema) => {
    const many = Array.from({ length: 12 }, (_, i) => assistant(`${i}`));
    const script = family(schema).request("i", many, IN_CHILD);
    observed(script, "done").request("j", [
      mail("/root/child", "/root", "done"),
    ]);
    assertEquals(edge(script, "edge").source, {
      type: "conversation_item",
      item_id: item(9),
    });
  },
);

testEvery(
  SCHEMAS,
  "a silent child's result is from its thread",
  (schema) => {
    const script = family(schema).request("i", [user("go")], IN_CHILD);
    observed(script, "failed")
      .request("j", [mail("/root/child", "/root", "failed")]);
    assertEquals(edge(script, "edge").source, {
      type: "thread",
      thread_id: CHILD,
    });
    assertFails(observed(new Script(schema), "x"), "unknown_thread");
  },
);

testEvery(SCHEMAS, "payloads of other tools need only be JSON", (schema) => {
  const patch = { type: "apply_patch" };
  const script = new Script(schema).tool("t", { kind: patch })
    .begin("t", [1, { changes: null }], patch)
    .end("t", "anything");
  assertEquals(script.reduce().interaction_edges.size, 0);
  assertFails(script.end("t", new Spelled("{")), "payload_error");
});
