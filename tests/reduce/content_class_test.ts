/**
 * The class of a content, where very many contents have the same beginning.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import {
  ContentClasses,
  type UnclassifiedItem,
} from "../../lib/reduce/items/content_class.ts";

function item(...texts: readonly string[]): UnclassifiedItem {
  return {
    role: "user",
    channel: null,
    kind: "message",
    agentMessage: null,
    parts: texts.map((text) => ({ type: "text", text })),
    callId: null,
    identity: null,
    responsesId: null,
    isIdlessOutput: false,
    rawPayloadId: "raw_payload:1",
    mayHaveMarkers: false,
  };
}

Deno.test("items have one class if and only if they have one content, short or long", () => {
  const contents = Array.from({ length: 60 }, (_, at) => [
    ["a", `${at}`],
    ["a", "b".repeat(1000), `${at}`],
    ["a", `${at}${"b".repeat(1000)}`],
    ["a", "b".repeat(at)],
  ]).flat();
  const classes = new ContentClasses();
  const first = contents.map((texts) =>
    classes.classify(item(...texts)).contentClass
  );
  assertEquals(new Set(first).size, contents.length);
  const again = contents.map((texts) =>
    classes.classify(item(...texts)).contentClass
  );
  assertEquals(again, first);
});
