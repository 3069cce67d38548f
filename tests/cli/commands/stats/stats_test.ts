/**
 * What `stats` prints: goldens, many bundles at once, and groups.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { printed, testAskGoldens, upstreamBundle } from "../command_golden.ts";
import { inFolderAsync, putBundle } from "../../../support/cli.ts";
import { TESTDATA } from "../../../support/paths.ts";
import { putSessions } from "./stats_sessions.ts";
import type { StatsRow } from "../../../../lib/query/stats/stats_answer.ts";

const FEW = [
  upstreamBundle("0.164.0-dup_call_id"),
  upstreamBundle("0.164.0-stream_drop"),
  upstreamBundle("0.169.0-code_mode_tools"),
  upstreamBundle("0.169.0-hello"),
];

testAskGoldens("stats", [
  {
    name: "model",
    args: [upstreamBundle("0.164.0-stream_drop")],
    color: 80,
  },
  {
    name: "tool",
    args: [upstreamBundle("0.169.0-code_mode_tools"), "--by", "tool"],
  },
  {
    name: "turn",
    args: [upstreamBundle("0.169.0-compact_remote_fail"), "--by", "turn"],
  },
  {
    name: "thread_prices",
    args: [
      upstreamBundle("0.169.0-agents_v2_fail"),
      "--by",
      "thread",
      "--config",
      "testdata/ask/prices.jsonc",
    ],
  },
  { name: "many", args: FEW, color: 80 },
  {
    name: "columns",
    args: [
      ...FEW,
      "--by",
      "model",
      "--columns",
      "calls,calls_with_usage,input_tokens,total_ms",
    ],
    widths: [80],
  },
  { name: "nothing", args: ["lib"], widths: [80] },
]);

Deno.test("stats continues when a bundle cannot be read, and ends with 3", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    putBundle(folder, "c");
    Deno.mkdirSync(join(folder, "b"));
    Deno.writeTextFileSync(join(folder, "b", "manifest.json"), "{");
    const { stdout, stderr, code } = await printed(["stats", folder, "--json"]);
    assertEquals(code, 3);
    assertStringIncludes(stderr, `${folder}/b`);
    const { answer } = JSON.parse(stdout);
    assertEquals(answer.rows.length, 2);
    assertEquals(
      answer.bundles.map(({ error }: { error: string | null }) =>
        error === null
      ),
      [true, false, true],
    );
  });
});

Deno.test("stats follows no link out of the folder, and looks into no bundle", async () => {
  await inFolderAsync(async (folder) => {
    const root = join(folder, "root");
    Deno.mkdirSync(root);
    const outside = putBundle(folder, "outside");
    Deno.symlinkSync(outside, join(root, "link"));
    putBundle(join(root), "inside");
    putBundle(join(root, "inside"), "payloads/nested");
    const { stdout } = await printed(["stats", root, "--jsonl"]);
    const rows = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(rows.map(({ group }) => group), [join(root, "inside")]);
  });
});

Deno.test("stats counts a session once that several paths lead to", async () => {
  await inFolderAsync(async (folder) => {
    const bundle = putBundle(folder, "a");
    Deno.symlinkSync(bundle, join(folder, "link"));
    const { answer } = JSON.parse(
      (await printed(["stats", bundle, "--json"])).stdout,
    );
    for (
      const paths of [
        [bundle, bundle],
        [bundle, `${bundle}/`],
        [bundle, join(folder, "link")],
        [folder, bundle],
      ]
    ) {
      const { stdout, stderr } = await printed(["stats", ...paths, "--json"]);
      assertEquals(
        stderr,
        "note: 1 path of sessions that were named before left out\n",
      );
      assertEquals(JSON.parse(stdout).answer.total, answer.total);
    }
  });
});

Deno.test("stats of one path that is no bundle ends with 2, as every question", async () => {
  const { stdout, stderr, code } = await printed([
    "stats",
    "testdata/README.md",
  ]);
  assertEquals([stdout, code], ["", 2]);
  assertStringIncludes(stderr, "error: ");
});

Deno.test("stats refuses what it does not know, with the words it does", async () => {
  const bundle = upstreamBundle("0.169.0-hello");
  for (
    const [args, word] of [
      [["--by", "hour"], "model, effort, turn"],
      [["--columns", "calls,colour"], '"colour"'],
      [["--csv", "--json"], "cannot be combined"],
    ] as const
  ) {
    const { stdout, stderr, code } = await printed(["stats", bundle, ...args]);
    assertEquals([stdout, code], ["", 2]);
    assertStringIncludes(stderr, word);
  }
  assertEquals((await printed(["stats"])).code, 2);
});

Deno.test("stats of many bundles counts those of the corpus that ships", async () => {
  const { stdout } = await printed(["stats", "testdata/upstream", "--json"]);
  const names = [...Deno.readDirSync(join(TESTDATA, "upstream"))];
  assertEquals(JSON.parse(stdout).answer.rows.length, names.length);
});

Deno.test("stats counts by day, week, month, project, session, effort and agent", async () => {
  await inFolderAsync(async (folder) => {
    putSessions(folder);
    const cases: [string, Record<string, [bundles: number, tokens: number]>][] =
      [
        ["day", { "2027-01-15": [1, 100], "2027-01-16": [2, 500] }],
        ["week", { "2027-W02": [3, 600] }],
        ["month", { "2027-01": [3, 600] }],
        ["project", { "/w/app": [2, 300], "/w/lib": [1, 300] }],
        ["session", { "thread-0": [2, 300], "thread-2": [1, 300] }],
        ["effort", { high: [2, 500], low: [1, 100] }],
        ["agent", { "/root": [3, 600] }],
      ];
    for (const [by, expected] of cases) {
      const { stdout } = await printed(["stats", folder, "--by", by, "--json"]);
      const { rows, total } = JSON.parse(stdout).answer;
      assertEquals(
        Object.fromEntries(rows.map((row: StatsRow) => [
          row.group,
          [row.bundles, row.tokens?.input_tokens],
        ])),
        expected,
        by,
      );
      assertEquals([total.bundles, total.tokens.input_tokens], [3, 600], by);
    }
  });
});
