/**
 * The worked queries of the documentation, and what they find against the raw logs.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { EVERYTHING } from "../../lib/export/tables/catalog.ts";
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
import { factName, type Facts, toolLabel } from "../query/truth/fact.ts";
import { factsOf } from "../query/truth/facts.ts";
import { type Raw, RawSession } from "../query/truth/raw_session.ts";
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
    database = await TraceDatabase.open(EVERYTHING);
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
    const mayBeEmpty = /prompt of more|Which sessions failed|file/
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
  const KEYS = ["input_tokens", "cached_input_tokens", "output_tokens"];
  const expected = new Map<string, number[]>();
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
      const known = expected.get(key) ?? [0, 0, 0];
      expected.set(
        key,
        KEYS.map((name, at) => (known[at] ?? 0) + Number(usage?.[name] ?? 0)),
      );
    }
  }
  const rows = await answer(queryFor(/^How many tokens a day/), BUNDLES);
  assertEquals(
    new Map(rows.map((row) => [
      `${row.day} ${row.model}`,
      [row.input, row.cached_percent, row.output].map(Number),
    ])),
    new Map(
      [...expected].map(([key, [input = 0, cached = 0, output = 0]]) => [
        key,
        [input, Number((100 * cached / input).toFixed(1)), output],
      ]),
    ),
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

/** What the files of each bundle record, by its path. */
let recorded: ReadonlyMap<string, readonly [RawSession, Facts]> | undefined;

function allRecorded() {
  return recorded ??= new Map(BUNDLES.map((bundle) => {
    const raw = new RawSession(bundle);
    return [bundle, [raw, factsOf(raw)]];
  }));
}

/** A tool as tables call it. */
function toolOf(raw: RawSession, id: string): string {
  return toolLabel(raw, id).replace(/^mcp (.*)\//, "$1.");
}

/** Lines of facts and of rows, in one order. */
function sorted(lines: Iterable<readonly unknown[]>): string[] {
  return Array.from(lines, (line) => line.join(" ")).sort();
}

Deno.test("tools that failed by project are those of the raw ends of calls", async () => {
  const expected = new Map<string, { calls: number; failed: number }>();
  for (const [raw, facts] of allRecorded().values()) {
    for (const { id } of raw.all("tool")) {
      const cwd = facts.get(factName("session", "", "cwd")) ?? "";
      const key = `${cwd} ${toolOf(raw, id)}`;
      const { calls, failed } = expected.get(key) ?? { calls: 0, failed: 0 };
      const isFailed = facts.get(factName("tool", id, "outcome")) === "failed";
      expected.set(key, {
        calls: calls + 1,
        failed: failed + (isFailed ? 1 : 0),
      });
    }
  }
  const rows = await answer(queryFor(/^Which tool fails/), BUNDLES);
  assertEquals(
    sorted(rows.map((row) => [row.project, row.tool, row.calls, row.failed])),
    sorted([...expected].map(([key, { calls, failed }]) => [
      key,
      calls,
      failed,
    ])),
  );
});

Deno.test("sessions with a large prompt are those of the raw usage of responses", async () => {
  // The recorded sessions are small.
  const limit = 500;
  const expected = [...allRecorded()].map(([bundle, [raw, facts]]) => {
    const inputs = raw.all("call").map(({ id }) =>
      Number(facts.get(factName("call", id, "input_tokens")))
    );
    return [bundle, Math.max(0, ...inputs)] as const;
  }).filter(([, largest]) => largest > limit);
  const sql = queryFor(/^Which sessions had a prompt/)
    .replace("> 100000", `> ${limit}`);
  const rows = await answer(sql, BUNDLES);
  assert(rows.length > 0 && rows.length < BUNDLES.length);
  assertEquals(
    sorted(rows.map((row) => [row.path, row.largest_prompt])),
    sorted(expected),
  );
});

Deno.test("waits of tool calls are those between raw events", async () => {
  const expected = [...allRecorded()].flatMap(([bundle, [raw]]) =>
    raw.all("tool").flatMap(({ id, start, end }) => {
      const ran = eventsOf(raw.events, "tool_call_runtime_started")
        .find(({ payload }) => payload.tool_call_id === id);
      const from = start.wall_time_unix_ms;
      return ran === undefined || end === undefined
        ? []
        : [[bundle, toolOf(raw, id), ran.wall_time_unix_ms - from]];
    })
  );
  const sql = queryFor(/^Which tool calls waited/).replace("LIMIT 20", "");
  const rows = await answer(sql, BUNDLES);
  assert(rows.length > 0);
  assertEquals(
    sorted(rows.map((row) => [row.path, row.tool, row.waited_ms])),
    sorted(expected),
  );
});

Deno.test("sessions that name a file are those whose raw calls name it", async () => {
  const query = queryFor(/^Which sessions name a file/);
  for (const file of ["n.txt", "s.txt", "README.md", "no-such-file"]) {
    const expected = [...allRecorded()].filter(([, [raw]]) =>
      eventsOf(raw.events, "inference_completed").some(({ payload }) => {
        const items: readonly Raw[] = raw.payload(payload.response_payload)
          ?.output_items ?? [];
        return items.some(({ arguments: given, input }) =>
          [given, input].some((text) =>
            typeof text === "string" && text.includes(file)
          )
        );
      })
    ).map(([bundle]) => bundle);
    const rows = await answer(query.replace("README.md", file), BUNDLES);
    assertEquals(new Set(rows.map(({ path }) => path)), new Set(expected));
  }
});

/** What the texts of the patches in raw responses do to files: path, change, lines. */
function patchedFiles(raw: RawSession): (string | number | undefined)[][] {
  return eventsOf(raw.events, "inference_completed").flatMap(({ payload }) => {
    const items: readonly Raw[] = raw.payload(payload.response_payload)
      ?.output_items ?? [];
    return items.map((item) =>
      String(item.input ?? item.arguments ?? "").replaceAll("\\n", "\n")
    );
  }).flatMap((text) => {
    const [, patch] =
      /\*\*\* Begin Patch\n([\s\S]*?)\*\*\* End Patch/.exec(text) ?? [];
    const files = (patch ?? "").split(/^\*\*\* (?=Add|Update|Delete)/m).slice(
      1,
    );
    return files.map((file) => {
      const [, type, path] = /^(Add|Update|Delete) File: (.*)/.exec(file) ?? [];
      const countOf = (sign: string) =>
        file.split("\n").filter((line) => line.startsWith(sign)).length;
      // The lines of a file that is deleted are in no text of a patch.
      return type === "Delete"
        ? [path, type, 0]
        : [path, type, countOf("+"), countOf("-")];
    });
  });
}

Deno.test("files that patches changed are those in the texts of the raw patches", async () => {
  const CHANGES: Readonly<Record<string, string>> = {
    added: "Add",
    updated: "Update",
    deleted: "Delete",
  };
  const rows = await answer(
    "SELECT s.path AS bundle, f.* FROM file_changes f JOIN sessions s USING (session_id)",
    BUNDLES,
  );
  const found = rows.map((row) => [
    row.bundle,
    row.path,
    CHANGES[String(row.change)],
    row.added_lines,
    ...row.change === "deleted" ? [] : [row.removed_lines],
  ]);
  const expected = [...allRecorded()].flatMap(([bundle, [raw]]) =>
    patchedFiles(raw).map((file) => [bundle, ...file])
  );
  assert(found.length > 0);
  assertEquals(sorted(found), sorted(expected));
});

/** Whether a request of another thread has the output of a wait for an agent, or a notification of it. */
function isReportedInText(raw: RawSession, agent: string): boolean {
  const words = [
    `{"status":{"${agent}":{`,
    `<subagent_notification>\n{"agent_path":"${agent}"`,
  ];
  return raw.all("call").some(({ thread, start: { payload } }) => {
    if (thread === agent) return false;
    const { input = [] } = raw.payload(payload.request_payload) ?? {};
    return input.some(({ output, content }: Raw) =>
      [output, content?.[0]?.text].some((text) =>
        typeof text === "string" && words.some((each) => text.startsWith(each))
      )
    );
  });
}

Deno.test("agents that never delivered are those without a raw result that was sent on", async () => {
  const expected = [...allRecorded()].flatMap(([bundle, [raw, facts]]) => {
    const delivered = eventsOf(raw.events, "agent_result_observed").filter((
      { seq },
    ) => facts.get(factName("result", String(seq), "delivered")) === true)
      .map(({ payload }) => payload.child_thread_id);
    return raw.all("thread").filter(({ id }) =>
      facts.get(factName("thread", id, "origin")) === "spawned" &&
      !delivered.includes(id) && !isReportedInText(raw, id)
    ).map(({ id }) =>
      ["agent_path", "outcome"].map((what) =>
        facts.get(factName("thread", id, what))
      )
    ).map((words) => [bundle, ...words]);
  });
  const rows = await answer(queryFor(/^Which agents never/), BUNDLES);
  assert(rows.length > 0);
  assertEquals(
    sorted(rows.map((row) => [row.path, row.agent_path, row.outcome])),
    sorted(expected),
  );
});
