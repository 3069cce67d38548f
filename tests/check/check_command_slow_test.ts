/**
 * The command `check`: its document, its text, its permissions, its limits.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { MAX_FINDINGS_PER_CODE } from "../../lib/check/findings.ts";
import { EXIT } from "../../lib/cli/command.ts";
import { runProgram } from "../../lib/cli/program.ts";
import {
  inFolder,
  namesIn,
  putBundle,
  recordedIo,
  REFUSED_CASE,
} from "../support/cli.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { runMain } from "../support/processes.ts";
import { CASES, check, ILL, NOTED, UPSTREAM, WARNED } from "./check_command.ts";

/** Keys of the document, and of what is in it. */
const KEYS = [
  "bundle",
  "clean",
  "manifest",
  "reduction",
  "totals",
  "counts",
  "findings",
];

const FINDING_KEYS = [
  "code",
  "severity",
  "file",
  "line",
  "seq",
  "event_type",
  "ids",
  "message",
  "lost",
];

Deno.test("recorded bundles are clean, but for those that contradict themselves", async () => {
  assert(CASES.length > ILL.size);
  for (const name of CASES) {
    const bundle = join(UPSTREAM, name, "bundle");
    const result = await check(bundle);
    const document = await check("--json", bundle);
    const report = JSON.parse(document.stdout);
    const isClean = !ILL.has(name) && !WARNED.has(name);
    const expected = isClean ? EXIT.ok : EXIT.noResult;
    assertEquals(
      [result.code, document.code],
      [expected, expected],
      result.stdout,
    );
    assertEquals([result.stderr, document.stderr], ["", ""]);
    assertEquals(Object.keys(report), KEYS);
    assertEquals(report.clean, isClean);
    assertEquals(report.reduction.strict, !ILL.has(name));
    if (WARNED.has(name)) assert(result.stdout.endsWith(" warnings\n"));
    if (isClean) {
      const note = NOTED.get(name);
      assertEquals(
        report.findings.map(({ code }: { code: string }) => code),
        note === undefined ? [] : [note],
      );
      const verdict = note !== undefined ? "clean, 1 note" : "clean";
      assert(result.stdout.endsWith(`\n\n${verdict}\n`), result.stdout);
      assertStringIncludes(result.stdout, "\nreduce    succeeds\n");
    }
    for (const finding of report.findings) {
      assertEquals(Object.keys(finding), FINDING_KEYS);
    }
  }
});

Deno.test("totals are those of the bundle", async () => {
  const bundle = join(UPSTREAM, "0.169.0-code_mode", "bundle");
  const { totals } = JSON.parse((await check("--json", bundle)).stdout);
  const log = Deno.readTextFileSync(join(bundle, "trace.jsonl"));
  const events = log.trimEnd().split("\n").map((line) => JSON.parse(line));
  const payloads = [...Deno.readDirSync(join(bundle, "payloads"))];
  const bytes = payloads.map(({ name }) =>
    Deno.statSync(join(bundle, "payloads", name)).size
  );
  assertEquals(totals.log_bytes, new TextEncoder().encode(log).length);
  assertEquals([totals.lines, totals.events], [events.length, events.length]);
  assertEquals(totals.payload_files, payloads.length);
  assertEquals(totals.payloads_named, payloads.length);
  assertEquals(totals.payload_bytes, bytes.reduce((sum, each) => sum + each));
  const first = events[0].wall_time_unix_ms;
  const last = events.at(-1).wall_time_unix_ms;
  assertEquals(totals.first_event_unix_ms, first);
  assertEquals(totals.last_event_unix_ms, last);
  assertEquals(totals.duration_ms, last - first);
  const types = Object.entries(totals.events_by_type);
  assertEquals(types.map(([type]) => type), types.map(([type]) => type).sort());
  for (const [type, count] of types) {
    const same = events.filter((event) => event.payload.type === type);
    assertEquals(count, same.length, type);
  }
});

Deno.test("check reads the bundle, and needs permission for nothing else", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle", REFUSED_CASE);
    const before = namesIn(bundle);
    for (const name of [bundle, "bundle"]) {
      const { code, stdout, stderr } = runMain(
        [`--allow-read=${bundle}`],
        ["check", name],
        { cwd },
      );
      assertEquals([code, stderr], [1, ""]);
      assertStringIncludes(
        stdout,
        "[call_id_reused]; --tolerant reduces 21 of 25",
      );
    }
    const refused = runMain([], ["check", "bundle"], { cwd });
    assertEquals([refused.code, refused.stdout], [2, ""]);
    assertStringIncludes(refused.stderr, "hint: add --allow-read=bundle");
    assertEquals(namesIn(bundle), before);
  });
});

Deno.test("no text of a bundle, and no path, steers the terminal", () => {
  inFolder((cwd) => {
    const nasty = "\u001b]0;title\u0007\u202e\u009b2J\n\ufeff";
    const draft = new RawBundle(2, "rollout");
    draft.changeManifest({ rollout_id: nasty });
    draft.tool(nasty).event({ type: "thread_resumed", thread_id: nasty });
    draft.end().writeTo(join(cwd, `bundle${nasty}`));
    Deno.writeTextFileSync(join(cwd, `bundle${nasty}`, nasty), "");
    for (const flags of [[], ["--json"]]) {
      const { code, stdout, stderr } = runMain(
        [`--allow-read=${cwd}`],
        ["check", ...flags, `bundle${nasty}`],
        { cwd },
      );
      assertEquals([code, stderr], [1, ""]);
      assert(
        !/[\p{Cc}\p{Cf}]/u.test(stdout.replaceAll("\n", "")),
        JSON.stringify(stdout),
      );
      assertStringIncludes(stdout, "\\u001b]0;title\\u0007\\u202e");
      if (flags.length > 0) {
        assertEquals(JSON.parse(stdout).manifest.rollout_id, nasty);
      }
    }
  });
});

Deno.test("numbers keep every digit in the document", () => {
  inFolder((cwd) => {
    const bundle = join(cwd, "bundle");
    new RawBundle(1, "rollout").tool("call", {}, {
      seq: "18446744073709551615",
    }).end()
      .writeTo(bundle);
    const { stdout } = runMain([`--allow-read=${bundle}`], [
      "check",
      "--json",
      bundle,
    ]);
    assertStringIncludes(stdout, `"seq": 18446744073709551615,`);
    assertStringIncludes(stdout, "seq 4 to 18446744073709551614 are missing");
  });
});

Deno.test("a great many findings are counted all, listed in part, and shown in part", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const bundle = putBundle(folder, "bundle");
    const log = join(bundle, "trace.jsonl");
    Deno.writeTextFileSync(log, "{}\n".repeat(20_000), { append: true });
    const { code, stdout } = await check(bundle);
    assertEquals(code, EXIT.noResult);
    assertStringIncludes(stdout, "\n20,000 errors\n");
    assertStringIncludes(stdout, "\n  and 19950 more; --json lists them\n");
    assert(stdout.split("\n").length < 100);
    const report = JSON.parse((await check("--json", bundle)).stdout);
    assertEquals(report.counts, { error: 20_000, warning: 0, note: 0 });
    assertEquals(report.findings.length, MAX_FINDINGS_PER_CODE);
    assertEquals(
      report.reduction.tolerant.events - 20_000,
      report.totals.events,
    );
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("columns are aligned", async () => {
  const { stdout } = await check(join(REFUSED_CASE, "bundle"));
  const errors = stdout.split("\n5 errors\n")[1]?.split("\n\n")[0] ?? "";
  const rows = errors.split("\n");
  assertEquals(rows.length, 5);
  const columns = rows.map((row) => row.indexOf("trace.jsonl:"));
  assertEquals(new Set(columns).size, 1, errors);
});

Deno.test("--limit bounds what is taken, for check and reduce", async () => {
  const bundle = join(UPSTREAM, "0.169.0-hello", "bundle");
  const all = ["--limit", "events=3", "--limit=payload=200M"];
  const checked = await check(...all, "--json", bundle);
  assertEquals(checked.code, EXIT.noResult);
  const { findings, totals } = JSON.parse(checked.stdout);
  assertEquals(totals.events, 4);
  assert(
    findings.some(({ code }: { code: string }) => code === "limit_exceeded"),
  );
  const io = recordedIo();
  assertEquals(
    await runProgram(["reduce", "-o", "-", ...all, bundle], io),
    EXIT.failed,
  );
  assertStringIncludes(io.stderr, "the limit events=3");
  for (const wrong of ["events", "events=0", "evnts=1", "events=x", ""]) {
    const { code, stderr } = await check("--limit", wrong, bundle);
    assertEquals(code, EXIT.usage, wrong);
    assertStringIncludes(stderr, "\nUsage: rollout-trace check BUNDLE");
  }
});

Deno.test("check shows its usage when it is not called as it should be", async () => {
  for (const args of [[], ["a", "b"], ["--jsn", "a"]]) {
    const { code, stdout, stderr } = await check(...args);
    assertEquals([code, stdout], [EXIT.usage, ""]);
    assertStringIncludes(stderr, "\nUsage: rollout-trace check BUNDLE");
  }
});
