/**
 * What `diff` prints for a person, and what its words mean.
 *
 * @module
 */

import { EXIT } from "../../../lib/cli/command.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { assertFits } from "./fits_width.ts";
import { someCases } from "../../support/cases.ts";
import { inFolder } from "../../support/cli.ts";
import { PROJECT } from "../../support/paths.ts";
import { runMain } from "../../support/processes.ts";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";

const FAILED = upstreamBundle("0.169.0-agents_v2_fail");
const WELL = upstreamBundle("0.169.0-agents_v2");
const COMPACTED = upstreamBundle("0.169.0-compact_remote_manual");
const TERMINAL = upstreamBundle("0.169.0-stdin_session");

testAskGoldens("diff", [
  { name: "requests", args: [FAILED, "call:1", "call:2"], color: 80 },
  { name: "request_before", args: [COMPACTED, "call:3"] },
  { name: "request_itself", args: [FAILED, "call:1", "call:1"], widths: [80] },
  { name: "sessions", args: [FAILED, WELL], color: 100 },
  {
    name: "versions",
    args: [upstreamBundle("0.164.0-stdin_session"), TERMINAL],
  },
  {
    name: "agents",
    args: [
      upstreamBundle("0.164.0-agents_v2"),
      upstreamBundle("0.164.0-agents_v2_sol_tree"),
    ],
  },
  { name: "session_itself", args: [WELL, WELL], widths: [80] },
  {
    name: "partial",
    args: [WELL, upstreamBundle("0.164.0-agents_same_call_id")],
    widths: [80],
  },
  {
    name: "full",
    args: [
      upstreamBundle("0.164.0-compact_remote_manual"),
      COMPACTED,
      "--full",
    ],
    widths: [100],
  },
]);

Deno.test("diff fits every width and steers no terminal, whatever the bundles", async () => {
  const cases = someCases().filter(({ state }) => state !== undefined);
  for (const [at, { bundle, name }] of cases.entries()) {
    const other = cases[(at + 1) % cases.length]?.bundle ?? bundle;
    await assertFits(["diff", bundle, other], 40, name);
    await assertFits(["diff", bundle, "call:2", "--full"], 60, name);
  }
});

Deno.test("diff of two that are the same ends with 0 and reports it in the data", async () => {
  for (const words of [[WELL, WELL], [WELL, "call:2", "call:2"]]) {
    const result = await printed(["diff", ...words, "--json"]);
    assertEquals(result.code, 0);
    assertEquals(JSON.parse(result.stdout).answer.same, true);
  }
});

Deno.test("diff of a request that there is not is found to be nothing", async () => {
  const result = await printed(["diff", WELL, "call:99"]);
  assertEquals([result.code, result.stdout], [1, ""]);
  assertStringIncludes(
    result.stderr,
    'no inference call is called "call:99"',
  );
  const two = await printed(["diff", WELL, "call:1", "call:99", "--json"]);
  assertEquals(two.code, 1);
  assertEquals(JSON.parse(two.stdout).answer, null);
  const first = await printed(["diff", WELL, "call:1"]);
  assertEquals(first.code, 1);
  assertStringIncludes(
    first.stderr,
    "call:1 is the first request of its thread",
  );
});

Deno.test("diff asks which is meant where a word is a path and a request", () => {
  inFolder((cwd) => {
    Deno.mkdirSync(join(cwd, "call:1"));
    const bundle = join(PROJECT, WELL);
    const diff = (word: string) =>
      runMain(["--allow-read"], ["diff", bundle, word], { cwd });
    const { code, stderr } = diff("call:1");
    assertEquals(code, 2);
    assertStringIncludes(stderr, '"call:1" is a path and a request');
    const path = diff("./call:1");
    assertEquals(path.code, EXIT.failed);
    assertStringIncludes(path.stderr, "./call:1");
    assertStringIncludes(path.stderr, "manifest.json");
  });
});

Deno.test("diff reports of both bundles what could not be reduced", async () => {
  const part = upstreamBundle("0.164.0-agents_same_call_id");
  const result = await printed(["diff", WELL, part, "--json"]);
  assertEquals(result.code, 3);
  assertStringIncludes(
    result.stderr,
    `"${part}": 44 of 48 events are in this answer`,
  );
  const { answer } = JSON.parse(result.stdout);
  assertEquals([answer.a.skipped_events, answer.b.skipped_events], [0, 4]);
  assert(!answer.same);
});

Deno.test("diff needs a second word, and takes no sixth", async () => {
  assertEquals((await printed(["diff", WELL])).code, 2);
  assertEquals((await printed(["diff", WELL, "a", "b", "c", "d"])).code, 2);
});
