/**
 * What `sql` prints: formats, exit codes, errors, and the places of a statement.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { inFolderAsync, putBundle } from "../support/cli.ts";
import { MAIN } from "../support/paths.ts";
import { run } from "../support/processes.ts";
import {
  printed,
  testAskGoldens,
  upstreamBundle,
} from "../cli/commands/command_golden.ts";

const BUNDLE = upstreamBundle("0.169.0-agents_v2_fail");
const TURNS = "SELECT handle, outcome, duration_ms FROM turns ORDER BY handle";

testAskGoldens("sql", [
  { name: "table", args: [BUNDLE, TURNS], color: 80 },
  { name: "records", args: [BUNDLE, "SELECT * FROM llm_requests"], color: 80 },
  { name: "json", args: [BUNDLE, TURNS, "--json"] },
  { name: "jsonl", args: [BUNDLE, TURNS, "--jsonl"] },
  { name: "markdown", args: [BUNDLE, TURNS, "--markdown"] },
  { name: "tables", args: ["--tables"], color: 80 },
  { name: "schema", args: ["--schema", "tool_calls"] },
]);

Deno.test("sql prints CSV by RFC 4180, with no text that a spreadsheet runs", async () => {
  const { stdout } = await printed([
    "sql",
    BUNDLE,
    "SELECT '=1+1' AS a, 'x,\"y' AS \"b,c\", NULL AS d",
    "--csv",
  ]);
  assertEquals(stdout, 'a,"b,c",d\r\n\'=1+1,"x,""y",\r\n');
});

Deno.test("sql ends with 1 where there is no row, and with 2 where SQL is wrong", async () => {
  const none = await printed(["sql", BUNDLE, "SELECT 1 WHERE 0", "--json"]);
  assertEquals([none.code, JSON.parse(none.stdout)], [1, []]);
  const wrong = await printed(["sql", BUNDLE, "SELECT * FROM tool_call"]);
  assertEquals(wrong.code, 2);
  assertStringIncludes(wrong.stderr, 'did you mean "tool_calls"?');
  const write = await printed(["sql", BUNDLE, "DELETE FROM turns"]);
  assertEquals(write.code, 2);
  assertStringIncludes(write.stderr, "tables are read only");
  const place = await printed(["sql"]);
  assertEquals(place.code, 2);
});

Deno.test("sql reads every bundle below a directory, and reports one it cannot read", async () => {
  await inFolderAsync(async (folder) => {
    putBundle(folder, "a");
    putBundle(folder, "b");
    Deno.mkdirSync(join(folder, "c"));
    Deno.writeTextFileSync(join(folder, "c", "manifest.json"), "{");
    const { code, stdout, stderr } = await printed([
      "sql",
      folder,
      "SELECT count(*) AS n FROM sessions",
      "--jsonl",
    ]);
    assertEquals([code, stdout], [3, '{"n":2}\n']);
    assertStringIncludes(stderr, "manifest.json");
  });
});

Deno.test("sql takes its statement from a file, or from standard input, needing no more than to read", async () => {
  await inFolderAsync(async (folder) => {
    const file = join(folder, "q.sql");
    Deno.writeTextFileSync(file, "SELECT count(*) AS n FROM turns");
    const fromFile = await printed(["sql", BUNDLE, "-f", file, "--jsonl"]);
    const piped = run("sh", [
      "-c",
      'echo "SELECT count(*) AS n FROM turns" | "$@"',
      "sh",
      Deno.execPath(),
      "run",
      "--no-prompt",
      `--allow-read=${BUNDLE}`,
      MAIN,
      "sql",
      BUNDLE,
      "--jsonl",
    ]);
    assertEquals(fromFile.stdout, piped.stdout);
    assert(/^\{"n":\d+\}\n$/.test(piped.stdout), piped.stderr);
  });
});

Deno.test("sql escapes control characters of a session, and markup in Markdown", async () => {
  const text = "SELECT 'a' || char(27) || '[31m|<b>' AS x";
  for (const format of ["--csv", "--markdown", "--jsonl", "--width=80"]) {
    const { stdout } = await printed(["sql", BUNDLE, text, format]);
    assert(!stdout.includes("\x1b"), format);
    if (format === "--markdown") assertStringIncludes(stdout, "\\|&lt;b>");
  }
});
