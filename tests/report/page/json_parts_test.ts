/**
 * JSON that is read level by level: every level has what JSON.parse finds, at any depth.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import {
  jsonIn,
  type JsonPart,
  partsOf,
  sourceOf,
  stringOf,
} from "../../../lib/report/page/ui/content/json_parts.ts";
import fc from "../../support/random_seed.ts";
import { startWork } from "../../support/work_cost.ts";

/** A value read by its parts alone. */
function rebuilt(text: string, part: JsonPart): unknown {
  const members = partsOf(text, part);
  switch (part.type) {
    case "array":
      assertEquals(part.size, members.length);
      return members.map((each) => rebuilt(text, each));
    case "object":
      assertEquals(part.size, members.length);
      return Object.fromEntries(
        members.map((each) => [
          stringOf(each.key ?? "null"),
          rebuilt(text, each),
        ]),
      );
    case "string":
    case "other":
      return JSON.parse(sourceOf(text, part));
  }
}

Deno.test("the parts of JSON are its members, however it is written", () => {
  fc.assert(fc.property(
    fc.jsonValue(),
    fc.constantFrom(undefined, 1, "\t"),
    (value, space) => {
      const text = ` ${JSON.stringify([value, { a: value }], null, space)}\n`;
      const part = jsonIn(text);
      assert(part !== undefined);
      assertEquals(rebuilt(text, part), JSON.parse(text));
    },
  ));
});

Deno.test("numbers and duplicate keys stay as they were written", () => {
  const text = '{"a":1.0,"a":12345678901234567890,"b":{}}';
  const part = jsonIn(text);
  assert(part !== undefined);
  assertEquals(
    partsOf(text, part).map((each) => [each.key, sourceOf(text, each)]),
    [['"a"', "1.0"], ['"a"', "12345678901234567890"], ['"b"', "{}"]],
  );
});

Deno.test("a text that is no JSON object or array is none", () => {
  for (const text of ["", "plain", '{"cut": ', "12", '"text"', "[1] more"]) {
    assertEquals(jsonIn(text), undefined, text);
  }
});

for (const depth of [5_000, 20_000, 200_000]) {
  Deno.test(`the levels of ${depth} nested arrays open one by one, soon`, () => {
    const work = startWork();
    const text = "[".repeat(depth) + "]".repeat(depth);
    let part = jsonIn(text);
    assert(part !== undefined);
    for (let level = 0; level < 20; level++) {
      [part] = partsOf(text, part);
      assert(part !== undefined);
    }
    assertEquals(part.size, 1);
    const took = work();
    assert(took < 5000, `${took} ms`);
  });
}
