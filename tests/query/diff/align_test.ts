/**
 * Alignment of two lists, against a slower way.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import fc from "../../support/random_seed.ts";
import { align } from "../../../lib/query/diff/align.ts";
import { startWork } from "../../support/work_cost.ts";
import { commonLength } from "./common_length.ts";

const LIST = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 24 });

Deno.test("align() finds all that two lists have in common, the same both ways round", () => {
  fc.assert(fc.property(LIST, LIST, (a, b) => {
    const { runs, truncated } = align(a, b);
    assert(!truncated);
    let [atA, atB, length] = [0, 0, 0];
    for (const run of runs) {
      assert(run.length > 0 && run.a >= atA && run.b >= atB);
      assertEquals(
        a.slice(run.a, run.a + run.length),
        b.slice(run.b, run.b + run.length),
      );
      [atA, atB] = [run.a + run.length, run.b + run.length];
      length += run.length;
    }
    assertEquals(length, commonLength(a, b));
    assertEquals(
      align(b, a).runs,
      runs.map(({ a, b, length }) => ({ a: b, b: a, length })),
    );
  }));
});

Deno.test("align() stops beyond a number of edits, and keeps beginning and end", () => {
  const middle = (letter: string) =>
    Array.from({ length: 60 }, (_, at) => `${letter}${at}`);
  const a = ["x", "y", ...middle("a"), "z"];
  const b = ["x", "y", ...middle("b"), "z"];
  assertEquals(align(a, b, 20), {
    runs: [{ a: 0, b: 0, length: 2 }, { a: 62, b: 62, length: 1 }],
    truncated: true,
  });
  assertEquals(align(a, b, 120).truncated, false);
});

Deno.test("align() of long lists without anything in common ends soon", () => {
  const list = (letter: string) =>
    Array.from({ length: 100_000 }, (_, at) => `${letter}${at}`);
  const worked = startWork();
  assert(align(list("a"), list("b")).truncated);
  assert(worked() < 5000);
});
