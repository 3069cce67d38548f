/**
 * Workers make of every bundle what one thread makes of it, in the same order.
 *
 * @module
 */

import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { LIST_JOB } from "../../../lib/cli/commands/list/list_job.ts";
import { SEARCH_JOB } from "../../../lib/cli/commands/search/search_job.ts";
import { SQL_JOB } from "../../../lib/cli/commands/export/sql_job.ts";
import { STATS_JOB } from "../../../lib/cli/commands/stats/stats_job.ts";
import { TABLES_JOB } from "../../../lib/cli/commands/export/tables_job.ts";
import { UsageError } from "../../../lib/cli/args/usage_error.ts";
import type { Job } from "../../../lib/cli/shared/jobs/job.ts";
import { runJob } from "../../../lib/cli/shared/jobs/run_job.ts";
import { EVERYTHING } from "../../../lib/export/tables/catalog.ts";
import { namesOf } from "../../../lib/export/tables/database.ts";
import { SEARCH_SCOPES } from "../../../lib/query/search/search_answer.ts";
import { slowTest, someCases } from "../../support/cases.ts";
import { TESTDATA } from "../../support/paths.ts";

/** Bundles that can be read, and paths of none. */
const BUNDLES = [
  ...someCases().map(({ bundle }) => bundle),
  join(TESTDATA, "no-bundle"),
  join(TESTDATA, "README.md"),
];
const SEARCH = {
  sought: {
    text: "e",
    options: { isRegex: true, isFixed: false, ignoreCase: true },
    scopes: SEARCH_SCOPES,
    withCopies: false,
  },
  filter: {},
  limits: {},
  thread: undefined,
  maxHits: 3,
};

async function results<Settings, Task, Result>(
  job: Job<Settings, Task, Result>,
  tasks: readonly Task[],
  jobs: number,
): Promise<Result[]> {
  const notes: string[] = [];
  const found = await Array.fromAsync(runJob(job, tasks, {
    jobs,
    note: (why) => notes.push(why),
    hasLongTasks: true,
  }));
  assertEquals(notes, []);
  return found;
}

function testJob<Settings, Task, Result>(
  job: Job<Settings, Task, Result>,
  tasks: readonly Task[],
): void {
  // One job in little time, every one in the slow run.
  const test = job.name === "list" ? Deno.test : slowTest;
  test(`workers do the job ${job.name} as one thread does`, async () => {
    const alone = await results(job, tasks, 1);
    assertEquals(alone.length, tasks.length);
    assertEquals(await results(job, tasks, 3), alone);
  });
}

testJob({ name: "list", kind: LIST_JOB, settings: {} }, BUNDLES);
testJob({ name: "search", kind: SEARCH_JOB, settings: SEARCH }, BUNDLES);
for (const by of ["day", "tool", "turn"] as const) {
  const settings = { by, limits: {}, isOneOfMany: true };
  testJob({ name: "stats", kind: STATS_JOB, settings }, BUNDLES);
}
testJob({
  name: "sql",
  kind: SQL_JOB,
  settings: {
    needs: namesOf(EVERYTHING),
    limits: {},
    prices: null,
    isOneOfMany: true,
  },
}, BUNDLES);
testJob(
  {
    name: "tables",
    kind: TABLES_JOB,
    settings: { options: { format: "parquet", content: "short" }, limits: {} },
  },
  BUNDLES.map((path) => [{ path, id: "1" }, { path, id: "2" }]),
);

Deno.test("an error of a worker about all bundles ends the job, and what was asked wrong is a usage error", async () => {
  const job = {
    name: "search",
    kind: SEARCH_JOB,
    settings: { ...SEARCH, thread: "5" },
  } as const;
  const bundles = [join(TESTDATA, "upstream", "0.164.0-shell", "bundle")];
  const twice = [...bundles, ...bundles];
  const alone = await assertRejects(() => results(job, twice, 1), UsageError);
  const shared = await assertRejects(() => results(job, twice, 2), UsageError);
  assertEquals([shared.message, shared.hint], [alone.message, alone.hint]);
});

Deno.test("a reader that stops early ends the workers", async () => {
  const job = { name: "list", kind: LIST_JOB, settings: {} } as const;
  const options = { jobs: 2, note: () => {}, hasLongTasks: true };
  for await (const { bundle } of runJob(job, BUNDLES, options)) {
    assertEquals(bundle, BUNDLES[0]);
    break;
  }
});

Deno.test("the program does its share of the tasks beside workers, and results keep their order", async () => {
  const own: number[] = [];
  const kind: typeof LIST_JOB = {
    start: async (settings) => {
      const job = await LIST_JOB.start(settings);
      const run = (bundle: string) => {
        own.push(paths.indexOf(bundle));
        // So slow that workers are started.
        const end = performance.now() + 5;
        while (performance.now() < end);
        return job.run(bundle);
      };
      return { run };
    },
  };
  const paths = Array.from({ length: 200 }, (_, at) => `no-bundle-${at}`);
  const job = { name: "list", kind, settings: {} } as const;
  const options = { jobs: 2, note: () => {} };
  const read = await Array.fromAsync(runJob(job, paths, options));
  assertEquals(read.map(({ bundle }) => bundle), paths);
  // It began alone; of what was left, the worker has the first.
  assertNotEquals(own, own.map((_, at) => at));
});
