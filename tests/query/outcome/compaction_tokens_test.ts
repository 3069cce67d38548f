/**
 * Tokens and cost of sessions with compaction requests, whose tokens Codex does not record: sums are
 * minimums, and a turn with nothing else has no known tokens.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { runProgram } from "../../../lib/cli/program.ts";
import { listBundle } from "../../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getStats } from "../../../lib/query/stats/stats.ts";
import { tokenCount } from "../../../lib/report/page/ui/figures.ts";
import { recordedIo } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

const BUNDLE = join(
  TESTDATA,
  "upstream",
  "0.171.0-compact_remote_manual",
  "bundle",
);
const PRICES = {
  currency: "USD",
  models: new Map([["gpt-5.5", { input: 1, cached_input: 1, output: 1 }]]),
};

async function printed(...args: string[]): Promise<string> {
  const io = recordedIo();
  await runProgram([...args, BUNDLE], io);
  return io.stdout;
}

Deno.test("show, stats and list count compaction requests, whose tokens are in no sum", () => {
  const session = openBundle(BUNDLE);
  const requests = session.trace.compaction_requests.size;
  assertEquals(requests > 0, true);
  const counts = [
    summarize(session).tokens,
    getStats(session, { by: "model" }).total.tokens,
    listBundle(BUNDLE).tokens,
  ].map((each) => each?.compaction_requests);
  assertEquals(counts, [requests, requests, requests]);
});

Deno.test("a cost has compaction requests as requests without a price", () => {
  const session = openBundle(BUNDLE);
  const { inference_calls: calls, compaction_requests: others } = session.trace;
  const { cost } = summarize(session, { prices: PRICES });
  const expected = [calls.size, others.size];
  assertEquals([cost?.priced_calls, cost?.unpriced_calls], expected);
  const { total, rows } = getStats(session, { by: "turn", prices: PRICES });
  const { cost: sum } = total;
  assertEquals([sum?.priced_calls, sum?.unpriced_calls], expected);
  const alone = rows.filter(({ calls, tokens }) =>
    calls === 0 && tokens?.compaction_requests === 1
  );
  assertEquals(alone.length, others.size);
  for (const { cost } of alone) assertEquals(cost?.amount, null);
});

Deno.test("show and stats print what sums of tokens do not have", async () => {
  const without = "usage of 2 compaction requests unknown";
  assertStringIncludes(await printed("show"), without);
  const stats = await printed("stats", "--by", "turn");
  assertStringIncludes(stats, without);
  const cells = stats.split("\n").map((line) => line.split(/\s{2,}/));
  const total = cells.find(([group]) => group?.startsWith("total"));
  assertEquals(total?.some((cell) => cell.startsWith("≥")), true);
  const turn = cells.find(([group]) => group?.startsWith("turn:2"));
  assertEquals(turn?.filter((cell) => cell === "?").length, 2);
});

Deno.test("export --format markdown states tokens as minimums where usage is unknown", async () => {
  const io = recordedIo();
  await runProgram(
    ["export", BUNDLE, "--format", "markdown", "-o", "-"],
    io,
  );
  assertStringIncludes(io.stdout, "- tokens: at least ");
});

Deno.test("the page marks a sum of tokens that lacks requests, and no other", () => {
  const sum = { input_tokens: 1900, output_tokens: null, calls: 5 };
  const marked = (calls_with_usage: number, compaction_requests: number) =>
    tokenCount("input_tokens", {
      ...sum,
      calls_with_usage,
      compaction_requests,
    });
  assertEquals(marked(5, 0), "1,900");
  assertEquals(marked(5, 2), "≥1,900");
  assertEquals(marked(4, 0), "≥1,900");
  const others = { calls_with_usage: 4, compaction_requests: 0 };
  assertEquals(tokenCount("output_tokens", { ...sum, ...others }), "unknown");
});
