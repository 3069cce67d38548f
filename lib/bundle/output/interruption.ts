/**
 * SIGINT and SIGTERM while an output is written.
 *
 * The default action would leave a temporary file. A listener is called only between two tasks, so
 * a writer has to wait for something before it checks.
 *
 * @module
 */

/** A signal that asks a program to end. */
export type InterruptSignal = "SIGINT" | "SIGTERM";

/** The program was asked to end. Nothing incomplete was left behind. */
export class InterruptedError extends Error {
  override readonly name = "InterruptedError";
  /** The signal. */
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

/** Defers signals until it is disposed. */
export class Interruption implements Disposable {
  #received: InterruptSignal | undefined;
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
    if (this.#received !== undefined) {
      throw new InterruptedError(this.#received);
    }
  }

  /** Signals have their default action again. */
  [Symbol.dispose](): void {
    for (const { signal, listener } of this.#listeners) {
      Deno.removeSignalListener(signal, listener);
    }
  }
}
