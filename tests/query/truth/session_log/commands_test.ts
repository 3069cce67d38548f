/**
 * What the commands do with session logs: they answer, or state why they do not.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { escapeControls } from "../../../../lib/text/escape.ts";
import { printed } from "../../../cli/commands/command_golden.ts";
import { inFolderAsync } from "../../../support/cli.ts";
import { TESTDATA } from "../../../support/paths.ts";
import { bytesOf, event, LOG_NAME, message, meta } from "./made_log.ts";

const SHELL = join(TESTDATA, "sessions", "0.171.0-shell");
const [LOG = ""] = [...Deno.readDirSync(SHELL)]
  .filter(({ name }) => name.endsWith(".jsonl"))
  .map(({ name }) => join(SHELL, name));

const TEXT = "session log: no requests, no runtime evidence";

Deno.test("show states in one line what a session log cannot know", async () => {
  const { stdout, code } = await printed(["show", LOG, "--width", "100"]);
  assertEquals(code, 0);
  assertEquals(stdout.split(TEXT).length, 2);
  assertStringIncludes(stdout, "LLM requests unknown");
  assertStringIncludes(stdout, "input 600 (cached 60)");
});

Deno.test("the JSON of an answer names a session log as its source", async () => {
  const commands = [["show"], ["transcript"], ["timeline"], ["stats"], [
    "search",
    "notes",
  ]];
  for (const [command = "", ...rest] of commands) {
    const { stdout } = await printed([command, LOG, ...rest, "--json"]);
    const document = JSON.parse(stdout);
    assertEquals([document.source, document.partial], ["session_log", null]);
  }
});

Deno.test("list has the bundles and the session logs of a folder", async () => {
  const { stdout, code } = await printed(["list", SHELL, "--json"]);
  assertEquals(code, 0);
  const { bundles } = JSON.parse(stdout).answer;
  const of = (source: string) =>
    bundles.find((each: { source: string }) => each.source === source);
  assertEquals(bundles.length, 2);
  const [log, bundle] = [of("session_log"), of("bundle")];
  for (const key of ["prompt", "models", "cwd", "session_id", "rollout_id"]) {
    assertEquals(log[key], bundle[key], key);
  }
  assertEquals(log.result, bundle.result);
  assertEquals(log.tokens.input_tokens, bundle.tokens.input_tokens);
  assertEquals(log.counts.tool_calls, bundle.counts.tool_calls);
  // The log and the bundle of a session do not continue each other.
  assertEquals([log.continues, bundle.continues], [null, null]);
});

Deno.test("list finds session logs that began in a period", async () => {
  for (
    const [flag, count] of [
      ["--since=2026-11-29T15:58:27.985Z", 1],
      ["--until=2026-11-29T15:58:27.985Z", 1],
      ["--since=2026-11-30", 0],
    ] as const
  ) {
    const { stdout } = await printed(["list", SHELL, "--json", flag]);
    assertEquals(JSON.parse(stdout).answer.bundles.length, count, flag);
  }
});

Deno.test("commands that need requests or payloads refuse a session log, and name what does not", () =>
  inFolderAsync(async (folder) => {
    // One is known by its name, and by its first line.
    const renamed = join(folder, "other");
    Deno.copyFileSync(LOG, renamed);
    for (const log of [LOG, renamed]) {
      const commands = [
        ["payload", log, "1"],
        ["context", log],
        ["explain", log, "tool:1"],
        ["diff", log, join(SHELL, "bundle")],
        ["check", log],
        ["reduce", log],
      ];
      for (const args of commands) {
        const { stdout, stderr, code } = await printed(args);
        assertEquals([stdout, code], ["", 2], args[0]);
        assertStringIncludes(stderr, "is a session log of Codex");
        assertStringIncludes(stderr, "show, transcript");
      }
      for (const args of [["list", log], ["tables", log, "-o", folder]]) {
        const { stdout, stderr, code } = await printed(args);
        assertEquals([stdout, code], ["", 2], args[0]);
        assertStringIncludes(stderr, "not a directory");
      }
    }
  }));

Deno.test("report and export refuse of a session log what it has no requests for", () =>
  inFolderAsync(async (folder) => {
    const renamed = join(folder, "other");
    Deno.copyFileSync(LOG, renamed);
    const bundle = join(SHELL, "bundle");
    const page = ["-o", join(folder, "page.html")];
    const file = ["-o", join(folder, "t.json"), "--content", "--format"];
    const plain = ["-o", join(folder, "t.json"), "--format"];
    for (
      const [args, why] of [
        [["report", bundle, renamed, ...page], "compares LLM requests"],
        [["report", renamed, "--redact", ...page], "cannot be redacted"],
        [["report", renamed, "--watch", ...page], "without --watch"],
        [["export", bundle, renamed, ...plain, "chrome"], "format chrome"],
        [["export", renamed, ...file, "otlp"], "the times of tool calls"],
        [["export", LOG, ...file, "messages", "--at", "call:1"], "markdown"],
        [["report", renamed, "-o", renamed], "must not replace its input"],
      ] as const
    ) {
      const { stdout, stderr, code } = await printed([...args]);
      assertEquals([stdout, code], ["", 2], args.join(" "));
      assertStringIncludes(stderr, why);
    }
    assertEquals([...Deno.readDirSync(folder)].length, 1);
  }));

Deno.test("hostile text of a session log is escaped", async () => {
  const hostile = "\x1b[2J\u202e\x07evil";
  const lines = [
    meta({ cwd: hostile, cli_version: hostile, model_provider: hostile }),
    message("user", hostile),
    event(hostile),
    message("assistant", hostile),
  ];
  await inFolderAsync(async (folder) => {
    const path = join(folder, LOG_NAME);
    Deno.writeFileSync(path, bytesOf(lines));
    for (
      const args of [["show", path], ["transcript", path], ["list", folder]]
    ) {
      const { stdout, stderr } = await printed(args);
      assert(stdout.length > 0);
      for (const each of [stdout, stderr].join("\n").split("\n")) {
        assertEquals(
          escapeControls(each.replaceAll("\t", " ")),
          each.replaceAll("\t", " "),
        );
      }
    }
  });
});

Deno.test("a session log that cannot be read is an error of one line in a list", async () => {
  await inFolderAsync(async (folder) => {
    Deno.writeTextFileSync(join(folder, LOG_NAME), "nothing\n");
    const { stdout, stderr, code } = await printed(["list", folder, "--json"]);
    const { bundles } = JSON.parse(stdout).answer;
    assertStringIncludes(bundles[0].error, "session_meta");
    assertStringIncludes(stderr, "session_meta");
    assertEquals(code, 4);
    const shown = await printed(["show", join(folder, LOG_NAME)]);
    assertEquals([shown.stdout, shown.code], ["", 4]);
    assertStringIncludes(shown.stderr, "session_meta");
  });
});
