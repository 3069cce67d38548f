/**
 * Batches of tasks that workers and the program share. Results are taken in the order of the batches.
 *
 * @module
 */

import { UsageError } from "../../args/usage_error.ts";
import { ReportedError } from "../../errors/reported_error.ts";
import type { FromWorker, Job, ToWorker, WorkerFault } from "./job.ts";
import { startWorker } from "./worker_module.ts";

/** Batches that a worker has: the next one is there when it ends one. */
const QUEUED = 2;

/** What the program is to do next. */
export type NextBatch<Task, Result> =
  /** Take the results of the batch that is next in order. */
  | { readonly type: "done"; readonly results: readonly Result[] }
  /** Do the batch that is next in order, which its worker cannot do any more. */
  | {
    readonly type: "lost";
    readonly tasks: readonly Task[];
    readonly why: string;
  }
  /** Do a later batch, since workers have not done the next one yet. */
  | {
    readonly type: "own";
    readonly at: number;
    readonly tasks: readonly Task[];
  };

/** Who does the batches. */
export interface PoolOptions {
  /** Workers that are started. */
  readonly workers: number;
  /** Batches that may be done before the one that is wanted next, for each thread. */
  readonly ahead: number;
  /** Whether the program does batches, too, while it has no results to take. */
  readonly sharesWork: boolean;
}

/** Does batches by workers. */
export class WorkerPool<Settings, Task, Result> implements Disposable {
  readonly #batches: readonly (readonly Task[])[];
  readonly #workers: readonly Worker[];
  readonly #done: Map<number, readonly Result[]> = new Map();
  readonly #waiting: Worker[] = [];
  readonly #ahead: number;
  readonly #sharesWork: boolean;
  #wanted = 0;
  #sent = 0;
  #fault: WorkerFault | undefined;
  /** Why the workers ended, where they did. */
  #broken: string | undefined;
  #wake: () => void = () => {};
  #turn: Turn | undefined;

  /** Starts the workers, at most one for each batch. */
  constructor(
    { name, settings }: Job<Settings, Task, Result>,
    batches: readonly (readonly Task[])[],
    { workers, ahead, sharesWork }: PoolOptions,
  ) {
    this.#batches = batches;
    this.#sharesWork = sharesWork;
    const count = name === null ? 0 : Math.min(workers, batches.length);
    const own = sharesWork ? 1 : 0;
    // What this thread does may be done before its turn, too.
    this.#ahead = count * QUEUED + 2 * own + (count + own) * ahead;
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
   * What is to be done next; null after the last batch.
   *
   * @throws {UsageError | ReportedError} What a task threw.
   */
  async next(): Promise<NextBatch<Task, Result> | null> {
    const tasks = this.#batches[this.#wanted];
    if (tasks === undefined) return null;
    for (;;) {
      if (this.#fault !== undefined) throw errorOf(this.#fault);
      const results = this.#done.get(this.#wanted);
      if (results !== undefined) {
        this.#done.delete(this.#wanted++);
        for (const worker of this.#waiting.splice(0)) this.#feed(worker);
        return { type: "done", results };
      }
      if (this.#broken !== undefined) {
        this.#wanted++;
        return { type: "lost", tasks, why: this.#broken };
      }
      const own = this.#sharesWork ? this.#take() : null;
      if (own !== null) return { type: "own", ...own };
      await new Promise<void>((resolve) => this.#wake = resolve);
    }
  }

  /** Takes the results of a batch that the program did, and what workers have sent meanwhile. */
  async put(at: number, results: readonly Result[]): Promise<void> {
    this.#done.set(at, results);
    await (this.#turn ??= new Turn()).next();
  }

  /** Ends the workers. */
  [Symbol.dispose](): void {
    for (const worker of this.#workers) worker.terminate();
    this.#turn?.close();
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
    const batch = this.#take();
    if (batch !== null) post(worker, { type: "tasks", ...batch });
    else if (this.#sent < this.#batches.length) this.#waiting.push(worker);
  }

  /** The next batch that none does yet; null where it is too far ahead, or there is none. */
  #take(): { at: number; tasks: readonly Task[] } | null {
    const tasks = this.#batches[this.#sent];
    const isTooFar = this.#sent - this.#wanted >= this.#ahead;
    return tasks === undefined || isTooFar ? null : { at: this.#sent++, tasks };
  }
}

/** Lets the program receive messages; a timer would wait for a millisecond. */
class Turn {
  readonly #channel = new MessageChannel();
  #wake: () => void = () => {};

  constructor() {
    this.#channel.port2.onmessage = () => this.#wake();
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#channel.port1.postMessage(null);
    });
  }

  close(): void {
    this.#channel.port1.close();
    this.#channel.port2.close();
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
