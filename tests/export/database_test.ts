/**
 * The tables of sessions in SQLite: complete, keyed, and closed to everything but reading.
 *
 * @module
 */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { copySync } from "@std/fs";
import { join } from "@std/path";
import {
  EVERYTHING,
  neededBy,
  type Needs,
  TABLES,
  TEXTS,
  VIEWS,
} from "../../lib/export/tables/catalog.ts";
import {
  SqlError,
  SqlMemoryError,
  TraceDatabase,
} from "../../lib/export/tables/database.ts";
import { SessionFacts } from "../../lib/export/tables/session_facts.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { OBJECT_MAPS } from "../../lib/query/session/names/object_kind.ts";
import { getStats } from "../../lib/query/stats/stats.ts";
import { RawBundle } from "../support/bundles/raw_bundle.ts";
import { inFolderAsync, namesIn } from "../support/cli.ts";
import { soundBundles } from "../support/log_oracle.ts";
import { TESTDATA } from "../support/paths.ts";
import { WORKED_QUERIES } from "../tools/tables/worked_queries.ts";

const BUNDLE = join(TESTDATA, "upstream", "0.169.0-agents_v2_fail", "bundle");

async function rowsOf(
  sql: string,
  bundles: readonly string[] = [BUNDLE],
): Promise<(readonly unknown[])[]> {
  using database = await TraceDatabase.open(neededBy(sql));
  for (const each of bundles) database.load(openBundle(each));
  return [...database.query(sql).rows];
}

Deno.test("the first error is searched once for all rows of issues", () => {
  const facts = new SessionFacts(openBundle(BUNDLE));
  const { failures } = facts;
  let searches = 0;
  Object.defineProperty(facts, "failures", {
    get: () => (searches++, failures),
  });
  const errors = failures.map(() => facts.firstError);
  assert(errors.length > 1 && errors.every((each) => each === errors[0]));
  assertEquals(searches, 1);
});

Deno.test("each object of a graph is one row of its table, in every bundle", async () => {
  const maps = {
    threads: "thread",
    turns: "turn",
    items: "item",
    llm_requests: "inference_call",
    tool_calls: "tool_call",
    code_cells: "code_cell",
    terminals: "terminal_session",
    terminal_operations: "terminal_operation",
    compactions: "compaction",
    compaction_requests: "compaction_request",
    edges: "edge",
    payloads: "payload",
  } as const;
  for (const { name, bundle } of soundBundles()) {
    const session = openBundle(bundle);
    using database = await TraceDatabase.open(EVERYTHING);
    database.load(session);
    for (const [table, kind] of Object.entries(maps)) {
      const expected = session.trace[OBJECT_MAPS[kind]].size;
      const [[count] = []] = database.query(`SELECT count(*) FROM ${table}`)
        .rows;
      assertEquals(count, expected, `${name}: ${table}`);
    }
  }
});

Deno.test("every reference of a table that is not documented as open names a row", async () => {
  const bundles = soundBundles().map(({ bundle }) => bundle);
  using database = await TraceDatabase.open(EVERYTHING);
  for (const each of bundles) database.load(openBundle(each));
  // The graph itself names these though it holds no such object.
  const open = [
    "sessions.root_thread_id",
    "items.turn_id",
    "tool_calls.code_cell_id",
    "threads.spawn_edge_id",
    "compaction_requests.compaction_id",
  ];
  for (const { name, columns } of TABLES) {
    for (const { name: column, references } of columns) {
      if (references === null || open.includes(`${name}.${column}`)) continue;
      const [table, key] = references.split(".");
      const sql = `SELECT count(*) FROM ${name} a WHERE a.${column} IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM ${table} b
          WHERE b.session_id = a.session_id AND b.${key} = a.${column})`;
      assertEquals([...database.query(sql).rows], [[0]], `${name}.${column}`);
    }
  }
});

Deno.test("a statement loads what it names, through views as well, and nothing else", () => {
  const named = (sql: string) =>
    neededBy(sql).tables.map(({ table }) => table.name);
  assertEquals(named("select 1"), []);
  assertEquals(named('SELECT * FROM "Turns", [edges]'), ["turns", "edges"]);
  assertEquals(named("select * from item_texts"), ["items", "item_parts"]);
  assertEquals(neededBy("select * from texts").texts, true);
  for (const { name, tables } of VIEWS) {
    assertEquals(
      [...named(`select * from ${name}`)].sort(),
      [...tables].sort(),
    );
  }
});

Deno.test("a statement loads the columns that it names, and all where it may mean all", () => {
  const columns = (sql: string) =>
    neededBy(sql).tables.map(({ table, columns }) =>
      columns.size === table.columns.length
        ? `${table.name} all`
        : `${table.name} ${[...columns].join(" ")}`
    );
  const turns = (sql: string) => columns(sql).join();
  for (
    const sql of [
      "select count(*), 100.0 * sum(duration_ms)/2 from turns",
      "SELECT [Duration_MS] * 2, (duration_ms)*2, 'a' * 2 FROM turns",
    ]
  ) assertEquals(turns(sql), "turns session_id turn_id duration_ms", sql);
  for (
    const star of ["*", "/**/ *", "-- no\n *", "distinct\t*", "ALL *", "1, *"]
  ) assertEquals(turns(`select ${star} from turns`), "turns all", star);
  assertEquals(turns("select t.* from turns t"), "turns all");
  for (
    const name of [" turns", " main.turns", '"turns"', "[turns]", "/**/turns"]
  ) {
    assertEquals(turns(`select (?, ?) in${name}`), "turns all", name);
  }
  assertEquals(turns("select (select*from turns)"), "turns all");
  assertEquals(
    columns("select outcome from turns natural join edges"),
    ["turns all", "edges all"],
  );
  assertEquals(columns("select * from session_totals"), [
    "sessions all",
    "turns session_id turn_id",
    "issues session_id issue severity",
    "llm_requests session_id llm_request_id input_tokens " +
    "cached_input_tokens output_tokens cost currency tool_calls",
    "compaction_requests session_id compaction_request_id",
    "tool_calls session_id tool_call_id",
  ]);
});

Deno.test("what a statement does not name makes no difference to its rows", async () => {
  const bundles = soundBundles().filter((_, at) => at % 6 === 0)
    .map(({ bundle }) => openBundle(bundle));
  const load = async (needs: Needs) => {
    const database = await TraceDatabase.open(needs);
    for (const each of bundles) database.load(each);
    return database;
  };
  using all = await load(EVERYTHING);
  const statements = [
    ...WORKED_QUERIES.map(({ sql }) => sql),
    ...VIEWS.map(({ name }) => `SELECT * FROM ${name} ORDER BY session_id`),
    ...TABLES.flatMap(({ name, columns }) =>
      columns.map((each) =>
        `SELECT session_id, ${each.name} FROM ${name} ORDER BY 1, 2`
      )
    ).filter((_, at) => at % 7 === 0),
  ];
  for (const sql of statements) {
    using some = await load(neededBy(sql));
    assertEquals(some.query(sql), all.query(sql), sql);
  }
});

Deno.test("each view and the index answer", async () => {
  for (const { name } of VIEWS) {
    assert((await rowsOf(`SELECT * FROM ${name}`)).length > 0, name);
  }
  const found = await rowsOf(
    `SELECT * FROM ${TEXTS} WHERE texts MATCH 'agent'`,
  );
  assert(found.length > 0);
});

Deno.test("two recordings of the same trace id are two sessions", async () => {
  const ids = await rowsOf("SELECT session_id FROM sessions", [BUNDLE, BUNDLE]);
  const [[first] = []] = ids;
  assertEquals(ids, [[first], [`${first}#2`]]);
});

Deno.test("integers keep every digit, and columns of one name are two", async () => {
  assertEquals(
    await rowsOf("SELECT 9007199254740993 AS a, 1 AS a, NULL, 1.5, 'x'"),
    [[9007199254740993n, 1, null, 1.5, "x"]],
  );
});

Deno.test("no statement reads or writes a file, or changes a table", async () => {
  await inFolderAsync(async (folder) => {
    const file = join(folder, "x.db");
    const statements = [
      `ATTACH '${file}' AS x`,
      `VACUUM INTO '${file}'`,
      `SELECT load_extension('${file}')`,
      `SELECT readfile('${BUNDLE}/manifest.json')`,
      `SELECT writefile('${file}', 'x')`,
      `SELECT edit('x')`,
      `SELECT fts3_tokenizer('simple', x'00')`,
      `PRAGMA temp_store_directory = '${folder}'`,
      `EXPLAIN SELECT 1; ATTACH '${file}' AS x`,
      `SELECT 1 /* ; */ ; DELETE FROM turns`,
      "DELETE FROM turns",
      "WITH x AS (SELECT 1) DELETE FROM turns",
      "WITH x AS (SELECT 1) DELETE FROM turns RETURNING *",
      "INSERT INTO turns DEFAULT VALUES",
      "CREATE TABLE t (a)",
      "-- nothing",
      ";",
      "",
    ];
    using database = await TraceDatabase.open(EVERYTHING);
    database.load(openBundle(BUNDLE));
    const count = () => [...database.query("SELECT count(*) FROM turns").rows];
    const before = count();
    for (const sql of statements) {
      assertThrows(() => [...database.query(sql).rows], SqlError, "", sql);
    }
    assertEquals(count(), before);
    assertEquals(namesIn(folder), []);
  });
});

Deno.test("a statement that fails at a later row returns none before", async () => {
  const sql = `WITH RECURSIVE c(n) AS (
    SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 5
  ) SELECT CASE WHEN n = 3 THEN abs(-9223372036854775808) ELSE n END FROM c`;
  using database = await TraceDatabase.open(neededBy(sql));
  assertThrows(() => database.query(sql), SqlError, "integer overflow");
});

Deno.test("a statement that needs too much memory is refused before it is taken", async () => {
  const count =
    "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c LIMIT 900)";
  using database = await TraceDatabase.open(neededBy("SELECT 1"));
  for (
    const sql of [
      "SELECT hex(zeroblob(499999999))",
      "SELECT length(zeroblob(900000000) || 'x')",
      `${count} SELECT group_concat(hex(zeroblob(1000000))) FROM c`,
      `${count} SELECT hex(zeroblob(1000000)) FROM c`,
      `${count} SELECT hex(zeroblob(1000000)) AS x FROM c ORDER BY x`,
    ]
  ) {
    assertThrows(() => database.query(sql), SqlMemoryError, "", sql);
  }
  assertEquals([...database.query("SELECT 1").rows], [[1]]);
});

Deno.test("rows keep their order, and values their type", async () => {
  const statements: Readonly<Record<string, readonly unknown[]>> = {
    "SELECT 1 AS n UNION ALL SELECT '01' UNION ALL SELECT 1.5": [1, "01", 1.5],
    "VALUES (9007199254740993), (NULL), (x'00ff')": [
      9007199254740993n,
      null,
      "x'00ff'",
    ],
    "WITH v(n) AS (VALUES (2), (3), (1)) SELECT n FROM v ORDER BY n DESC; -- x":
      [3, 2, 1],
  };
  for (const [sql, values] of Object.entries(statements)) {
    using database = await TraceDatabase.open(neededBy(sql));
    const ask = () => database.query(sql).rows.map(([value]) => value);
    assertEquals(ask(), values, sql);
  }
});

Deno.test("a statement is explained, one that writes too, and nothing is written", async () => {
  using database = await TraceDatabase.open(EVERYTHING);
  for (
    const sql of [
      "EXPLAIN SELECT 1",
      "explain query plan DELETE FROM turns WHERE status = 1",
    ]
  ) {
    assert(database.query(sql).rows.length > 0, sql);
  }
});

Deno.test("a semicolon in a text, a name or a comment ends no statement", async () => {
  assertEquals(
    await rowsOf(`SELECT ';' AS "a;b" -- ; DELETE\n /* ; */ ; `),
    [[";"]],
  );
});

Deno.test("items of a request are counted with those not recorded, or unknown", async () => {
  const SQL = "SELECT input_items, output_items, tool_calls " +
    "FROM llm_requests ORDER BY started_seq";
  const bundle = join(TESTDATA, "upstream", "0.171.0-lim_p300", "bundle");
  // Of two responses, the recorder kept the first 300 bytes.
  assertEquals(await rowsOf(SQL, [bundle]), [
    [4, 2, 1],
    [7, null, null],
    [11, null, null],
  ]);
  const lost = join(TESTDATA, "broken", "missing_payloads_schema_2");
  assertEquals(await rowsOf(SQL, [lost]), [[1, null, null], [null, 1, 0]]);
});

Deno.test("a count of nothing is 0 where every event is there, else unknown", async () => {
  const SQL = "SELECT turns, llm_requests, tool_calls, errors, " +
    "unpriced_requests, unreported_requests, compaction_requests " +
    "FROM session_totals";
  await inFolderAsync(async (folder) => {
    const bundle = new RawBundle(2, "rollout").end();
    bundle.writeTo(join(folder, "all"));
    bundle.rewrite((log) =>
      log.replace(/^.*"recording_completed".*\n/m, "{}\n")
    )
      .writeTo(join(folder, "torn"));
    const counts = (name: string) => rowsOf(SQL, [join(folder, name)]);
    assertEquals(await counts("all"), [[1, 0, 0, 0, 0, 0, 0]]);
    assertEquals(await counts("torn"), [[1, ...Array(6).fill(null)]]);
  });
});

Deno.test("requests without tokens and without a price are those of stats", async () => {
  const SQL = "SELECT llm_requests, compaction_requests, " +
    "unreported_requests, unpriced_requests FROM session_totals";
  const prices = { currency: "USD", models: new Map() };
  const names = ["0.164.0-compact_remote_manual", "0.171.0-lim_p300"];
  for (const name of names) {
    const bundle = join(TESTDATA, "upstream", name, "bundle");
    const { tokens, cost } = getStats(openBundle(bundle), { prices }).total;
    assert(tokens !== null && cost !== null);
    const { calls, compaction_requests: compactions } = tokens;
    const unreported = Number(calls) + Number(compactions) -
      Number(tokens.calls_with_usage);
    assertEquals(await rowsOf(SQL, [bundle]), [
      [calls, compactions, unreported, cost.unpriced_calls],
    ], name);
  }
});

Deno.test("the code of a command is that in its result where its end was not recorded", async () => {
  const bundle = join(TESTDATA, "upstream", "0.171.0-lim_p300", "bundle");
  const TOOLS =
    "SELECT outcome, exit_code FROM tool_calls ORDER BY started_seq";
  assertEquals(await rowsOf(TOOLS, [bundle]), [
    ["ok", 0],
    ["ok", 0],
    ["failed", 1],
  ]);
  const ISSUES = "SELECT kind, severity, exit_code, handle FROM issues " +
    "WHERE severity = 'error'";
  assertEquals(await rowsOf(ISSUES, [bundle]), [
    ["exit_code", "error", 1, "tool:3"],
  ]);
});

Deno.test("a call without an end is incomplete, whatever was left out of its start", async () => {
  const bundle = join(TESTDATA, "upstream", "0.171.0-lim_p300", "bundle");
  const OUTCOMES = "SELECT outcome FROM tool_calls ORDER BY started_seq";
  await inFolderAsync(async (folder) => {
    copySync(bundle, join(folder, "killed"));
    const log = join(folder, "killed", "trace.jsonl");
    const lines = Deno.readTextFileSync(log).split("\n");
    const start = lines.findIndex((line) =>
      line.includes('"tool_call_runtime_started"')
    );
    Deno.writeTextFileSync(log, lines.slice(0, start + 1).join("\n") + "\n");
    assertEquals(await rowsOf(OUTCOMES, [join(folder, "killed")]), [[
      "incomplete",
    ]]);
  });
});

Deno.test("the result of an agent is delivered by an edge, a wait or a notification, or not", async () => {
  const RESULTS = "SELECT origin, result FROM threads ORDER BY started_seq";
  const waited = join(TESTDATA, "sessions", "0.164.0-agents_v1", "bundle");
  assertEquals(await rowsOf(RESULTS, [waited]), [
    ["root", null],
    ["spawned", "delivered"],
  ]);
  const tree = join(TESTDATA, "upstream", "0.164.0-agents_v2_sol_tree");
  assertEquals(await rowsOf(RESULTS, [join(tree, "bundle")]), [
    ["root", null],
    ["spawned", "delivered"],
    ["spawned", "undelivered"],
  ]);
});
