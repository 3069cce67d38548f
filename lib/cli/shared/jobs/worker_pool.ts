/**
 * Workers that do batches of tasks. Results are taken in the order of the batches.
 *
 * @module
 */

import { UsageError } from "../../args/usage_error.ts";
import { ReportedError } from "../../errors/reported_error.ts";
import type { FromWorker, Job, ToWorker, WorkerFault } from "./job.ts";
import { startWorker } from "./worker_module.ts";

/** Batches that a worker has: the next one is there when it ends one. */
const QUEUED = 2;

/** A batch that was done, or one that its worker cannot do any more. */
export type DoneBatch<Task, Result> =
  | { readonly type: "done"; readonly results: readonly Result[] }
  | {
    readonly type: "lost";
    readonly tasks: readonly Task[];
    readonly why: string;
  };

/** Does batches by workers. */
export class WorkerPool<Settings, Task, Result> implements Disposable {
  readonly #batches: readonly (readonly Task[])[];
  readonly #workers: readonly Worker[];
  readonly #done: Map<number, readonly Result[]> = new Map();
  readonly #waiting: Worker[] = [];
  readonly #ahead: number;
  #wanted = 0;
  #sent = 0;
  #fault: WorkerFault | undefined;
  /** Why the workers ended, where they did. */
  #broken: string | undefined;
  #wake: () => void = () => {};

  /**
   * Starts at most `jobs` workers.
   *
   * @param ahead Batches that may be done before the one that is wanted next, for each worker.
   */
  constructor(
    { name, settings }: Job<Settings, Task, Result>,
    batches: readonly (readonly Task[])[],
    jobs: number,
    ahead: number,
  ) {
    this.#batches = batches;
    this.#ahead = ahead;
    const count = name === null ? 0 : Math.min(jobs, batches.length);
    this.#workers = Array.from({ length: count }, () => startWorker());
    for (const worker of this.#workers) {
      worker.onmessage = ({ data }: MessageEvent<FromWorker<Result>>) =>
        this.#receive(worker, data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.#broken ??= `one thread: a worker ended: ${event.message}`;
        this.#wake();
      };
      if (name !== null) post(worker, { type: "start", job: name, settings });
      for (let at = 0; at < QUEUED; at++) this.#feed(worker);
    }
  }

  /**
   * The next batch; null after the last.
   *
   * @throws {UsageError | ReportedError} What a task threw.
   */
  async next(): Promise<DoneBatch<Task, Result> | null> {
    const tasks = this.#batches[this.#wanted];
    if (tasks === undefined) return null;
    while (!this.#done.has(this.#wanted)) {
      if (this.#fault !== undefined) throw errorOf(this.#fault);
      if (this.#broken !== undefined) {
        this.#wanted++;
        return { type: "lost", tasks, why: this.#broken };
      }
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
    const results = this.#done.get(this.#wanted) ?? [];
    this.#done.delete(this.#wanted++);
    for (const worker of this.#waiting.splice(0)) this.#feed(worker);
    return { type: "done", results };
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
  }

  #receive(worker: Worker, message: FromWorker<Result>): void {
    if (message.type === "failed") this.#fault ??= message.error;
    else {
      this.#done.set(message.at, message.results);
      this.#feed(worker);
    }
    this.#wake();
  }

  /** Sends a worker the next batch, unless it would be too far ahead. */
  #feed(worker: Worker): void {
    const tasks = this.#batches[this.#sent];
    if (tasks === undefined) return;
    const ahead = this.#sent - this.#wanted;
    if (ahead >= this.#workers.length * (QUEUED + this.#ahead)) {
      this.#waiting.push(worker);
    } else post(worker, { type: "tasks", at: this.#sent++, tasks });
  }
}

function post<Settings, Task>(
  worker: Worker,
  message: ToWorker<Settings, Task>,
): void {
  worker.postMessage(message);
}

function errorOf(fault: WorkerFault): Error {
  return fault.isUsage
    ? new UsageError(fault.message, fault.hint)
    : new ReportedError(fault);
}
