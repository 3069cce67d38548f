/**
 * Runs a job over many tasks: in this thread, and by workers, too, where the rest is worth their start.
 *
 * This thread does its share of them: it has compiled the code that each worker has to compile again.
 *
 * Results have the order of the tasks, whichever worker is faster. Only so many are ahead of the one
 * that is wanted next, so that memory grows with the number of workers and not with that of tasks.
 *
 * @module
 */

import type { Job, JobRun } from "./job.ts";
import { WorkerPool } from "./worker_pool.ts";
import { workersRefusal } from "./worker_module.ts";

/** How a job is run. */
export interface JobOptions {
  /** The most threads that work at a time; 1 is this one. */
  readonly jobs: number;
  /** Receives why there are no workers, where there should be. */
  readonly note: (why: string) => void;
  /** Whether each task takes so long that workers are started before the first, and do them all. */
  readonly hasLongTasks?: boolean;
}

/** Work that this thread does first: less is over before workers have started. */
const MIN_OWN_MS = 250;
/** Remaining work that is worth the start of workers. */
const MIN_SHARED_MS = 500;
/** Work of a batch: a message costs a worker about as much as a tenth of a millisecond of work. */
const BATCH_MS = 20;
const MAX_BATCH_TASKS = 100;

/** The results of the tasks, in their order. */
export async function* runJob<Settings, Task, Result>(
  job: Job<Settings, Task, Result>,
  tasks: readonly Task[],
  { jobs, note, hasLongTasks = false }: JobOptions,
): AsyncGenerator<Result> {
  const own = new OwnThread(await job.kind.start(job.settings));
  let isAlone = jobs < 2 || job.name === null;
  let at = 0;
  while (at < tasks.length) {
    const left = tasks.length - at;
    if (!isAlone && left > 1 && (hasLongTasks || own.isWorthSharing(left))) {
      const refusal = workersRefusal();
      if (refusal === null) break;
      note(refusal);
      isAlone = true;
    }
    for (const result of own.run(tasks.slice(at, ++at))) yield result;
  }
  if (at === tasks.length) return;
  const size = hasLongTasks ? 1 : own.tasksIn(BATCH_MS);
  const batches = batchesOf(tasks.slice(at), size);
  using pool = new WorkerPool(
    job,
    batches,
    // What long tasks make is written to the disk, for which this thread waits.
    hasLongTasks
      ? { workers: jobs, ahead: 0, sharesWork: false }
      : { workers: jobs - 1, ahead: 4, sharesWork: true },
  );
  for (;;) {
    const batch = await pool.next();
    if (batch === null) return;
    if (batch.type === "done") yield* batch.results;
    else if (batch.type === "own") {
      await pool.put(batch.at, [...own.run(batch.tasks)]);
    } else {
      note(batch.why);
      yield* own.run(batch.tasks);
    }
  }
}

/** The tasks that this thread does, and how long they take. */
class OwnThread<Task, Result> {
  readonly #run: JobRun<Task, Result>;
  #spentMs = 0;
  #done = 0;

  constructor(run: JobRun<Task, Result>) {
    this.#run = run;
  }

  *run(tasks: readonly Task[]): Generator<Result> {
    for (const task of tasks) {
      const start = performance.now();
      const result = this.#run.run(task);
      this.#spentMs += performance.now() - start;
      this.#done++;
      yield result;
    }
  }

  isWorthSharing(left: number): boolean {
    return this.#spentMs >= MIN_OWN_MS &&
      this.#spentMs / this.#done * left >= MIN_SHARED_MS;
  }

  /** How many tasks are done in `ms`, by what they took so far. */
  tasksIn(ms: number): number {
    const tasks = Math.ceil(ms * this.#done / this.#spentMs);
    return Math.max(1, Math.min(MAX_BATCH_TASKS, tasks));
  }
}

function batchesOf<Task>(tasks: readonly Task[], size: number): Task[][] {
  return Array.from(
    { length: Math.ceil(tasks.length / size) },
    (_, at) => tasks.slice(at * size, (at + 1) * size),
  );
}
