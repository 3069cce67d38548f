/**
 * Every command line that an answer suggests finds something.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { EXIT } from "../../../lib/cli/command.ts";
import { commandLines } from "../../../lib/cli/text/command_line.ts";
import { OBJECT_KINDS } from "../../../lib/query/session/names/object_kind.ts";
import { openBundle } from "../../../lib/query/session/open_bundle.ts";
import { escapeControls } from "../../../lib/text/escape.ts";
import { printed, upstreamBundle } from "../commands/command_golden.ts";
import { makeManySessions } from "../../support/bundles/many_sessions.ts";
import { inFolderAsync, putBundle } from "../../support/cli.ts";
import { TESTDATA } from "../../support/paths.ts";
import { run } from "../../support/processes.ts";
import { eventsOf, rawEvents, soundBundles } from "../../support/log_oracle.ts";

const LOSSES = join(TESTDATA, "upstream", "0.169.0-dup_call_same_response");
const FOUND: readonly number[] = [EXIT.ok, EXIT.partial];

interface Asked {
  readonly command?: string;
  readonly question?: string;
  readonly args: readonly string[];
}

/** What an answer suggests, as words of a command line. */
async function suggested(args: readonly string[]): Promise<string[][]> {
  const { stdout } = await printed([...args, "--json"]);
  const asked: readonly Asked[] = JSON.parse(stdout).answer.suggestions;
  return asked.map(({ command, question, args: rest }) => [
    command ?? question ?? "",
    args[1] ?? "",
    ...rest,
  ]);
}

async function assertFound(lines: readonly string[][]): Promise<void> {
  for (const line of lines) {
    const { code, stderr } = await printed(line);
    assert(FOUND.includes(code), `${line.join(" ")}: ${stderr}`);
  }
}

Deno.test("what show suggests of any session finds something", async () => {
  for (const { bundle } of soundBundles()) {
    await assertFound(await suggested(["show", bundle]));
  }
});

Deno.test("what show suggests of a session with losses finds something", async () => {
  const lines = await suggested(["show", join(LOSSES, "bundle")]);
  assertEquals(lines[0]?.slice(2), ["--kind", "loss"]);
  await assertFound(lines);
});

Deno.test("what explain suggests of every kind of object finds something", async () => {
  for (const name of ["0.169.0-agents_v2_fail", "0.169.0-code_mode"]) {
    const bundle = upstreamBundle(name);
    const { names } = openBundle(bundle);
    for (const [ref] of OBJECT_KINDS.map((kind) => names.all(kind))) {
      if (ref === undefined) continue;
      await assertFound(await suggested(["explain", bundle, ref.handle]));
    }
  }
});

Deno.test("show leads to the edge by which the agent that failed reported so", async () => {
  const bundle = upstreamBundle("0.169.0-agents_v2_fail");
  const { trace, names } = openBundle(bundle);
  const lines = await suggested(["show", bundle]);
  const handle = lines.find(([, , word]) => word?.startsWith("edge:"))?.[2];
  const edge = names.all("edge").find((each) => each.handle === handle);
  const [item] = trace.interaction_edges.get(edge?.id ?? "")
    ?.carried_item_ids ?? [];
  const body = trace.conversation_items.get(item ?? "")?.body;
  assert(JSON.stringify(body).includes("Agent errored"), handle);
});

Deno.test("suggested lines hold the bundle's path, quoted, on any terminal", async () => {
  const folder = Deno.makeTempDirSync();
  try {
    const bundle = putBundle(
      folder,
      "it's",
      join(TESTDATA, "upstream", "0.164.0-stream_drop"),
    );
    const quoted = `'${bundle.replaceAll("'", `'\\''`)}'`;
    const cases = [
      [["show", bundle], `rollout-trace timeline ${quoted} --failed`],
      [["explain", bundle, "call:1"], `rollout-trace payload ${quoted} `],
      [
        ["timeline", bundle, "--failed"],
        `rollout-trace explain ${quoted} call:1`,
      ],
      [["search", bundle, "drop"], `rollout-trace explain ${quoted} item:`],
    ] as const;
    for (const [args, line] of cases) {
      const { stdout } = await printed([...args, "--width", "140"]);
      assert(stdout.includes(line), stdout);
      // Where it has no room, it is on a line of its own.
      const narrow = await printed([...args, "--width", "45"]);
      assertStringIncludes(
        narrow.stdout.replaceAll(/ \\\n */g, " "),
        line,
      );
    }
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});

Deno.test("a shell makes of a suggested line the path that it is about, whatever its name", () => {
  const names = [
    "plain",
    "~",
    "=x",
    "-f",
    "it's \\ 100% $HOME `id` !1",
    "\x1b[31m\u202e\u200b\t",
    "ends\n",
    "é ✓ 日本",
  ];
  for (const width of [20, 60, 1000]) {
    const lines = names.flatMap((name) =>
      commandLines("show", name, ["call:1"], width)
    );
    assert(lines.every((line) => escapeControls(line) === line), lines.join());
    const script = `p() { printf '%s|' "$@"; }\n${lines.join("\n")}`
      .replaceAll("rollout-trace", "p");
    const { stdout } = run("sh", ["-c", script]);
    assertEquals(
      stdout,
      names.map((name) =>
        `show|${name === "-f" ? "./-f" : name.replace(/\n$/, "\n/")}|call:1|`
      ).join(""),
    );
  }
});

const ENDS = ["codex_turn_ended", "thread_ended", "rollout_ended"];

/** A recorded session that ends with its first failure; returns the error. */
function cutAtFailure(bundle: string): string {
  const events = rawEvents(bundle);
  const at = events.findIndex(({ payload }) =>
    payload.type === "inference_failed"
  );
  const kept = [
    ...events.slice(0, at + 1),
    ...eventsOf(events.slice(at), ...ENDS),
  ];
  const lines = kept.map((event, n) =>
    JSON.stringify({ ...event, seq: n + 1 })
  );
  Deno.writeTextFileSync(join(bundle, "trace.jsonl"), `${lines.join("\n")}\n`);
  return kept[at]?.payload.error;
}

/** The first command line that an answer suggests, as a shell would read it. */
function pasted(stdout: string): string[] {
  const [, next = ""] = stdout.split("ask next\n");
  const [line = ""] = next.replaceAll(" \\\n", "").split("\n");
  const [program, ...words] = line.trim().split(/\s+/);
  assertEquals(program, "rollout-trace", stdout);
  return words;
}

Deno.test("the failed session of yesterday is found, and by what is suggested its cause", async () => {
  await inFolderAsync(async (folder) => {
    const stream = join(TESTDATA, "upstream", "0.164.0-stream_drop");
    const failed = putBundle(folder, "failed", stream);
    const error = cutAtFailure(failed);
    const good = ["hello", "mcp", "code_mode", "stdin_session", "view_image"]
      .map((name) => upstreamBundle(`0.169.0-${name}`));
    const root = join(folder, "root");
    const until = Date.now();
    const bundles = [failed, ...good];
    makeManySessions({ root, count: 24, days: 4, until, bundles });
    const times = ["--since", "yesterday", "--until", "today"];
    const asked = ["list", root, "--failed", ...times, "--width", "120"];
    const list = await printed(asked);
    const names = list.stdout.match(/^\S+\/trace-\S+/gm) ?? [];
    const yesterday = new Date(until - 86_400_000).toISOString().slice(0, 10);
    assertEquals(names.map((name) => name.slice(0, 10)), [yesterday]);
    const bundle = join(root, names[0] ?? "");
    for (const width of ["100", "120", "200"]) {
      const show = await printed(["show", bundle, "--width", width]);
      const words = pasted(show.stdout);
      assertEquals(words.slice(0, 2), ["explain", bundle]);
      const [command = "", path = "", handle = ""] = words;
      const explained = await printed([command, path, handle]);
      assertEquals(explained.code, EXIT.ok, explained.stderr);
      assert(explained.stdout.includes(error.slice(0, 40)), explained.stdout);
    }
  });
});
