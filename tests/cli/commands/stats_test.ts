/**
 * What `stats` prints: goldens, CSV, many bundles at once.
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
import { printed, testAskGoldens, upstreamBundle } from "./command_golden.ts";
import { inFolderAsync, putBundle } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";
import type { StatsRow } from "../../../lib/query/stats/stats_answer.ts";

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

/** Two recordings of one session on two days, and another session in another directory. */
function putSessions(folder: string): void {
  const sessions = [
    { id: "thread-0", day: 15, cwd: "/w/app", effort: "low", tokens: 100 },
    { id: "thread-0", day: 16, cwd: "/w/app", effort: "high", tokens: 200 },
    { id: "thread-2", day: 16, cwd: "/w/lib", effort: "high", tokens: 300 },
  ];
  for (const [at, { id, day, cwd, effort, tokens }] of sessions.entries()) {
    const start = Date.UTC(2027, 0, day, 8);
    const bundle = join(folder, `b${at}`);
    Deno.mkdirSync(join(bundle, "payloads"), { recursive: true });
    const payload = (number: number, type: string, value: object) => {
      const path = `payloads/${number}.json`;
      Deno.writeTextFileSync(join(bundle, path), JSON.stringify(value));
      return { raw_payload_id: `raw_payload:${number}`, kind: { type }, path };
    };
    const user = {
      type: "message",
      role: "user",
      content: [{ type: "input_text", text: `prompt ${at}` }],
    };
    const usage = { input_tokens: tokens, cached_input_tokens: 0 };
    const events = [
      { type: "rollout_started", trace_id: `t${at}`, root_thread_id: id },
      {
        type: "thread_started",
        thread_id: id,
        agent_path: "/root",
        metadata_payload: payload(1, "session_metadata", { cwd }),
      },
      { type: "codex_turn_started", thread_id: id, codex_turn_id: "turn" },
      {
        type: "inference_started",
        inference_call_id: "call",
        thread_id: id,
        codex_turn_id: "turn",
        model: "m",
        provider_name: "p",
        request_payload: payload(2, "inference_request", {
          input: [user],
          reasoning: { effort },
        }),
      },
      {
        type: "inference_completed",
        inference_call_id: "call",
        response_id: null,
        response_payload: payload(3, "inference_response", {
          output_items: [],
          token_usage: {
            ...usage,
            output_tokens: 1,
            reasoning_output_tokens: 0,
          },
        }),
      },
      { type: "codex_turn_ended", codex_turn_id: "turn", status: "completed" },
      { type: "rollout_ended", status: "completed" },
    ];
    const lines = events.map((event, seq) =>
      JSON.stringify({
        schema_version: 2,
        seq: seq + 1,
        wall_time_unix_ms: start + seq * 10,
        rollout_id: id,
        thread_id: seq < 2 ? null : id,
        codex_turn_id: null,
        payload: event,
      })
    );
    Deno.writeTextFileSync(
      join(bundle, "trace.jsonl"),
      lines.join("\n") + "\n",
    );
    const manifest = {
      schema_version: 2,
      trace_id: `t${at}`,
      rollout_id: id,
      root_thread_id: id,
      started_at_unix_ms: start,
      raw_event_log: "trace.jsonl",
      payloads_dir: "payloads",
    };
    Deno.writeTextFileSync(
      join(bundle, "manifest.json"),
      JSON.stringify(manifest),
    );
  }
}

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

Deno.test("the CSV of bundles has session, start, directory and prompt", async () => {
  await inFolderAsync(async (folder) => {
    putSessions(folder);
    const { stdout } = await printed([
      "stats",
      folder,
      "--csv",
      "--columns",
      "session,started,cwd,prompt,input_tokens",
    ]);
    assertEquals(
      stdout.split("\r\n")[2]?.replace(folder, ""),
      "/b1,thread-0,2027-01-16T08:00:00.000Z,/w/app,prompt 1,200",
    );
  });
});

Deno.test("list shows which bundle continues the session of another", async () => {
  await inFolderAsync(async (folder) => {
    putSessions(folder);
    const { stdout } = await printed(["list", folder, "--jsonl"]);
    const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
    assertEquals(
      lines.map(({ bundle, continues }) => [bundle, continues]).sort(),
      [
        [join(folder, "b0"), null],
        [join(folder, "b1"), join(folder, "b0")],
        [join(folder, "b2"), null],
      ],
    );
    const text = await printed(["list", folder, "--width", "120"]);
    assertStringIncludes(text.stdout, "continues");
  });
});
