/**
 * Every case of `testdata/`, and of the corpus where it is beside the project.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import {
  aboutOf,
  assertGolden,
  assertPrefixesHold,
  assertRepeatable,
  CORPUS,
  diagnosticsOf,
  type GoldenCase,
  handMadeCases,
  isInSample,
  layoutFaults,
  recordedCases,
  stateOf,
} from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";

/**
 * Where the reference stops though the evidence agrees with itself, and the library does not;
 * by the reason the reference stops for.
 */
const BETTER: Readonly<Record<string, readonly string[]>> = {
  "it panics when it cuts a summary inside a character": [
    "0.128.0/boundary_3byte",
    "0.164.0/boundary_preview",
  ],
  "an output sent again does not equal itself: a picture, a notification, a search":
    [
      "0.128.0/code_mode_notify",
      "0.128.0/mcp_image",
      "0.145.0/mcp_search",
      "0.164.0/code_mode_image",
      "0.164.0/mcp_image",
      "0.164.0/view_image",
    ],
  "a tool goes by the name of another": [
    "0.128.0/patch_in_shell",
    "0.164.0/mcp_named_wait",
  ],
  "the model's arguments are malformed": [
    "0.164.0/bad_stdin_float",
    "0.164.0/bad_stdin_json",
    "0.164.0/bad_stdin_nosession",
    "0.164.0/code_mode_bad_wait",
    "0.169.0/code_mode_bad_wait",
  ],
  "an item is of a kind or role that it does not know, or has no part": [
    "0.164.0/odd_role",
    "0.169.0/reasoning_empty",
    "0.169.0/unknown_item",
    "0.171.0/reasoning_empty",
    "0.171.0/unknown_item",
  ],
  "a review's tools belong to a session that is not traced": [
    "0.164.0/review",
    "0.169.0/review",
    "0.171.0/review",
  ],
};
const better = new Set(Object.values(BETTER).flat());

const upstream = recordedCases(join(TESTDATA, "upstream"));
const bundles = handMadeCases(join(TESTDATA, "bundles"));
const broken = handMadeCases(join(TESTDATA, "broken"));
const corpus = recordedCases(CORPUS, 2);

function check(
  kind: string,
  each: GoldenCase,
  exactRefusal: boolean,
  isSample: boolean,
): void {
  Deno.test(`${kind}/${each.name} equals its golden`, () => {
    assertGolden(each, exactRefusal);
  });
  Deno.test(`${kind}/${each.name} returns the same bytes twice`, () => {
    assertRepeatable(each);
  });
  Deno.test({
    name: `${kind}/${each.name} holds at every beginning of its log`,
    // It replays a bundle once a line: done for every case by `deno task test:slow`.
    ignore: !isSample,
    fn: () => assertPrefixesHold(each),
  });
}

// The words of a refusal are ours; upstream/ holds the reference's.
for (const [at, each] of upstream.entries()) {
  check("upstream", each, false, isInSample(at));
}
for (const [at, each] of bundles.entries()) {
  check("bundles", each, true, isInSample(at));
}
for (const [at, each] of broken.entries()) {
  check("broken", each, true, isInSample(at));
  Deno.test(`broken/${each.name} is reduced around, with the diagnostics of its golden`, () => {
    assert(each.diagnostics !== undefined, "expected/diagnostics.jsonl");
    const expected = Deno.readTextFileSync(each.diagnostics);
    assertEquals(diagnosticsOf(each.bundle), expected);
    assertStringIncludes(expected, `"severity":"loss"`);
  });
}

Deno.test("testdata holds no golden without a bundle and no bundle without a golden", () => {
  assert(upstream.length > 0);
  assertEquals([...upstream, ...bundles, ...broken].flatMap(layoutFaults), []);
  for (const each of bundles) assertEquals(each.error, undefined, each.name);
  for (const each of broken) assertEquals(each.state, undefined, each.name);
});

Deno.test("every hand-made case of testdata has a description", () => {
  for (const each of [...bundles, ...broken]) {
    assertNotEquals(aboutOf(each), "", each.name);
  }
});

Deno.test({
  name: corpus.length > 0
    ? "every case of the corpus equals its golden"
    : "every case of the corpus equals its golden (skipped: ROLLOUT_TRACE_CORPUS names no folder)",
  ignore: corpus.length === 0,
  fn: async (t) => {
    for (const each of corpus) {
      await t.step(each.name, () => {
        assertEquals(layoutFaults(each), []);
        if (better.has(each.name)) {
          assertEquals(each.state, undefined);
          assert(stateOf(each.bundle).length > 0);
          return;
        }
        assertGolden(each, false);
        assertRepeatable(each);
      });
    }
  },
});
