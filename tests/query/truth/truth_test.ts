/**
 * Every answer about a recorded session states what its log records, and knows what its log knows.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { runProgram } from "../../../lib/cli/program.ts";
import { listBundles } from "../../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { getStats } from "../../../lib/query/stats/stats.ts";
import { getTimeline } from "../../../lib/query/timeline/timeline.ts";
import { COVERS_ALL_CASES, isInSample } from "../../support/cases.ts";
import { recordedIo } from "../../support/cli.ts";
import { truthCases } from "./bundles.ts";
import { differencesOf } from "./differences.ts";
import { factsOf } from "./facts.ts";
import { statementsOf } from "./statements.ts";

const CASES = truthCases().filter((_, at) => isInSample(at));
/** Facts of these cases: there are more, by little. */
const MIN_FACTS = COVERS_ALL_CASES ? 5_000 : 1_000;

Deno.test("show, list, stats, timeline, explain and the page state what the log records", () => {
  let compared = 0;
  const found: string[] = [];
  for (const { name, bundle, raw } of CASES) {
    const facts = factsOf(raw);
    compared += facts.size;
    const differences = differencesOf(facts, statementsOf(bundle));
    found.push(...differences.map((each) => `${name}: ${each}`));
  }
  assertEquals(found, []);
  assert(compared > MIN_FACTS, `${compared} facts`);
});

Deno.test("the commands print the answers of the library", async () => {
  for (const { name, bundle } of CASES.slice(0, 5)) {
    const session = openBundle(bundle);
    const answers = {
      show: summarize(session),
      stats: getStats(session),
      timeline: getTimeline(session),
      list: listBundles(bundle),
    };
    for (const [command, answer] of Object.entries(answers)) {
      const io = recordedIo();
      await runProgram([command, bundle, "--json"], io);
      assertEquals(
        JSON.parse(io.stdout).answer,
        JSON.parse(JSON.stringify(answer)),
        `${command} ${name}`,
      );
    }
  }
});
