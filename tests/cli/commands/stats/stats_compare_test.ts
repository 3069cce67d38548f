/**
 * What `stats --compare` prints: figures of two periods side by side.
 *
 * @module
 */

import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { inFolderAsync } from "../../../support/cli.ts";
import { printed } from "../command_golden.ts";
import { csvRows, putSessions } from "./stats_sessions.ts";

const TWO_DAYS = "2027-01-15..2027-01-16,2027-01-16..2027-01-17";

Deno.test("stats --compare sets sessions of two periods side by side, and each day beside the one before", async () => {
  await inFolderAsync(async (folder) => {
    putSessions(folder);
    const csv = async (...args: string[]) => {
      const { stdout } = await printed([
        "stats",
        folder,
        "--csv",
        "--columns",
        "bundles,input_tokens",
        ...args,
      ]);
      return csvRows(stdout).slice(1).map((row) => row.join(" "));
    };
    assertEquals(
      await csv("--by", "project", "--compare", TWO_DAYS),
      [
        "/w/app /w/app bundles 1 1 0 0 false false",
        "/w/app /w/app input_tokens 200 100 100 100 false false",
        "/w/lib /w/lib bundles 1 0 1  false false",
        // No request is no usage: its tokens are unknown, and so is the change.
        "/w/lib /w/lib input_tokens 300    false false",
      ],
    );
    assertEquals(await csv("--by", "day", "--compare", "previous"), [
      "2027-01-15  bundles 1    false false",
      "2027-01-15  input_tokens 100    false false",
      "2027-01-16 2027-01-15 bundles 2 1 1 100 false false",
      "2027-01-16 2027-01-15 input_tokens 500 100 400 400 false false",
    ]);
    const { stdout } = await printed([
      "stats",
      folder,
      "--compare",
      TWO_DAYS,
      "--json",
    ]);
    const { total, period, before } = JSON.parse(stdout).answer.comparison;
    assertEquals([period.bundles, before.bundles], [2, 1]);
    assertEquals(total.figures[1], {
      figure: "calls",
      value: 2,
      before: 1,
      change: 1,
      percent: 100,
      is_minimum: false,
      is_before_minimum: false,
    });
  });
});

Deno.test("stats --compare marks both periods where a bundle cannot be read: it may be of either", async () => {
  await inFolderAsync(async (folder) => {
    putSessions(folder);
    Deno.mkdirSync(join(folder, "broken"));
    Deno.writeTextFileSync(join(folder, "broken", "manifest.json"), "{");
    const args = ["stats", folder, "--by", "project", "--compare", TWO_DAYS];
    const { stdout, code } = await printed([...args, "--jsonl"]);
    assertEquals(code, 3);
    const lib = stdout.trimEnd().split("\n").map((line) => JSON.parse(line))
      .find(({ group, figure }) => group === "/w/lib" && figure === "calls");
    const { value, before, change, is_minimum, is_before_minimum } = lib;
    assertEquals([value, before, change], [1, null, null]);
    assert(is_minimum && is_before_minimum);
    const text = await printed([...args, "--width", "100"]);
    assertStringIncludes(text.stdout, "≥1");
    assertStringIncludes(text.stdout, "counts and sums are minimums");
    // The difference of what may be more and what may be more is not exact.
    assertMatch(text.stdout, /input tokens +≥200 +≥100 +≈\+100 +≈\+100\.0 %/);
    assertStringIncludes(text.stdout, "computed of minimums");
  });
});

Deno.test("stats --compare explains what cannot be compared", async () => {
  for (
    const [args, message] of [
      [["--by", "bundle", "--compare", "7d"], "each is in one period only"],
      [["--by", "week", "--compare", "7d"], "write --compare previous"],
      [["--compare", "previous"], "needs --by day, week or month"],
      [["--compare", "7d", "--columns", "cwd"], "has no figures"],
      [["--compare", "2027-01-02..2027-01-01,7d..1d"], "ends before it begins"],
      [["--compare", "7d..1d,3d..0d"], "begins before the first ends"],
      [["--compare", "7d..1d"], "is not two periods"],
    ] as const
  ) {
    const { stderr, code } = await printed(["stats", "testdata", ...args]);
    assertEquals(code, 2);
    assertStringIncludes(stderr, message);
  }
});
