import { assertEquals } from "@std/assert";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import type { Schema } from "../../lib/schema/schema.ts";
import { testEvery } from "../support/every_schema.ts";
import { item, mail, Script } from "../support/bundles/script.ts";

const RECEIPTS = SCHEMAS.filter(({ events }) =>
  "history_item_accepted" in events.events
);

/** A message with the id of the receipt. */
function message(text: string): object {
  return { ...mail("/root", "/root", text), id: "m" };
}

/** The receipt of a message with the text "a", before any request. */
function received(schema: Schema): Script {
  const script = new Script(schema);
  return script.event({
    type: "history_item_accepted",
    item_id: "m",
    agent_message_payload: script.payload("protocol_event", message("a")),
  });
}

/** The text of every item, by its number. */
function texts(script: Script): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [id, { body }] of script.reduce().conversation_items) {
    const [part] = body.parts;
    found[id] = part?.type === "text" ? part.text : "";
  }
  return found;
}

const FIRST = item(1);
const SECOND = item(2);

/** The text of an answer, its items, and their texts then. */
type Shown = readonly [words: string, ids: string[], texts: string[]];

// Each as the reference reducer of the schema reduces it.
const SHOWN: Readonly<Record<number, readonly Shown[]>> = {
  2: [
    ["aa", [FIRST, FIRST], ["a"]],
    ["ab", [FIRST, FIRST], ["b"]],
    ["ba", [FIRST, SECOND], ["b", "a"]],
    ["bb", [FIRST, SECOND], ["b", "b"]],
    ["bc", [FIRST, SECOND], ["b", "c"]],
  ],
  // An answer that shows the receipt by its content has shown it.
  3: [
    ["aa", [FIRST, SECOND], ["a", "a"]],
    ["ab", [FIRST, SECOND], ["a", "b"]],
    ["ba", [FIRST, SECOND], ["b", "a"]],
    ["bb", [FIRST, SECOND], ["b", "b"]],
    ["bc", [FIRST, SECOND], ["b", "c"]],
  ],
};

testEvery(
  RECEIPTS,
  "an answer shows a receipt that no list showed before",
  (schema) => {
    const shown = SHOWN[schema.version] ?? [];
    assertEquals(shown.length, 5);
    for (const [words, ids, expected] of shown) {
      const script = received(schema).request("i", [])
        .response("i", [...words].map(message));
      const call = script.reduce().inference_calls.get("i");
      assertEquals(call?.response_item_ids, ids, words);
      assertEquals(Object.values(texts(script)), expected, words);
    }
  },
);

testEvery(
  RECEIPTS,
  "a receipt that a request shows under other words is no other item of the request",
  (schema) => {
    const script = received(schema).request("i", [])
      .response("i", [message("a")])
      .request("j", [message("b"), message("a")]);
    const call = script.reduce().inference_calls.get("j");
    // In schema 2 the receipt is still to be shown: the answer shows it by its content alone.
    const [b, a] = schema.reduce.acceptsToolOutputs
      ? [SECOND, FIRST]
      : [FIRST, SECOND];
    assertEquals(call?.request_item_ids.toJSON(), [b, a]);
    assertEquals(texts(script), { [b]: "b", [a]: "a" });
  },
);
