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

Deno.test("sql names each of many columns of one name", async () => {
  const ones = Array(2_000).fill("1").join(",");
  const { stdout } = await printed(["sql", BUNDLE, `SELECT ${ones}`, "--json"]);
  const [row]: Record<string, unknown>[] = JSON.parse(stdout);
  assertEquals(Object.keys(row ?? {}).length, 2_000);
  const named = 'SELECT 1 AS a, 2 AS a_2, 3 AS a, 4 AS a, 5 AS "a_2"';
  const { stdout: few } = await printed(["sql", BUNDLE, named, "--jsonl"]);
  assertEquals(JSON.parse(few), { a: 1, a_2: 2, a_3: 3, a_4: 4, a_2_2: 5 });
});

Deno.test("sql reports a statement that needs too much memory, and what to do", async () => {
  const { code, stderr } = await printed([
    "sql",
    BUNDLE,
    "SELECT hex(zeroblob(499999999))",
  ]);
  assertEquals(code, 2);
  assertStringIncludes(stderr, "SQL: the statement needs more than 512 MB");
  assertStringIncludes(stderr, "hint: ask for less");
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

Deno.test("costs of sql and of tables are those of stats, and null without prices", async () => {
  await inFolderAsync(async (folder) => {
    const config = join(folder, "prices.jsonc");
    const prices = (input: number) =>
      Deno.writeTextFileSync(
        config,
        `{"prices": {"currency": "USD", "models": {"gpt-5.1-codex":
          {"input": ${input}, "cached_input": 0.125, "output": 10}}}}`,
      );
    prices(1.25);
    const flags = ["--config", config];
    const jsonOf = async (...args: string[]) =>
      JSON.parse((await printed(args)).stdout);
    const stats = await jsonOf("stats", BUNDLE, "--json", ...flags);
    const { currency, amount, unpriced_calls } = stats.answer.total.cost;
    const COST = "SELECT cost, currency, unpriced_requests FROM session_totals";
    const [row] = await jsonOf("sql", BUNDLE, COST, "--json", ...flags);
    assert(Math.abs(row.cost - amount) < 1e-12);
    assertEquals([row.currency, row.unpriced_requests], [
      currency,
      unpriced_calls,
    ]);
    assertEquals(await jsonOf("sql", BUNDLE, COST, "--json"), [
      { cost: null, currency: null, unpriced_requests: 4 },
    ]);
    putBundle(folder, "a");
    const costs = async (...more: string[]) => {
      const output = join(folder, "tables");
      const args = ["tables", folder + "/a", "-o", output, "--format", "csv"];
      const { stderr } = await printed([...args, ...more]);
      return stderr.includes(": 1 read, 1 day written");
    };
    assertEquals(await costs(...flags), true);
    assertEquals(await costs(...flags), false);
    prices(2);
    assertEquals(await costs(...flags), true, "other prices are other costs");
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
