/**
 * Logs that end early: whatever is before the cut is reduced as if nothing had been lost.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { cutFaults } from "./cuts.ts";
import { BundleFolder, linesOf, readFiles } from "./files.ts";
import { logOf, withLog } from "./files.ts";
import { replayed } from "./outcome.ts";
import { CORPUS, type GoldenCase, recordedCases } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";
import { Prng } from "../../support/bundles/random/prng.ts";
import { FIRST_SEED } from "../../support/random_seed.ts";

function assertCutsHold(cases: readonly GoldenCase[], bytes: number): void {
  using folder = new BundleFolder();
  const p = new Prng(FIRST_SEED);
  for (const each of cases) {
    const faults = cutFaults(folder, readFiles(each.bundle), p, bytes);
    assertEquals(faults, [], `${each.name}, seed ${FIRST_SEED}`);
  }
}

const upstream = recordedCases(join(TESTDATA, "upstream"));

Deno.test("replayBundle() keeps, tolerantly, what is before any cut of the log of a recorded case", () => {
  assert(upstream.length > 10);
  assertCutsHold(upstream, 50);
});

const corpus = recordedCases(CORPUS, 2);
Deno.test({
  name: corpus.length > 0
    ? "replayBundle() keeps, tolerantly, what is before any cut of the logs of the corpus"
    : "replayBundle() keeps, tolerantly, what is before any cut of the logs of the corpus (skipped: ROLLOUT_TRACE_CORPUS names no folder)",
  ignore: corpus.length === 0,
  fn: () => assertCutsHold(corpus, 4),
});

Deno.test("replayBundle() reports, tolerantly, the line that a cut left incomplete", () => {
  using folder = new BundleFolder();
  const [first] = upstream;
  assert(first !== undefined);
  const files = readFiles(first.bundle);
  const lines = linesOf(logOf(files));
  const [one = new Uint8Array(), two = new Uint8Array()] = lines;
  const cut = logOf(files).subarray(0, one.length + two.length - 9);
  const dir = folder.put(withLog(files, cut));
  assertEquals(replayed(dir).kind, "refused");
  const outcome = replayed(dir, { tolerant: true });
  assert(outcome.kind === "state");
  const result = outcome.diagnostics.map(({ code, line }) => ({ code, line }));
  assertEquals(result, [{ code: "truncated_line", line: 2 }]);
});
