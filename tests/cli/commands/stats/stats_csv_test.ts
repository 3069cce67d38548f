/**
 * The CSV that `stats` prints.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { inFolderAsync, putBundle } from "../../../support/cli.ts";
import { printed } from "../command_golden.ts";
import { csvRows, putSessions } from "./stats_sessions.ts";

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
