/**
 * The module of a worker: does the tasks of one job, which the program starts it with.
 *
 * @module
 */

import { UsageError } from "./args/usage_error.ts";
import { describeError } from "./errors/describe_error.ts";
import type {
  FromWorker,
  JobKind,
  JobName,
  JobRun,
  ToWorker,
} from "./shared/jobs/job.ts";

/** Loads the code of each job. */
const JOBS: Readonly<
  Record<JobName, () => Promise<JobKind<unknown, unknown, unknown>>>
> = {
  list: async () => (await import("./commands/list/list_job.ts")).LIST_JOB,
  search: async () =>
    (await import("./commands/search/search_job.ts")).SEARCH_JOB,
  stats: async () => (await import("./commands/stats/stats_job.ts")).STATS_JOB,
  sql: async () => (await import("./commands/export/sql_job.ts")).SQL_JOB,
  tables: async () =>
    (await import("./commands/export/tables_job.ts")).TABLES_JOB,
};

/** The scope of a worker, as far as it is used. */
interface WorkerScope {
  onmessage:
    | ((event: MessageEvent<ToWorker<unknown, unknown>>) => void)
    | null;
  postMessage(message: FromWorker<unknown>): void;
}

/** Answers messages in their order. */
function serve(scope: WorkerScope): void {
  let ready: Promise<JobRun<unknown, unknown>> | undefined;
  let last = Promise.resolve();
  scope.onmessage = ({ data }) => {
    if (data.type === "start") {
      ready = JOBS[data.job]().then((kind) => kind.start(data.settings));
      return;
    }
    const { at, tasks } = data;
    last = last.then(async () => {
      const job = await ready;
      if (job === undefined) throw new Error("a worker without a job");
      const results = tasks.map((task) => job.run(task));
      scope.postMessage({ type: "results", at, results });
    }).catch((error) => {
      const { message, hint, exitCode } = describeError(error);
      const isUsage = error instanceof UsageError;
      const report = { message, hint, exitCode, isUsage };
      scope.postMessage({ type: "failed", error: report });
    });
  };
}

/** Whether this is the scope of a worker. */
function isWorkerScope(scope: object): scope is WorkerScope {
  return "postMessage" in scope && "onmessage" in scope;
}

const scope: object = globalThis;
if (isWorkerScope(scope)) serve(scope);
