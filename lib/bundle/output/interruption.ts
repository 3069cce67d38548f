/**
 * SIGINT and SIGTERM while an output is written.
 *
 * The default action would leave a temporary file. A listener is called only between two tasks, so
 * a writer has to wait for something before it checks, or another thread has to listen: for a long
 * output, which is written in one task.
 *
 * @module
 */

/** A signal that asks a program to end. */
export type InterruptSignal = "SIGINT" | "SIGTERM";

/** The program was asked to end. Nothing incomplete was left behind. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  readonly signal: InterruptSignal;

  /** The message names the signal. */
  constructor(signal: InterruptSignal) {
    super(`interrupted by ${signal}`);
    this.signal = signal;
  }
}

/** Windows has no SIGTERM. */
const SIGNALS: readonly InterruptSignal[] = Deno.build.os === "windows"
  ? ["SIGINT"]
  : ["SIGINT", "SIGTERM"];

/** What the other thread runs: it stores the number of a signal that it receives. */
const WATCHER = `onmessage = ({ data: { received, signals } }) =>
  signals.forEach((signal, index) =>
    Deno.addSignalListener(signal, () => Atomics.store(received, 0, index + 1))
  );`;

/** Defers signals until it is disposed. */
export class Interruption implements Disposable {
  #received: InterruptSignal | undefined;
  /** One more than the index of a signal that the other thread received. */
  readonly #watched = new Int32Array(new SharedArrayBuffer(4));
  #watcher: Worker | undefined;
  readonly #listeners = SIGNALS.map((signal) => {
    const listener = () => void (this.#received ??= signal);
    Deno.addSignalListener(signal, listener);
    return { signal, listener };
  });

  /**
   * Checks whether a signal arrived.
   *
   * @throws {InterruptedError} If one did.
   */
  check(): void {
    const received = this.#received ??
      SIGNALS[Atomics.load(this.#watched, 0) - 1];
    if (received !== undefined) throw new InterruptedError(received);
  }

  /**
   * Lets another thread listen, so that {@linkcode check} knows of a signal within a task. It takes 20
   * milliseconds and 15 MB.
   */
  watch(): void {
    if (this.#watcher !== undefined) return;
    const url = `data:text/javascript,${encodeURIComponent(WATCHER)}`;
    this.#watcher = new Worker(url, { type: "module" });
    // Without the thread, a signal is deferred as long as the task takes.
    this.#watcher.onerror = (event) => event.preventDefault();
    this.#watcher.postMessage({ received: this.#watched, signals: SIGNALS });
  }

  /** Signals have their default action again. */
  [Symbol.dispose](): void {
    this.#watcher?.terminate();
    for (const { signal, listener } of this.#listeners) {
      Deno.removeSignalListener(signal, listener);
    }
  }
}
