/**
 * Parquet files as DuckDB reads them, and tables whose runs were killed.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { TABLES } from "../../lib/export/tables/catalog.ts";
import { CORPUS } from "../support/cases.ts";
import { printed } from "../cli/commands/command_golden.ts";
import { inFolder, inFolderAsync } from "../support/cli.ts";
import { MAIN, PROJECT, TESTDATA } from "../support/paths.ts";
import { run } from "../support/processes.ts";

const ROOT = existsSync(CORPUS) ? CORPUS : join(TESTDATA, "upstream");

/** Rows that DuckDB finds, run in a process of its own: its native code needs every permission. */
function duckdb(sql: string): Record<string, unknown>[] {
  const script = join(PROJECT, "tests", "tools", "tables", "duckdb.ts");
  const ended = run(Deno.execPath(), ["run", "-A", "--quiet", script, sql]);
  assertEquals(ended.code, 0, ended.stderr);
  return JSON.parse(ended.stdout);
}

async function sql(
  statement: string,
  flags: readonly string[],
): Promise<Record<string, unknown>[]> {
  const args = ["sql", ROOT, statement, "--json", ...flags];
  return JSON.parse((await printed(args)).stdout);
}

/** Flags with prices, so that tables have costs. */
function pricesIn(folder: string): string[] {
  const config = join(folder, "prices.jsonc");
  Deno.writeTextFileSync(
    config,
    `{"prices": {"currency": "USD", "models": {"gpt-5.1-codex":
      {"input": 1.25, "cached_input": 0.125, "output": 10}}}}`,
  );
  return ["--config", config];
}

Deno.test("DuckDB reads the rows, sums and outcomes that sql has, with the documented types", async () => {
  await inFolderAsync(async (folder) => {
    const output = join(folder, "out");
    const prices = pricesIn(folder);
    const ended = await printed(["tables", ROOT, "-o", output, ...prices]);
    assert(ended.code === 0 || ended.code === 3, ended.stderr);
    const from = (table: string) =>
      `read_parquet('${output}/${table}/*/*.parquet', hive_partitioning = false)`;
    const counts = TABLES.map(({ name }) =>
      `(SELECT count(*) FROM %${name}%) AS ${name}`
    ).join(", ");
    const inFiles = (text: string) =>
      text.replace(/%(\w+)%/g, (_, name) => from(name));
    const inDatabase = (text: string) => text.replace(/%(\w+)%/g, "$1");
    const statements = [
      `SELECT ${counts}`,
      `SELECT model, CAST(sum(input_tokens % 1000000007) AS BIGINT) AS tokens
        FROM %llm_requests% GROUP BY model ORDER BY model`,
      `SELECT currency, count(cost) AS n, round(sum(cost), 3) AS cost
        FROM %llm_requests% GROUP BY currency ORDER BY currency NULLS FIRST`,
      `SELECT outcome, count(*) AS n FROM %turns% GROUP BY outcome ORDER BY n, outcome`,
      `SELECT tool, count(duration_ms) AS n FROM %tool_calls% GROUP BY tool ORDER BY tool`,
    ];
    for (const statement of statements) {
      const files = duckdb(inFiles(statement));
      const database = await sql(inDatabase(statement), prices);
      assertEquals(
        files.map((row) => Object.values(row).map(String)),
        database.map((row) => Object.values(row).map(String)),
        statement,
      );
    }
    const types = {
      text: "VARCHAR",
      integer: "BIGINT",
      real: "DOUBLE",
      boolean: "BOOLEAN",
      timestamp: "TIMESTAMP",
      json: "VARCHAR",
    };
    for (const { name, columns } of TABLES) {
      const described = duckdb(`DESCRIBE SELECT * FROM ${from(name)}`);
      assertEquals(
        described.map((each) => [each.column_name, each.column_type]),
        columns.map((each) => [each.name, types[each.type]]),
        name,
      );
    }
  });
});

Deno.test("runs that were killed lead to the bytes of a run that was not", () => {
  inFolder((folder) => {
    const args = (output: string) => [
      "run",
      "--no-prompt",
      "--allow-read",
      `--allow-write=${folder}`,
      MAIN,
      "tables",
      join(TESTDATA, "upstream"),
      "-o",
      output,
    ];
    const full = join(folder, "full");
    const started = performance.now();
    run(Deno.execPath(), args(full));
    const length = performance.now() - started;
    const killed = join(folder, "killed");
    const KILLS = 8;
    for (let at = 1; at <= KILLS; at++) {
      const seconds = (length / 1000) * at / KILLS;
      run("timeout", [
        "-s",
        "KILL",
        seconds.toFixed(3),
        Deno.execPath(),
        ...args(killed),
      ]);
    }
    run(Deno.execPath(), args(killed));
    assertEquals(run("diff", ["-r", full, killed]), {
      code: 0,
      stdout: "",
      stderr: "",
    });
  });
});
