/**
 * `check`: what it reports about valid and damaged bundles, and about folders that are no bundle.
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
import { checkBundle } from "../../lib/check/check.ts";
import { MAX_FINDINGS_PER_CODE } from "../../lib/check/findings.ts";
import { EXIT } from "../../lib/cli/command.ts";
import { runProgram } from "../../lib/cli/program.ts";
import {
  BundleFormatError,
  PayloadError,
  ReplayError,
} from "../../lib/errors.ts";
import { replayBundle } from "../../lib/replay.ts";
import {
  inFolder,
  namesIn,
  putBundle,
  recordedIo,
  REFUSED_CASE,
} from "../support/cli.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { CORPUS, COVERS_ALL_CASES } from "../support/cases.ts";
import { TESTDATA } from "../support/paths.ts";
import { run, runMain } from "../support/processes.ts";

const UPSTREAM = join(TESTDATA, "upstream");
const CASES = [...Deno.readDirSync(UPSTREAM)].map(({ name }) => name).sort();

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

/** Recorded by Codex, and yet not as a recorder should leave a bundle. */
const ILL: ReadonlySet<string> = new Set([
  "0.164.0-agents_same_call_id",
  "0.164.0-dup_call_id",
  "0.164.0-dup_call_id_same",
  "0.169.0-agents_v2_resume-2",
  "0.169.0-dup_call_same_response",
]);

/** Recordings that reduce, though the end of something is missing from them. */
const WARNED: ReadonlySet<string> = new Set(["0.169.0-mcp"]);

/** What is noted: limits of the recorder left something out, a compaction was not installed. */
const NOTED: ReadonlyMap<string, string> = new Map([
  ["0.171.0-lim_p300", "payloads_partial"],
  ["0.169.0-compact_remote_fail", "not_recorded"],
]);

async function check(
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = recordedIo();
  const code = await runProgram(["check", ...args], io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

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

Deno.test("a directory that is no bundle, or no longer one, is reported too", () => {
  inFolder((cwd) => {
    Deno.mkdirSync(join(cwd, "empty"));
    putBundle(cwd, "no-manifest");
    Deno.removeSync(join(cwd, "no-manifest", "manifest.json"));
    putBundle(cwd, "no-log");
    Deno.removeSync(join(cwd, "no-log", "trace.jsonl"));
    putBundle(cwd, "no-payloads");
    Deno.removeSync(join(cwd, "no-payloads", "payloads"), { recursive: true });
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["empty", ["manifest_missing", "log_missing"]],
      ["no-manifest", ["manifest_missing"]],
      ["no-log", ["log_missing"]],
      ["no-payloads", ["payload_unreadable"]],
    ];
    for (const [name, codes] of cases) {
      const grant = [`--allow-read=${join(cwd, name)}`];
      const ended = runMain(grant, ["check", "--json", name], { cwd });
      assertEquals([ended.code, ended.stderr], [1, ""], ended.stderr);
      const { findings, reduction } = JSON.parse(ended.stdout);
      const found = new Set(
        findings.filter((each: { severity: string }) =>
          each.severity === "error"
        ).map((each: { code: string }) => each.code),
      );
      for (const code of codes) assert(found.has(code), `${name}: ${code}`);
      assertEquals(reduction.strict, false, name);
      const result = runMain(grant, ["check", name], { cwd });
      assertEquals([result.code, result.stderr], [1, ""]);
      assertMatch(result.stdout, /^reduce {4}refused at /m);
    }
  });
});

Deno.test("without a manifest the log and the payloads are checked", () => {
  inFolder((cwd) => {
    for (const name of ["0.164.0-shell", "0.169.0-agents_v2"]) {
      const bundle = putBundle(cwd, name, join(UPSTREAM, name));
      const well = checkBundle(bundle);
      Deno.writeTextFileSync(join(bundle, "manifest.json"), "[]");
      const ill = checkBundle(bundle);
      assertEquals(ill.totals, well.totals);
      assertEquals(
        ill.findings.map(({ code }) => code),
        ["manifest_malformed"],
      );
      assertEquals([ill.manifest, ill.reduction.tolerant], [null, null]);
    }
  });
});

Deno.test({
  name: "pipes in the place of files, and links that lead out, are not opened",
  ignore: Deno.build.os === "windows",
  fn: () => {
    inFolder((cwd) => {
      Deno.writeTextFileSync(join(cwd, "secret"), "hunter2");
      for (const file of ["manifest.json", "trace.jsonl", "payloads/3.json"]) {
        for (const kind of ["pipe", "link"]) {
          const bundle = putBundle(cwd, "bundle");
          Deno.removeSync(join(bundle, file));
          if (kind === "pipe") run("mkfifo", [join(bundle, file)]);
          else Deno.symlinkSync(join(cwd, "secret"), join(bundle, file));
          const ended = runMain(
            [`--allow-read=${bundle}`],
            ["check", "--json", bundle],
          );
          assertEquals([ended.code, ended.stderr], [1, ""], `${file} ${kind}`);
          assert(!ended.stdout.includes("hunter2"));
          const result = JSON.parse(ended.stdout).findings
            .map((each: { message: string }) => each.message).join("\n");
          assertMatch(
            result,
            kind === "pipe" ? /no regular file/ : /leads out of the bundle/,
          );
          Deno.removeSync(bundle, { recursive: true });
        }
      }
    });
  },
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

/** What a strict replay states, as a check would report it. */
function refusalOf(bundle: string): string | undefined {
  try {
    replayBundle(bundle);
    return undefined;
  } catch (error) {
    if (error instanceof ReplayError) {
      return error.cause instanceof PayloadError
        ? error.cause.message
        : error.reason;
    }
    if (error instanceof BundleFormatError) return error.reason;
    if (error instanceof PayloadError) return error.message;
    throw error;
  }
}

/** Of the lines of each log, one in so many is changed. */
const STRIDE = COVERS_ALL_CASES ? 3 : 20;

Deno.test("check knows whether a strict reduction succeeds, and why not", () => {
  inFolder((folder) => {
    let refused = 0;
    for (const name of CASES) {
      const bundle = putBundle(folder, name, join(UPSTREAM, name));
      const log = join(bundle, "trace.jsonl");
      const lines = Deno.readTextFileSync(log).split(/(?<=\n)/);
      for (let at = 0; at < lines.length; at += STRIDE) {
        const line = lines[at] ?? "";
        const without = lines.toSpliced(at, 1);
        const double = lines.toSpliced(at, 0, line);
        const later = without.toSpliced(at + 5, 0, line);
        const torn = [...lines.slice(0, at), line.slice(0, line.length / 2)];
        for (const changed of [without, double, later, torn]) {
          Deno.writeTextFileSync(log, changed.join(""));
          const { reduction, counts } = checkBundle(bundle);
          const refusal = refusalOf(bundle);
          assertEquals(
            reduction.refused_by?.message,
            refusal,
            `${name}, line ${at + 1}`,
          );
          assertEquals(reduction.strict, refusal === undefined);
          assert(reduction.strict || counts.error > 0);
          if (refusal !== undefined) refused++;
        }
      }
    }
    assert(refused > 300 / STRIDE, `${refused} refusals`);
  });
});

Deno.test("a bundle truncated at any line is not called clean", () => {
  inFolder((folder) => {
    const name = "0.164.0-shell";
    const bundle = putBundle(folder, name, join(UPSTREAM, name));
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split(/(?<=\n)/);
    for (let kept = 0; kept < lines.length; kept++) {
      Deno.writeTextFileSync(log, lines.slice(0, kept).join(""));
      assertEquals(checkBundle(bundle).clean, false, `${kept} lines`);
    }
  });
});

Deno.test("an event that the recorder lost is reported, whichever it is", () => {
  inFolder((folder) => {
    // Where the recorder loses an event, the next one gets its number.
    const name = "0.169.0-code_mode";
    const bundle = putBundle(folder, name, join(UPSTREAM, name));
    const log = join(bundle, "trace.jsonl");
    const lines = Deno.readTextFileSync(log).trimEnd().split("\n");
    for (let lost = 0; lost < lines.length; lost++) {
      const left = lines.toSpliced(lost, 1).map((line, at) =>
        line.replace(/"seq":\d+/, `"seq":${at + 1}`)
      );
      Deno.writeTextFileSync(log, `${left.join("\n")}\n`);
      const { type } = JSON.parse(lines[lost] ?? "").payload;
      // Nothing else in a bundle reports these.
      const isSilent = [
        "rollout_started",
        "history_item_accepted",
        "thread_resumed",
      ].includes(type);
      if (!isSilent) assertEquals(checkBundle(bundle).clean, false, type);
    }
  });
});

Deno.test({
  name:
    "every bundle of the corpus is checked, and reduces as the check states",
  ignore: !exists(CORPUS),
  fn: () => {
    for (const version of Deno.readDirSync(CORPUS)) {
      if (!version.isDirectory) continue;
      for (const { name } of Deno.readDirSync(join(CORPUS, version.name))) {
        const bundle = join(CORPUS, version.name, name, "bundle");
        const { reduction } = checkBundle(bundle);
        assertEquals(reduction.refused_by?.message, refusalOf(bundle), name);
      }
    }
  },
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

function exists(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}
