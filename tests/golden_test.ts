/**
 * Every case of `testdata/`, and of the corpus where it lies beside the project.
 *
 * @module
 */

import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { join } from "@std/path";
import {
  aboutOf,
  assertGolden,
  assertPrefixesHold,
  assertRepeatable,
  type GoldenCase,
  handMadeCases,
  layoutFaults,
  recordedCases,
  stateOf,
} from "./support/golden.ts";
import { CORPUS, TESTDATA } from "./support/paths.ts";

/** Where the reference gives up through a fault of its own, and the library does not. */
const BETTER: Readonly<Record<string, string>> = {
  "0.128.0/boundary_3byte":
    "it panics when it cuts a summary inside a character",
  "0.164.0/boundary_preview":
    "it panics when it cuts a summary inside a character",
};

const upstream = recordedCases(join(TESTDATA, "upstream"));
const bundles = handMadeCases(join(TESTDATA, "bundles"));
const broken = handMadeCases(join(TESTDATA, "broken"));
const corpus = recordedCases(CORPUS, 2);

function check(kind: string, each: GoldenCase, exactRefusal: boolean): void {
  Deno.test(`${kind}/${each.name} equals its golden`, () => {
    assertGolden(each, exactRefusal);
  });
  Deno.test(`${kind}/${each.name} gives the same bytes twice`, () => {
    assertRepeatable(each);
  });
  Deno.test(`${kind}/${each.name} holds at every beginning of its log`, () => {
    assertPrefixesHold(each);
  });
}

// The words of a refusal are ours; upstream/ holds the reference's.
for (const each of upstream) check("upstream", each, false);
for (const each of bundles) check("bundles", each, true);
for (const each of broken) check("broken", each, true);

Deno.test("testdata holds no golden without a bundle and no bundle without a golden", () => {
  assert(upstream.length > 0);
  assertEquals([...upstream, ...bundles, ...broken].flatMap(layoutFaults), []);
  for (const each of bundles) assertEquals(each.error, undefined, each.name);
  for (const each of broken) assertEquals(each.state, undefined, each.name);
});

Deno.test("testdata says of every hand-made case what it is about", () => {
  for (const each of [...bundles, ...broken]) {
    assertNotEquals(aboutOf(each), "", each.name);
  }
});

Deno.test({
  name: corpus.length > 0
    ? "every case of the corpus equals its golden"
    : "every case of the corpus equals its golden (skipped: no ../shared/corpus)",
  ignore: corpus.length === 0,
  fn: async (t) => {
    for (const each of corpus) {
      await t.step(each.name, () => {
        assertEquals(layoutFaults(each), []);
        if (each.name in BETTER) {
          assert(stateOf(each.bundle).length > 0);
          return;
        }
        assertGolden(each, false);
        assertRepeatable(each);
      });
    }
  },
});
