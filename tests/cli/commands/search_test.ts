/**
 * `rollout-trace search`: what it prints, and how it ends.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { EXIT } from "../../../lib/cli/command.ts";
import { RawBundle } from "../../support/bundles/raw_bundle.ts";
import { inFolderAsync } from "../../support/cli.ts";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";

testAskGoldens("search", [
  {
    name: "text",
    args: [upstreamBundle("0.164.0-agents_v2"), "child"],
    color: 80,
  },
  {
    name: "regex",
    args: [
      upstreamBundle("0.164.0-stdin_session"),
      "-ie",
      "process.{1,12}\\d",
      "--in",
      "outputs,payloads",
    ],
  },
  {
    name: "nothing",
    args: [upstreamBundle("0.164.0-shell"), "Nowhere", "--in", "outputs"],
  },
  { name: "root", args: ["testdata/broken", "message", "-n", "2"], color: 80 },
  { name: "root_nothing", args: ["testdata/broken", "Nowhere"], widths: [80] },
  {
    name: "root_count",
    args: ["testdata/broken", "message", "-c"],
    widths: [80],
  },
]);

Deno.test("search refuses a command line that it cannot parse", async () => {
  const bundle = upstreamBundle("0.164.0-shell");
  const cases: readonly (readonly [string[], string])[] = [
    [["search", bundle], "missing argument TEXT"],
    [["search", bundle, ""], "missing argument TEXT"],
    [["search", bundle, "(", "-e"], 'invalid regular expression "("'],
    [
      ["search", bundle, "a", "--in", "titles"],
      'invalid value "titles" for --in',
    ],
    [["search", bundle, "a", "--hits", "0"], 'invalid value "0" for --hits'],
  ];
  for (const [args, message] of cases) {
    const result = await printed(args);
    assertEquals([result.code, result.stdout], [EXIT.usage, ""]);
    assertStringIncludes(result.stderr, `error: ${message}`);
  }
});

Deno.test("search --json is one document, also when nothing is found", async () => {
  const bundle = upstreamBundle("0.164.0-shell");
  const none = await printed(["search", bundle, "Nowhere", "--json"]);
  assertEquals([none.code, none.stderr], [EXIT.noResult, ""]);
  assertEquals(JSON.parse(none.stdout).answer.objects, []);
  const some = await printed([
    "search",
    bundle,
    "a",
    "--json",
    "--hits",
    "all",
  ]);
  assertEquals([some.code, some.stderr], [EXIT.ok, ""]);
  const { answer } = JSON.parse(some.stdout);
  let hits = 0;
  for (const { hits: listed, hit_count: count } of answer.objects) {
    assertEquals(listed.length, count);
    hits += count;
  }
  assert(hits > 0);
  assertEquals(answer.hit_count, hits);
});

for (const schema of [1, 2, 3] as const) {
  Deno.test(`a search of schema ${schema} is partial where a payload cannot be read`, () =>
    inFolderAsync(async (folder) => {
      const bundle = new RawBundle(schema);
      bundle.event({
        type: "protocol_event_observed",
        event_type: "warning",
        event_payload: bundle.payload("protocol_event", "{}"),
      });
      const dir = bundle.writeTo(`${folder}/bundle`);
      Deno.removeSync(`${dir}/payloads`, { recursive: true });
      for (const text of ["Nowhere", "warning"]) {
        for (const place of [dir, folder]) {
          const { code, stderr } = await printed(["search", place, text]);
          assertEquals(code, EXIT.partial, stderr);
          assertStringIncludes(stderr, "1 payload cannot be read and was not");
        }
      }
    }));
}

Deno.test("a truncated payload whose file is missing was not searched", () =>
  inFolderAsync(async (folder) => {
    const bundle = new RawBundle(3);
    const payload = bundle.payload("protocol_event", "{}");
    const capture = {
      status: "truncated",
      original_bytes: 100,
      retained_bytes: 2,
    } as const;
    bundle.event({
      type: "protocol_event_observed",
      event_type: "warning",
      event_payload: { ...payload, capture },
    });
    const dir = bundle.writeTo(`${folder}/bundle`);
    Deno.removeSync(`${dir}/payloads`, { recursive: true });
    const { code, stderr } = await printed(["search", dir, "Nowhere"]);
    assertEquals(code, EXIT.partial, stderr);
    assertStringIncludes(stderr, "1 payload cannot be read and was not");
    assert(!stderr.includes("what was kept was searched"), stderr);
  }));
