/**
 * Work on many bundles, in a form that a worker can do as well as the program itself: what it needs
 * and what it returns is plain data.
 *
 * @module
 */

/** The jobs that a worker knows, by the command that has the work. */
export type JobName = "list" | "search" | "stats" | "sql" | "tables";

/** The code of a job. */
export interface JobKind<Settings, Task, Result> {
  /** Prepares the work, once in each thread. */
  start(
    settings: Settings,
  ): JobRun<Task, Result> | Promise<JobRun<Task, Result>>;
}

/** A prepared job. */
export interface JobRun<Task, Result> {
  /** Does one task. What it throws ends the command. */
  run(task: Task): Result;
}

/** A job with its settings. */
export interface Job<Settings, Task, Result> {
  /** Its name; null where only the program itself can do it. */
  readonly name: JobName | null;
  /** Its code. */
  readonly kind: JobKind<Settings, Task, Result>;
  /** What the code needs to know, as plain data. */
  readonly settings: Settings;
}

/** What is sent to a worker: first what the job is, then tasks. */
export type ToWorker<Settings, Task> =
  | {
    readonly type: "start";
    readonly job: JobName;
    readonly settings: Settings;
  }
  | {
    readonly type: "tasks";
    /** Number of the batch. */
    readonly at: number;
    readonly tasks: readonly Task[];
  };

/** What a worker sends. */
export type FromWorker<Result> =
  | {
    readonly type: "results";
    /** Number of the batch. */
    readonly at: number;
    readonly results: readonly Result[];
  }
  | { readonly type: "failed"; readonly error: WorkerFault };

/** Why a worker cannot do its job: what the program reports. */
export interface WorkerFault {
  readonly message: string;
  readonly hint: string | undefined;
  readonly exitCode: number;
  /** Whether the command line is wrong. */
  readonly isUsage: boolean;
}
