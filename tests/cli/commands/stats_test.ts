/**
 * What `stats` prints: goldens, CSV, many bundles at once.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";
import { inFolderAsync, putBundle } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";

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

/** Reads CSV as RFC 4180 has it. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy;
  let row: string[] = [];
  for (const [, written = "", end] of text.matchAll(cell)) {
    row.push(
      written.startsWith('"')
        ? written.slice(1, -1).replaceAll('""', '"')
        : written,
    );
    if (end === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

Deno.test("stats --csv quotes, and keeps formulas from being run", async () => {
  await inFolderAsync(async (folder) => {
    const bundle = putBundle(folder, "bundle");
    const log = join(bundle, "trace.jsonl");
    const model = '=HYPERLINK("x"),\u001b[31m\n@evil';
    Deno.writeTextFileSync(
      log,
      Deno.readTextFileSync(log).replaceAll(
        '"model":"gpt-5.1-codex"',
        `"model":${JSON.stringify(model)}`,
      ),
    );
    const { stdout, code } = await printed(["stats", bundle, "--csv"]);
    assertEquals(code, 0);
    assert(stdout.endsWith("\r\n"));
    const rows = csvRows(stdout);
    assertEquals(rows.length, 2);
    assertEquals(rows[1]?.length, rows[0]?.length);
    assertEquals(
      rows[1]?.[0],
      '\'=HYPERLINK("x"),\\u001b[31m\\u000a@evil',
    );
    assertEquals(rows[1]?.[rows[0]?.indexOf("calls") ?? 0], "6");
  });
});

Deno.test("stats --csv and --jsonl state the same as --json", async () => {
  const args = ["stats", "testdata/upstream", "--by", "turn"];
  const document = JSON.parse((await printed([...args, "--json"])).stdout);
  const lines = (await printed([...args, "--jsonl"])).stdout.trimEnd();
  assertEquals(
    lines.split("\n").map((line) => JSON.parse(line)),
    document.answer.rows,
  );
  const [head = [], ...rows] = csvRows(
    (await printed([...args, "--csv"])).stdout,
  );
  assertEquals(rows.length, document.answer.rows.length);
  const at = (name: string) => head.indexOf(name);
  for (const [index, row] of rows.entries()) {
    const { calls, tokens, time, bundle } = document.answer.rows[index];
    assertEquals(
      [
        row[at("bundle")],
        row[at("calls")],
        row[at("input_tokens")],
        row[at("turns_ms")],
      ],
      [
        bundle,
        String(calls),
        String(tokens.input_tokens ?? ""),
        String(time.turns_ms),
      ],
    );
  }
});

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
      [["--by", "day"], "model, turn, tool"],
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
