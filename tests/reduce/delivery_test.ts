import { assertEquals } from "@std/assert";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import { testEvery } from "../support/every_schema.ts";
import {
  assistant,
  CHILD,
  item,
  mail,
  ROOT,
  Script,
  user,
} from "../support/bundles/script.ts";

const SEND = { type: "send_message" };
const IN_CHILD = { thread: CHILD, turn: "child" };

function family(schema: Schema): Script {
  return new Script(schema).thread(CHILD, "/root/child").turn("child", CHILD);
}

/** The root sends the child a text. */
function send(script: Script, tool: string, prompt: string): Script {
  const sent = {
    call_id: "x",
    sender_thread_id: ROOT,
    receiver_thread_id: CHILD,
    prompt,
  };
  return script.tool(tool, { kind: SEND }).begin(tool, sent, SEND);
}

/** Where the edge of each tool leads; tools whose edge leads nowhere are missing. */
function targets(script: Script): Record<string, readonly string[]> {
  const found: Record<string, readonly string[]> = {};
  for (const [id, { carried_item_ids }] of script.reduce().interaction_edges) {
    found[id.replace("edge:tool:", "")] = carried_item_ids;
  }
  return found;
}

/** Where the edge of a sent "hi" leads when the child sees `message`. */
function delivered(schema: Schema, message: object): readonly string[] {
  const script = send(family(schema), "t", "hi");
  return targets(script.request("i", [message], IN_CHILD))["t"] ?? [];
}

testEvery(
  SCHEMAS,
  "author, receiver and text of a message must fit",
  (schema) => {
    const hi = mail("/root", "/root/child", "hi");
    assertEquals(delivered(schema, hi), [item(1)]);
    assertEquals(delivered(schema, mail("/root", "/root/child", "ho")), []);
    assertEquals(delivered(schema, mail("/root/x", "/root/child", "hi")), []);
    assertEquals(delivered(schema, mail("/root", "/root/x", "hi")), []);
    const other = send(family(schema), "t", "hi").request("i", [hi]);
    assertEquals(targets(other), {});
  },
);

testEvery(
  SCHEMAS,
  "the encrypted form of a message is what counts",
  (schema) => {
    const message = (content: object[]) => ({
      type: "agent_message",
      author: "/root",
      recipient: "/root/child",
      content,
    });
    const text = (text: string) => ({ type: "input_text", text });
    const sealed = (encrypted_content: string) => ({
      type: "encrypted_content",
      encrypted_content,
    });
    const hi = [item(1)];
    assertEquals(delivered(schema, message([sealed("hi")])), hi);
    assertEquals(delivered(schema, message([text("ho"), sealed("hi")])), hi);
    assertEquals(delivered(schema, message([text("hi"), sealed("ho")])), []);
    assertEquals(delivered(schema, message([sealed("hi"), text("hi")])), []);
    assertEquals(delivered(schema, message([text("hi"), text("")])), []);
  },
);

const LETTER = {
  author: "/root",
  recipient: "/root/child",
  other_recipients: [],
  content: "hi",
  trigger_turn: true,
};

testEvery(
  SCHEMAS,
  "in older traces a message is JSON of exactly that form",
  (schema) => {
    const hi = schema.reduce.textDeliveries ? [item(1)] : [];
    const letter = (change: object) =>
      delivered(schema, assistant(JSON.stringify({ ...LETTER, ...change })));
    assertEquals(letter({}), hi);
    assertEquals(letter({ other_recipients: undefined, unknown: 1 }), hi);
    assertEquals(letter({ other_recipients: ["/root/x"], id: "1" }), hi);
    assertEquals(letter({ content: "ho", encrypted_content: "hi" }), hi);
    assertEquals(letter({ encrypted_content: null, id: null }), hi);
    const faults: object[] = [
      { encrypted_content: "ho" },
      { encrypted_content: 1 },
      { other_recipients: null },
      { other_recipients: ["x"] },
      { trigger_turn: undefined },
      { trigger_turn: "true" },
      { author: "root" },
      { id: 1 },
    ];
    for (const fault of faults) assertEquals(letter(fault), []);
  },
);

testEvery(
  SCHEMAS,
  "a letter is read as strictly as the reference reads it",
  (schema) => {
    const text = JSON.stringify(LETTER);
    const hi = schema.reduce.textDeliveries ? [item(1)] : [];
    const as = (text: string) => delivered(schema, assistant(text));
    assertEquals(as(` \n${text}\t`), hi);
    assertEquals(as(text.replace("{", '{"x":"\\ud800",')), hi);
    assertEquals(as(text.replace("{", '{"x":1,"x":2,')), hi);
    assertEquals(as(text.replace("{", '{"content":"hi",')), []);
    assertEquals(as(`${text} bye`), []);
    assertEquals(as(`\u00a0${text}`), []);
  },
);

const READS_TEXT = SCHEMAS.filter(({ reduce }) => reduce.textDeliveries);

testEvery(READS_TEXT, "only paths of agents are agents", (schema) => {
  const from = (author: string) => {
    const script = new Script(schema).thread(CHILD, "/root/child")
      .turn("child", CHILD).thread("sender", author).turn("s", "sender");
    const sent = {
      call_id: "x",
      sender_thread_id: ROOT,
      receiver_thread_id: CHILD,
      prompt: "hi",
    };
    const place = { thread: "sender", turn: "s" };
    script.tool("t", { kind: SEND, ...place }).begin("t", sent, SEND);
    const letter = assistant(JSON.stringify({ ...LETTER, author }));
    return targets(script.request("i", [letter], IN_CHILD))["t"]?.length === 1;
  };
  const valid = ["/root", "/morpheus", "/root/a", "/root/a_1/rooty"];
  const invalid = [
    "/root/",
    "/root/a/",
    "/root//a",
    "/root/root",
    "/root/A",
    "/root/.",
    "/root/..",
    "/morpheus/a",
    "/",
    "",
  ];
  assertEquals(valid.filter(from), valid);
  assertEquals(invalid.filter(from), []);
});

testEvery(SCHEMAS, "each message is the target of one edge", (schema) => {
  const hi = mail("/root", "/root/child", "hi");
  const script = family(schema);
  send(script, "a", "hi");
  send(script, "b", "hi");
  script.request("i1", [hi], IN_CHILD);
  assertEquals(targets(script), { a: [item(1)] });
  script.request("i2", [hi, user("go")], IN_CHILD);
  assertEquals(targets(script), { a: [item(1)] });
  script.request("i3", [hi, user("go"), hi], IN_CHILD);
  assertEquals(targets(script), { a: [item(1)], b: [item(3)] });
});

testEvery(SCHEMAS, "a message that was there before is found", (schema) => {
  const hi = mail("/root", "/root/child", "hi");
  const script = family(schema).request("i", [hi, user("go"), hi], IN_CHILD);
  send(script, "a", "hi");
  send(script, "b", "hi");
  send(script, "c", "hi");
  assertEquals(targets(script), { a: [item(1)], b: [item(3)] });
});

testEvery(
  SCHEMAS,
  "a message in an answer counts, accepted or not",
  (schema) => {
    const hi = mail("/root", "/root/child", "hi");
    const before = family(schema).request("i", [user("go")], IN_CHILD)
      .response("i", [hi]);
    assertEquals(targets(send(before, "t", "hi")), { t: [item(2)] });
    const after = send(family(schema), "t", "hi")
      .request("i", [user("go")], IN_CHILD).response("i", [hi]);
    assertEquals(targets(after), { t: [item(2)] });
  },
);

const RECEIPTS = SCHEMAS.filter(({ events }) =>
  "history_item_accepted" in events.events
);

testEvery(RECEIPTS, "a receipt is a delivered message", (schema) => {
  const receipt = (script: Script, text: string) =>
    script.event({
      type: "history_item_accepted",
      item_id: "m",
      agent_message_payload: script.payload("protocol_event", {
        ...mail("/root", "/root/child", text),
        id: "m",
      }),
    }, IN_CHILD);
  const waiting = receipt(send(family(schema), "t", "hi"), "hi");
  assertEquals(targets(waiting), { t: [item(1)] });
  const found = send(receipt(family(schema), "hi"), "t", "hi");
  assertEquals(targets(found), { t: [item(1)] });

  const shown = { ...mail("/root", "/root/child", "hi"), id: "m" };
  const rewritten = receipt(family(schema), "ho").request(
    "i",
    [shown],
    IN_CHILD,
  );
  assertEquals(targets(send(rewritten, "t", "hi")), { t: [item(1)] });
  assertEquals(targets(send(rewritten, "u", "ho")), { t: [item(1)] });
});
