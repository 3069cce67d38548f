/**
 * Session logs below a directory, alone and among bundles: each session is counted once, and its
 * figures are those of its bundle.
 *
 * @module
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { basename, dirname, join } from "@std/path";
import { walkSync } from "@std/fs";
import { summarize } from "../../../../lib/query/show/show.ts";
import { printed } from "../../../cli/commands/command_golden.ts";
import { inFolderAsync } from "../../../support/cli.ts";
import { ALL, SESSIONS } from "./sessions.ts";

/** Workers take longer to start than these sessions to read. */
const ONE_THREAD = ["--jobs", "1"];

/** Copies every log to a folder for each day, as Codex keeps them. */
function putLogs(folder: string): string {
  const root = join(folder, "sessions");
  for (const { log } of ALL) {
    const [, year = "", month = "", day = ""] =
      /rollout-(\d+)-(\d+)-(\d+)T/.exec(log.place) ?? [];
    const place = join(root, year, month, day);
    Deno.mkdirSync(place, { recursive: true });
    Deno.copyFileSync(log.place, join(place, basename(log.place)));
  }
  return root;
}

async function rowsOf(
  root: string,
  statement: string,
): Promise<Record<string, unknown>[]> {
  const { stdout, code, stderr } = await printed([
    "sql",
    root,
    statement,
    "--json",
    ...ONE_THREAD,
  ]);
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout);
}

Deno.test("sql has of the logs of a root what it has of their bundles", () =>
  inFolderAsync(async (folder) => {
    const root = putLogs(folder);
    // A log is of one thread; a bundle of several.
    const turns = `SELECT turn_id, thread_id, outcome, status
      FROM turns WHERE turn_id IN (SELECT turn_id FROM turns) ORDER BY turn_id`;
    const logged = await rowsOf(root, turns);
    const recorded = new Map<unknown, Record<string, unknown>>();
    const tokens = new Map<unknown, unknown>();
    for (const place of SESSIONS) {
      for (const row of await rowsOf(place, turns)) {
        recorded.set(row["turn_id"], row);
      }
      const sums = `SELECT thread_id, sum(input_tokens) AS i,
        sum(cached_input_tokens) AS c, sum(output_tokens) AS o
        FROM llm_requests GROUP BY thread_id`;
      for (const { thread_id, ...row } of await rowsOf(place, sums)) {
        tokens.set(thread_id, row);
      }
    }
    assertEquals(logged.length > 0, true);
    for (const row of logged) {
      const other = recorded.get(row["turn_id"]);
      assertEquals(row["status"], other?.["status"]);
      if (row["outcome"] !== null) {
        assertEquals(row["outcome"], other?.["outcome"]);
      }
    }
    const totals = await rowsOf(
      root,
      `SELECT root_thread_id, source, schema_version, status, llm_requests,
         input_tokens AS i, cached_input_tokens AS c, output_tokens AS o
       FROM session_totals`,
    );
    assertEquals(totals.length, new Set(ALL.map(({ thread }) => thread)).size);
    for (const row of totals) {
      const { root_thread_id: thread, source, i, c, o, ...unknown } = row;
      assertEquals(source, "session_log");
      assertEquals({ i, c, o }, tokens.get(thread));
      assertEquals(Object.values(unknown), [null, null, null]);
    }
  }));

Deno.test("figures of bundles and logs have each session once, and name what is left out", async () => {
  for (const root of SESSIONS) {
    const bundles = [...walkSync(root, { match: [/manifest\.json$/] })]
      .map(({ path }) => dirname(path));
    const answers = [];
    for (const places of [[root], bundles]) {
      const { stdout, stderr } = await printed([
        "stats",
        ...places,
        "--json",
        ...ONE_THREAD,
      ]);
      const { total } = JSON.parse(stdout).answer;
      answers.push(total);
      assertEquals(stderr.includes("left out"), places[0] === root, stderr);
    }
    assertEquals(answers[0], answers[1]);
  }
});

Deno.test("stats and search read the logs of a root", () =>
  inFolderAsync(async (folder) => {
    const root = putLogs(folder);
    const { stdout } = await printed(["stats", root, "--json", ...ONE_THREAD]);
    const { total } = JSON.parse(stdout).answer;
    const sum = (of: (each: (typeof ALL)[number]) => unknown) => {
      const each = new Map(ALL.map((both) => [both.thread, of(both)]));
      return [...each.values()].reduce((a: number, b) => a + Number(b), 0);
    };
    assertEquals(total.bundles, new Set(ALL.map((each) => each.thread)).size);
    assertEquals(total.calls, null);
    assertEquals(
      total.tokens.input_tokens,
      sum(({ log }) => log.sessionLog?.tokens?.input_tokens ?? NaN),
    );
    assertEquals(
      total.tool_calls,
      sum(({ log }) => log.trace.tool_calls.size),
    );
    const text = await printed(["stats", root, ...ONE_THREAD]);
    assertStringIncludes(text.stdout, "session logs below");
    const found = await printed([
      "search",
      root,
      "list files",
      "-l",
      ...ONE_THREAD,
    ]);
    assertEquals(found.code, 0);
    assertStringIncludes(found.stdout, "/11/29/rollout-");
    const requests = await printed(["search", root, "a", "--in", "requests"]);
    assertEquals([requests.stdout, requests.code], ["", 2]);
  }));

Deno.test("a session log is chosen by time and id, where its session has no bundle", () =>
  inFolderAsync(async (folder) => {
    const root = putLogs(folder);
    // Logs of agents are parts of sessions.
    const roots = ALL.map(({ log }) => log)
      .filter(({ sessionLog, trace }) =>
        sessionLog?.threads.get(trace.root_thread_id)?.parent_thread_id === null
      )
      .sort((a, b) => startOf(b) - startOf(a));
    const [newest] = roots;
    const child = ALL.find(({ log }) => !roots.includes(log));
    assert(newest !== undefined && child !== undefined);
    for (
      const [words, place] of [
        [[`${root}@latest`], newest.place],
        [[root, "--latest"], newest.place],
        [[`${root}@${newest.trace.root_thread_id}`], newest.place],
        [[`${root}@${child.thread}`], child.log.place],
      ] as const
    ) {
      const { stderr, code } = await printed(["show", ...words]);
      assertEquals(code, 0, words.join(" "));
      assertStringIncludes(stderr, `using ${folder}`);
      assertStringIncludes(stderr, basename(place));
    }
    const explain = await printed(["explain", `${root}@latest`, "turn:1"]);
    assertEquals(explain.code, 2);
    assertStringIncludes(explain.stderr, "no bundle");
    const [both] = SESSIONS;
    const { stderr } = await printed(["show", `${both}@latest`]);
    assertEquals(stderr.includes(".jsonl"), false);
  }));

Deno.test("tables has each log of a root as a session", () =>
  inFolderAsync(async (folder) => {
    const root = putLogs(folder);
    const tables = join(folder, "tables");
    const args = [
      "tables",
      root,
      "-o",
      tables,
      "--format",
      "ndjson",
      ...ONE_THREAD,
    ];
    const { code, stderr } = await printed(args);
    assertEquals(code, 0, stderr);
    const rows = [...walkSync(join(tables, "sessions"), { includeDirs: false })]
      .flatMap(({ path }) => Deno.readTextFileSync(path).trim().split("\n"))
      .map((line) => JSON.parse(line));
    assertEquals(
      new Set(rows.map(({ session_id: id }) => id)),
      new Set(ALL.map(({ thread }) => thread)),
    );
    const again = await printed(args);
    assertStringIncludes(again.stderr, ": 0 read");
  }));

function startOf({ trace }: (typeof ALL)[number]["log"]): number {
  return Number(trace.started_at_unix_ms);
}

Deno.test("the logs of agents are parts of the session of their parent", () =>
  inFolderAsync(async (folder) => {
    const root = putLogs(folder);
    const json = async (...args: string[]) =>
      JSON.parse((await printed([...args, "--json", ...ONE_THREAD])).stdout)
        .answer;
    const { rows } = await json("stats", root, "--by", "session");
    const bundles = new Map(
      ALL.map(({ bundle }) => [bundle.trace.root_thread_id, bundle]),
    );
    assertEquals(rows.length, bundles.size);
    for (const { group, tokens } of rows) {
      const session = bundles.get(group);
      assert(session !== undefined, group);
      const { tokens: recorded } = summarize(session);
      for (const key of ["input_tokens", "output_tokens"] as const) {
        assertEquals(tokens[key], recorded[key], group);
      }
    }
    const list = await json("list", root);
    for (const { session_id: session, agent } of list.bundles) {
      assert(bundles.has(session));
      const thread = bundles.get(session)?.trace.threads.get(
        agent?.thread_id ?? session,
      );
      assert(thread !== undefined);
      if (agent === null) continue;
      if (agent.agent_path !== agent.thread_id) {
        assertEquals(agent.agent_path, thread.agent_path);
      }
      const { origin } = thread;
      assert(origin.type === "spawned");
      assertEquals(agent.parent_thread_id, origin.parent_thread_id);
    }
  }));
