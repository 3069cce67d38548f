/**
 * What `list` prints, and that it agrees with `show` on every bundle.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import {
  listBundle,
  listBundles,
} from "../../../lib/query/list/list_bundles.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { summarize } from "../../../lib/query/show/show.ts";
import { printed, printedAt, testAskGoldens } from "./command_golden.ts";
import { putSessions } from "./stats/stats_sessions.ts";
import { inFolder, inFolderAsync, putBundle } from "../../support/cli.ts";
import { PROJECT, TESTDATA } from "../../support/paths.ts";
import { run } from "../../support/processes.ts";
import { rawEvents, soundBundles } from "../../support/log_oracle.ts";
import { observeOpens } from "../../support/bundles/opened_files.ts";

/** Ages depend on when one looks. */
const NOW = Date.UTC(2026, 11, 24, 12);
const printedNow = (args: readonly string[]) => printedAt(NOW, args);

testAskGoldens("list", [
  { name: "broken", args: ["testdata/broken"], color: 80 },
  {
    name: "one",
    args: ["testdata/upstream/0.169.0-compact_remote_fail"],
  },
  {
    name: "columns",
    args: [
      "testdata/broken",
      "--columns",
      "started,events,schema,bundle,prompt",
    ],
    widths: [120],
  },
  { name: "nothing", args: ["lib"], widths: [80] },
  {
    name: "figures",
    args: [
      "testdata/upstream",
      "--columns",
      "bundle,model,turns,requests,failed,tools,threads,tokens,cost,cwd",
      "--sort",
      "tokens",
      "-n",
      "5",
      "--config",
      "testdata/ask/prices.jsonc",
    ],
    widths: [80, 160],
  },
], printedNow);

Deno.test("listBundle() reports prompt, answer and end as the reduced session does", () => {
  let compared = 0;
  for (const { name, bundle } of soundBundles()) {
    const listed = listBundle(bundle);
    const { identity, prompt, answer, turns } = summarize(openBundle(bundle));
    const events = rawEvents(bundle);
    assertEquals(
      [listed.rollout_id, listed.status, listed.started_at_unix_ms],
      [identity.rollout_id, identity.status, identity.started_at_unix_ms],
      name,
    );
    assertEquals(listed.events, events.length, name);
    assertEquals(listed.prompt, prompt?.text ?? null, name);
    const last = turns.findLast(({ agent_path: path }) => path === "/root");
    if (listed.result?.type === "answer") {
      assertEquals(last?.status === "failed", false, name);
      assertEquals(listed.result.text, answer?.text, name);
      compared++;
    }
  }
  assert(compared > 10);
});

Deno.test("listBundle() adds up the bytes of the files", () => {
  const bundle = join(TESTDATA, "upstream", "0.169.0-hello", "bundle");
  const files = [
    ...Deno.readDirSync(bundle),
    ...[...Deno.readDirSync(join(bundle, "payloads"))]
      .map(({ name, isFile }) => ({ name: `payloads/${name}`, isFile })),
  ].filter(({ isFile }) => isFile);
  const sum = files.reduce(
    (size, { name }) => size + Deno.statSync(join(bundle, name)).size,
    0,
  );
  assertEquals(listBundle(bundle).size_bytes, sum);
});

Deno.test("listBundle() reports the error of a session whose last turn went wrong", () => {
  inFolder((folder) => {
    const bundle = putBundle(
      folder,
      "bundle",
      join(TESTDATA, "upstream", "0.169.0-compact_remote_fail"),
    );
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split("\n");
    const end = lines.findIndex((line) => line.includes('"status":"failed"'));
    Deno.writeTextFileSync(log, `${lines.slice(0, end + 1).join("\n")}\n`);
    assertEquals(listBundle(bundle).result, {
      type: "error",
      text: "turn failed: cannot compact",
    });
  });
});

Deno.test("listBundles() has the newest first, and what cannot be read last", () => {
  const { bundles } = listBundles(join(TESTDATA, "upstream"));
  const starts = bundles.map(({ started_at_unix_ms: start }) => Number(start));
  assertEquals(starts, starts.toSorted((a, b) => b - a));
  inFolder((folder) => {
    Deno.mkdirSync(join(folder, "a"));
    Deno.writeTextFileSync(join(folder, "a", "manifest.json"), "{}");
    putBundle(folder, "b");
    const [first, second] = listBundles(folder).bundles;
    assertEquals(first?.bundle, join(folder, "b"));
    assertEquals(second?.status, null);
    assertStringIncludes(second?.error ?? "", "manifest.json");
  });
});

Deno.test("listBundles() follows no link and reads no payload outside of a bundle", () => {
  inFolder((folder) => {
    const root = join(folder, "root");
    Deno.mkdirSync(root);
    Deno.symlinkSync(putBundle(folder, "outside"), join(root, "link"));
    const inside = putBundle(root, "inside");
    const payloads = join(inside, "payloads");
    Deno.removeSync(payloads, { recursive: true });
    Deno.symlinkSync(join(folder, "outside", "payloads"), payloads);
    const { bundles } = listBundles(root);
    assertEquals(bundles.map(({ bundle }) => bundle), [inside]);
    assertEquals(bundles[0]?.prompt, null);
  });
});

Deno.test({
  name:
    "list reports folders that it cannot search, and names that are not UTF-8",
  ignore: Deno.build.os !== "linux",
  fn: () =>
    inFolderAsync(async (folder) => {
      const bundle = putBundle(folder, "b");
      const name = 'mkdir "$0/$(printf "caf\\351")"';
      assertEquals(run("sh", ["-c", name, folder]).code, 0);
      Deno.mkdirSync(join(folder, "closed"));
      const readDir = Deno.readDirSync;
      const isListed = [...readDir(folder)].length === 3;
      Deno.readDirSync = (path) => {
        if (!`${path}`.includes("/closed")) return readDir(path);
        throw new Deno.errors.PermissionDenied();
      };
      try {
        const { bundles, unread } = listBundles(folder);
        assertEquals(bundles.map((each) => each.bundle), [bundle]);
        assertEquals(unread.map(({ path }) => path.slice(folder.length)), [
          // Deno before 2.9 does not list such a name: then the folder itself is reported.
          isListed ? "/caf\ufffd" : "",
          "/closed",
        ]);
        const { code, stderr } = await printed(["list", folder]);
        assertEquals(code, 3);
        assertStringIncludes(stderr, "not UTF-8");
        assertStringIncludes(stderr, "permission denied");
      } finally {
        Deno.readDirSync = readDir;
      }
      const named = await printed(["list", join(folder, "caf\ufffd")]);
      assertEquals(named.code, 4);
      assertStringIncludes(named.stderr, "not UTF-8");
    }),
});

Deno.test("listBundles() continues after a bundle whose disk has a fault", () => {
  inFolder((folder) => {
    putBundle(folder, "a");
    putBundle(folder, "b");
    const fault = "Input/output error (os error 5)";
    using _ = observeOpens((path) =>
      path.endsWith("a/trace.jsonl") ? new Error(fault) : undefined
    );
    const { bundles } = listBundles(folder);
    assertEquals(bundles.map(({ error }) => error), [null, fault]);
  });
});

Deno.test("list ends with 3 when a bundle cannot be read, and with 4 when none can", async () => {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    Deno.mkdirSync(join(folder, "a"));
    Deno.writeTextFileSync(join(folder, "a", "manifest.json"), "{}");
    const none = await printed(["list", folder]);
    assertEquals(none.code, 4);
    assertStringIncludes(none.stderr, "error: ");
    putBundle(folder, "b");
    assertEquals((await printed(["list", folder])).code, 3);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
  assertEquals((await printed(["list"])).code, 2);
  assertEquals((await printed(["list", PROJECT, PROJECT])).code, 2);
});

Deno.test("listBundle() counts what the reduced session has, and adds up the same tokens", () => {
  let withTokens = 0;
  for (const { name, bundle } of soundBundles()) {
    const { counts, models, cwd, tokens } = listBundle(bundle);
    const session = openBundle(bundle);
    const { trace } = session;
    const shown = summarize(session);
    assertEquals(counts, {
      threads: trace.threads.size,
      turns: trace.codex_turns.size,
      llm_requests: trace.inference_calls.size,
      failed_llm_requests: shown.models.reduce(
        (sum, each) => sum + (each.failed_calls ?? NaN),
        0,
      ),
      tool_calls: trace.tool_calls.size,
      errors: [
        ...trace.inference_calls.values(),
        ...trace.compaction_requests.values(),
        ...trace.tool_calls.values(),
        ...trace.code_cells.values(),
      ].filter(({ execution }) => execution.status === "failed").length,
    }, name);
    assertEquals(models, shown.models.map(({ model }) => model), name);
    assertEquals(cwd, shown.identity.cwd, name);
    if (tokens === null) continue;
    assertEquals(tokens, shown.tokens, name);
    withTokens++;
  }
  assert(withTokens > 10);
});

Deno.test("list counts nothing where events were lost", () => {
  inFolder((folder) => {
    const bundle = putBundle(folder, "a");
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split("\n");
    lines.splice(3, 1);
    Deno.writeTextFileSync(log, lines.join("\n"));
    const { counts, tokens } = listBundle(bundle);
    assertEquals([counts, tokens], [null, null]);
  });
});

Deno.test("list selects by start, outcome, model, directory and text", async () => {
  const root = "testdata/upstream";
  const all = listBundles(join(PROJECT, root)).bundles;
  const selected = async (...flags: string[]) => {
    const { stdout } = await printedNow(["list", root, "--jsonl", ...flags]);
    const lines = stdout.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line));
  };
  const day = Date.UTC(2026, 10, 29);
  const startOf = (each: { started_at_unix_ms: unknown }) =>
    Number(each.started_at_unix_ms);
  const cases: [string[], number][] = [
    [
      ["--since", "2026-11-29"],
      all.filter((each) => startOf(each) >= day).length,
    ],
    [
      ["--until", "2026-11-29"],
      all.filter((each) => startOf(each) < day).length,
    ],
    [
      ["--since", "26d"],
      all.filter((each) => startOf(each) >= NOW - 26 * 86_400_000)
        .length,
    ],
    [
      ["--model", "5.5"],
      all.filter(({ models }) => models.includes("gpt-5.5")).length,
    ],
    [
      ["--cwd", "/workspace"],
      all.filter(({ cwd }) => cwd?.startsWith("/workspace/")).length,
    ],
    [["--cwd", "/work"], 0],
    [["--grep", "TWO YIELDED"], 1],
    [["--failed"], all.filter(({ outcome }) => outcome === "failed").length],
  ];
  for (const [flags, expected] of cases) {
    assertEquals((await selected(...flags)).length, expected, flags.join(" "));
  }
  assertEquals((await printed(["list", root, "--grep", "zzz"])).code, 1);
  assertEquals((await printed(["list", root, "--since", "soon"])).code, 2);
});

Deno.test("list reads no more bundles than -n of the newest needs", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "new", join(TESTDATA, "upstream", "0.171.0-agents_v2"));
    const old = putBundle(
      folder,
      "old",
      join(TESTDATA, "upstream", "0.128.0-hello"),
    );
    // Only a list that reads its log reports it.
    Deno.removeSync(join(old, "trace.jsonl"));
    const first = await printed(["list", folder, "-n", "1"]);
    assertEquals([first.code, first.stderr], [0, ""]);
    assertEquals((await printed(["list", folder])).code, 3);
  });
});

Deno.test("list prints values with tabs between where a program reads them", () => {
  inFolder((folder) => {
    const bundle = putBundle(
      folder,
      "a b",
      join(TESTDATA, "upstream", "0.169.0-hello"),
    );
    const { stdout } = run(Deno.execPath(), [
      "run",
      "--no-prompt",
      `--allow-read=${folder}`,
      join(PROJECT, "main.ts"),
      "list",
      folder,
    ]);
    const [started, outcome, ...others] = stdout.trimEnd().split("\t");
    assertEquals(new Date(started ?? "").toISOString(), started);
    assertEquals([outcome, others.at(-1)], ["ok", bundle]);
    assertEquals(others.length, 12);
  });
});

Deno.test("list examines the size of no file where it prints none", async () => {
  const list = Deno.readDirSync;
  const listed: string[] = [];
  Deno.readDirSync = (path) => {
    listed.push(`${path}`);
    return list(path);
  };
  try {
    const bundle = join(TESTDATA, "upstream", "0.169.0-agents_v2_fail");
    const { size_bytes, error } = listBundle(join(bundle, "bundle"), {
      sizes: false,
    });
    assertEquals([size_bytes, error, listed], [0, null, []]);
    await printed(["list", bundle, "--columns", "bundle"]);
    const isPayloads = (path: string) => path.endsWith("payloads");
    assert(!listed.some(isPayloads));
    await printed(["list", bundle, "--columns", "bundle,size"]);
    assert(listed.some(isPayloads));
  } finally {
    Deno.readDirSync = list;
  }
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
