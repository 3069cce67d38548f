/**
 * `reduce --tolerant`: what is reported about a bundle that contradicts itself, and where.
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
import { EXIT } from "../../lib/cli/command.ts";
import { runProgram } from "../../lib/cli/program.ts";
import {
  GOOD_STATE,
  inFolder,
  namesIn,
  putBundle,
  recordedIo,
  REFUSED_CASE,
} from "../support/cli.ts";
import { PROJECT, TESTDATA } from "../support/paths.ts";
import { runMain } from "../support/processes.ts";

/** Recorded cases that contradict themselves, and how much of them can be reduced. */
const CONTRADICTORY: readonly (readonly [name: string, result: string])[] = [
  ["0.164.0-agents_same_call_id", "44 of 48"],
  ["0.164.0-dup_call_id", "21 of 25"],
  ["0.164.0-dup_call_id_same", "21 of 25"],
  ["0.169.0-agents_v2_resume-2", "50 of 50"],
  ["0.169.0-dup_call_same_response", "25 of 32"],
];

const KEYS = [
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

async function program(
  ...args: string[]
): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = recordedIo();
  const code = await runProgram(args, io);
  return { code, stdout: io.stdout, stderr: io.stderr };
}

async function inBundle(
  from: string,
  test: (bundle: string, folder: string) => Promise<void>,
): Promise<void> {
  const folder = Deno.realPathSync(Deno.makeTempDirSync());
  try {
    await test(putBundle(folder, "bundle", from), folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function goodCase(): string {
  return join(TESTDATA, "upstream", "0.164.0-stream_drop");
}

for (const [name, result] of CONTRADICTORY) {
  Deno.test(`${name}: strict reports how much --tolerant keeps, and that is what it keeps`, async () => {
    await inBundle(join(TESTDATA, "upstream", name), async (bundle, folder) => {
      const strict = await program("reduce", bundle);
      assertEquals([strict.code, strict.stdout], [EXIT.failed, ""]);
      assertStringIncludes(
        strict.stderr,
        `hint: nothing was written; --tolerant reduces ${result} events\n`,
      );
      assertEquals(namesIn(bundle).includes("state.json"), false);

      const file = join(folder, "lost.jsonl");
      const tolerant = await program(
        "reduce",
        "--tolerant",
        "--diagnostics",
        file,
        bundle,
      );
      assertEquals(
        [tolerant.code, tolerant.stdout],
        [EXIT.partial, `${bundle}/state.json\n`],
      );
      const lines = Deno.readTextFileSync(file).trimEnd().split("\n");
      for (const line of lines) {
        const diagnostic = JSON.parse(line);
        assertEquals(Object.keys(diagnostic), KEYS);
        assertEquals(diagnostic.severity, "loss");
        assertEquals(diagnostic.file, "trace.jsonl");
        // Here the log counts its events without gap and without blank lines.
        assertEquals(diagnostic.line, diagnostic.seq);
      }
      assertEquals(
        tolerant.stderr,
        `partial: ${result} events reduced, ${lines.length} ${
          lines.length === 1 ? "loss" : "losses"
        }, reported in ${file}\n`,
      );
      const state = JSON.parse(
        Deno.readTextFileSync(join(bundle, "state.json")),
      );
      assert(Object.keys(state.conversation_items).length > 0);
    });
  });
}

Deno.test("the documentation shows what --tolerant reports about a bundle", async () => {
  const page = Deno.readTextFileSync(join(PROJECT, "docs/damaged-bundles.md"));
  const shown = /```text\n(loss: [\s\S]*?)```/.exec(page)?.[1];
  await inBundle(
    join(TESTDATA, "upstream", "0.169.0-dup_call_same_response"),
    async (bundle) => {
      const { stderr } = await program("reduce", "--tolerant", bundle);
      assertEquals(stderr, shown);
    },
  );
});

Deno.test("--tolerant changes nothing about a bundle that is well", async () => {
  await inBundle(goodCase(), async (bundle, folder) => {
    const file = join(folder, "none.jsonl");
    for (const args of [["-t"], ["-t", "--diagnostics", file]]) {
      assertEquals(await program("reduce", ...args, bundle), {
        code: EXIT.ok,
        stdout: `${bundle}/state.json\n`,
        stderr: "",
      });
      assertEquals(
        Deno.readTextFileSync(join(bundle, "state.json")),
        GOOD_STATE,
      );
    }
    assertEquals(Deno.readTextFileSync(file), "");
  });
});

Deno.test("no text of a bundle steers the terminal from a diagnostic, and the file keeps it exactly", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle", REFUSED_CASE);
    const log = join(bundle, "trace.jsonl");
    const nasty = "\u001b]0;title\u0007\u202e\u009b2J\n\ufeff";
    const event = JSON.stringify({
      schema_version: 1,
      seq: 9007199254740993,
      wall_time_unix_ms: 1,
      rollout_id: "r",
      thread_id: nasty,
      codex_turn_id: null,
      payload: { type: "thread_ended", thread_id: nasty, status: "completed" },
    }).replace("9007199254740992", "9007199254740993");
    Deno.writeTextFileSync(log, `${event}\n`, { append: true });
    const grants = [`--allow-read=${cwd}`, `--allow-write=${cwd}`];
    const remarks = runMain(grants, ["reduce", "-t", bundle], { cwd });
    assertEquals(remarks.code, 3);
    assert(
      !/[\p{Cc}\p{Cf}]/u.test(remarks.stderr.replaceAll("\n", "")),
      JSON.stringify(remarks.stderr),
    );
    assertStringIncludes(remarks.stderr, `\\u001b]0;title\\u0007\\u202e`);
    const filed = runMain(
      grants,
      ["reduce", "-t", "--diagnostics=d.jsonl", bundle],
      { cwd },
    );
    assertEquals(filed.code, 3);
    const text = Deno.readTextFileSync(join(cwd, "d.jsonl"));
    assert(!/[\p{Cc}\p{Cf}]/u.test(text.replaceAll("\n", "")));
    const last = text.trimEnd().split("\n").at(-1) ?? "";
    assertEquals(JSON.parse(last).ids, { thread_id: nasty });
    assertStringIncludes(last, `"seq":9007199254740993,`);
  });
});

Deno.test("standard error is bounded in lines and in their length; the file is not", async () => {
  await inBundle(REFUSED_CASE, async (bundle, folder) => {
    const log = join(bundle, "trace.jsonl");
    const long = JSON.stringify({
      schema_version: 1,
      seq: 1,
      wall_time_unix_ms: 1,
      rollout_id: "r",
      payload: {
        type: "thread_ended",
        thread_id: "😀".repeat(100_000),
        status: "completed",
      },
    });
    const lines = Deno.readTextFileSync(log) + `${long}\n` +
      "nonsense\n".repeat(500);
    Deno.writeTextFileSync(log, lines);
    const { code, stderr } = await program("reduce", "-t", bundle);
    assertEquals(code, EXIT.partial);
    const remarks = stderr.trimEnd().split("\n");
    assertEquals(remarks.length, 52);
    assertStringIncludes(
      remarks[50] ?? "",
      "and 456 more; --diagnostics FILE writes them all",
    );
    assert(stderr.length < 20_000, `${stderr.length} characters`);
    assertMatch(stderr, /\(\d+ characters\)/);

    const file = join(folder, "all.jsonl");
    await program("reduce", "-t", "--diagnostics", file, bundle);
    assertEquals(
      Deno.readTextFileSync(file).trimEnd().split("\n").length,
      506,
    );
  });
});

Deno.test("notes are reported in strict mode too, and are no loss", async () => {
  await inBundle(
    join(TESTDATA, "upstream", "0.169.0-hello"),
    async (bundle) => {
      const log = Deno.readTextFileSync(join(bundle, "trace.jsonl"));
      const path = /"inference_request"\},"path":"([^"]+)"/.exec(log)?.[1] ??
        "";
      const request = JSON.parse(Deno.readTextFileSync(join(bundle, path)));
      Deno.writeTextFileSync(
        join(bundle, path),
        JSON.stringify({ ...request, previous_response_id: "warm-up" }),
      );
      for (const flags of [[], ["--tolerant"]]) {
        const { code, stderr } = await program("reduce", ...flags, bundle);
        assertEquals(code, EXIT.ok);
        assertMatch(
          stderr,
          /^note: trace\.jsonl line \d+, seq \d+, inference_started: [^\n]*\[untraced_history\]\n$/,
        );
      }
    },
  );
});

Deno.test("diagnostics need permission for their file alone, and go to no stream and no file in use", () => {
  inFolder((cwd) => {
    const bundle = putBundle(cwd, "bundle", REFUSED_CASE);
    const grants = [
      `--allow-read=${bundle}`,
      `--allow-write=${bundle}/state.json,d.jsonl`,
    ];
    const reduce = ["reduce", "-t", bundle, "--diagnostics"];
    const ended = runMain(grants, [...reduce, "d.jsonl"], { cwd });
    assertEquals([ended.code, ended.stdout], [3, `${bundle}/state.json\n`]);
    assertEquals(namesIn(cwd), ["bundle", "d.jsonl"]);

    const refused = runMain(grants, [...reduce, "other.jsonl"], { cwd });
    assertEquals([refused.code, refused.stdout], [2, ""]);
    assertStringIncludes(refused.stderr, "hint: add --allow-write=other.jsonl");

    for (const name of ["-", "/dev/stdout", `${bundle}/state.json`]) {
      const { code, stderr } = runMain(grants, [...reduce, name], { cwd });
      assertEquals(code, 2, name);
      assertStringIncludes(stderr, "\nUsage: rollout-trace reduce");
    }
  });
});

Deno.test("neither file is half written when the bundle is refused all the same", async () => {
  await inBundle(REFUSED_CASE, async (bundle, folder) => {
    Deno.writeTextFileSync(join(folder, "d.jsonl"), "of yesterday");
    Deno.removeSync(join(bundle, "trace.jsonl"));
    const before = namesIn(bundle);
    const { code, stdout, stderr } = await program(
      "reduce",
      "-t",
      "--diagnostics",
      join(folder, "d.jsonl"),
      bundle,
    );
    assertEquals([code, stdout], [EXIT.failed, ""]);
    assertMatch(stderr, /^error: [^\n]*trace\.jsonl[^\n]*\nhint: [^\n]*\n$/);
    assertEquals(namesIn(bundle), before);
    assertEquals(namesIn(folder), ["bundle", "d.jsonl"]);
    assertEquals(
      Deno.readTextFileSync(join(folder, "d.jsonl")),
      "of yesterday",
    );
  });
});

Deno.test("no hint of --tolerant where it would not help", async () => {
  const breakings: readonly ((bundle: string) => void)[] = [
    (bundle) => Deno.removeSync(join(bundle, "manifest.json")),
    (bundle) => Deno.writeTextFileSync(join(bundle, "manifest.json"), "{"),
    (bundle) => Deno.removeSync(join(bundle, "trace.jsonl")),
    (bundle) => Deno.writeTextFileSync(join(bundle, "trace.jsonl"), "x\n"),
  ];
  for (const breaking of breakings) {
    await inBundle(goodCase(), async (bundle) => {
      breaking(bundle);
      const { code, stderr } = await program("reduce", bundle);
      assertEquals(code, EXIT.failed);
      assert(!stderr.includes("--tolerant"), stderr);
    });
  }
});

Deno.test("a log truncated in a line, a missing payload and a foreign line are tolerated", async () => {
  await inBundle(
    join(TESTDATA, "upstream", "0.169.0-hello"),
    async (bundle) => {
      const log = join(bundle, "trace.jsonl");
      const lines = Deno.readTextFileSync(log).trimEnd().split("\n");
      const foreign = (lines[1] ?? "").replace(
        /"rollout_id":"[^"]*"/,
        `"rollout_id":"other"`,
      );
      const cut = (lines.at(-1) ?? "").slice(0, 40);
      Deno.writeTextFileSync(
        log,
        [...lines.slice(0, -1), foreign, cut].join("\n"),
      );
      Deno.removeSync(join(bundle, "payloads", "1.json"));
      const { code, stderr } = await program("reduce", "-t", bundle);
      assertEquals(code, EXIT.partial);
      for (
        const each of [
          "[sequence_gap]",
          "[truncated_line]",
          "[payload_unreadable]",
        ]
      ) assertStringIncludes(stderr, each);
      const strict = await program("reduce", bundle);
      assertStringIncludes(strict.stderr, "--tolerant reduces");
    },
  );
});
