/**
 * The worked queries of the documentation, and what they find against the raw logs.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { TABLES } from "../../lib/export/tables/catalog.ts";
import { TraceDatabase } from "../../lib/export/tables/database.ts";
import { openBundle } from "../../lib/query/session/open_bundle.ts";
import { handMadeCases, recordedCases } from "../support/cases.ts";
import { TESTDATA } from "../support/paths.ts";
import { join } from "@std/path";
import {
  eventsOf,
  rawEvents,
  rawPayload,
  soundBundles,
} from "../support/log_oracle.ts";
import { formattedTableDocs, TABLE_DOCS } from "../tools/tables/table_docs.ts";
import { WORKED_QUERIES } from "../tools/tables/worked_queries.ts";

/** The tables of some bundles, loaded once. */
const LOADED: Map<readonly string[], TraceDatabase> = new Map();

async function answer(
  sql: string,
  bundles: readonly string[],
): Promise<Record<string, unknown>[]> {
  let database = LOADED.get(bundles);
  if (database === undefined) {
    database = await TraceDatabase.open({ tables: TABLES, texts: true });
    for (const each of bundles) database.load(openBundle(each));
    LOADED.set(bundles, database);
  }
  const { columns, rows } = database.query(sql);
  return Array.from(
    rows,
    (row) => Object.fromEntries(columns.map((name, at) => [name, row[at]])),
  );
}

function queryFor(question: RegExp): string {
  const found = WORKED_QUERIES.filter((each) => question.test(each.question));
  assertEquals(found.length, 1, String(question));
  return found[0]?.sql ?? "";
}

/** Recorded sessions of every sort, also those that failed, broke off or lost events. */
const ALL_BUNDLES = [
  ...recordedCases(join(TESTDATA, "upstream")),
  ...handMadeCases(join(TESTDATA, "broken")),
].map(({ bundle }) => bundle);
const BUNDLES = soundBundles().map(({ bundle }) => bundle);

for (const { question, sql } of WORKED_QUERIES) {
  Deno.test(`the tables answer: ${question}`, async () => {
    const rows = await answer(sql, ALL_BUNDLES);
    const mayBeEmpty = /prompt of more|Which sessions failed|file or a word/
      .test(
        question,
      );
    assert(rows.length > 0 || mayBeEmpty);
  });
}

Deno.test("docs/tables.md describes the tables as they are", async () => {
  assertEquals(Deno.readTextFileSync(TABLE_DOCS), await formattedTableDocs());
});

Deno.test("tokens by day and model are those of the raw responses", async () => {
  const expected = new Map<string, number>();
  for (const bundle of BUNDLES) {
    const events = rawEvents(bundle);
    for (const start of eventsOf(events, "inference_started")) {
      const end = eventsOf(events, "inference_completed").find(({ payload }) =>
        payload.inference_call_id === start.payload.inference_call_id
      );
      const day = new Date(start.wall_time_unix_ms).toISOString().slice(0, 10);
      const key = `${day} ${start.payload.model}`;
      const usage = end === undefined
        ? null
        : rawPayload(bundle, end.payload.response_payload).token_usage;
      expected.set(key, (expected.get(key) ?? 0) + (usage?.input_tokens ?? 0));
    }
  }
  const rows = await answer(queryFor(/^How many tokens a day/), BUNDLES);
  assertEquals(
    new Map(
      rows.map((row) => [`${row.day} ${row.model}`, BigInt(Number(row.input))]),
    ),
    new Map([...expected].map(([key, sum]) => [key, BigInt(sum)])),
  );
});

Deno.test("commands that failed are those of the raw ends of commands", async () => {
  const expected = new Map<string, number>();
  for (const bundle of BUNDLES) {
    for (
      const { payload } of eventsOf(
        rawEvents(bundle),
        "tool_call_runtime_ended",
      )
    ) {
      const end = rawPayload(bundle, payload.runtime_payload);
      if (!Array.isArray(end.command) || !(end.exit_code > 0)) continue;
      const key = String(end.exit_code);
      expected.set(key, (expected.get(key) ?? 0) + 1);
    }
  }
  const rows = await answer(queryFor(/^Which commands ended/), BUNDLES);
  const found = new Map<string, number>();
  for (const { exit_code: code, times } of rows) {
    if (Number(code) < 0) continue;
    found.set(String(code), (found.get(String(code)) ?? 0) + Number(times));
  }
  assertEquals(found, expected);
});
