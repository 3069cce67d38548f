import { assertEquals } from "@std/assert";
import { item, mail, Script } from "./support/script.ts";

/** A message with the id of the receipt. */
function message(text: string): object {
  return { ...mail("/root", "/root", text), id: "m" };
}

/** The receipt of a message that says "a", before any request. */
function received(): Script {
  const script = new Script(2);
  return script.event({
    type: "history_item_accepted",
    item_id: "m",
    agent_message_payload: script.payload("protocol_event", message("a")),
  });
}

/** What every item says, by its number. */
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

// Each as Codex 0.169.0 reduces it.
const SHOWN: readonly [said: string, ids: string[], texts: string[]][] = [
  ["aa", [FIRST, FIRST], ["a"]],
  ["ab", [FIRST, FIRST], ["b"]],
  ["ba", [FIRST, SECOND], ["b", "a"]],
  ["bb", [FIRST, SECOND], ["b", "b"]],
  ["bc", [FIRST, SECOND], ["b", "c"]],
];

for (const [said, ids, expected] of SHOWN) {
  Deno.test(`an answer of ${said} shows a receipt of a that no list showed before`, () => {
    const script = received().request("i", [])
      .response("i", [...said].map(message));
    const call = script.reduce().inference_calls.get("i");
    assertEquals(call?.response_item_ids, ids);
    assertEquals(Object.values(texts(script)), expected);
  });
}

Deno.test("a receipt that a request shows under other words is no other item of the request", () => {
  // By its words alone the answer shows the item, and so the receipt is still to be shown.
  const script = received().request("i", []).response("i", [message("a")])
    .request("j", [message("b"), message("a")]);
  const call = script.reduce().inference_calls.get("j");
  assertEquals(call?.request_item_ids.toJSON(), [FIRST, SECOND]);
  assertEquals(texts(script), { [FIRST]: "b", [SECOND]: "a" });
});
