/**
 * The progress of long work: a bar on standard error, if that is a terminal, for work of
 * more than a second.
 *
 * @module
 */

import type { SingleBar } from "cli-progress";
import type { CommandIo } from "../command.ts";

/** Shorter work is over before a bar is read. */
const QUIET_MS = 1000;

/** Work of a number of steps. */
export class Progress {
  readonly #io: CommandIo;
  readonly #steps: number;
  readonly #what: string;
  readonly #start: number = performance.now();
  #bar: SingleBar | undefined;
  #done = 0;

  /** `what` is what was done with each step, such as `bundles read`. */
  constructor(io: CommandIo, steps: number, what: string) {
    this.#io = io;
    this.#steps = steps;
    this.#what = what;
  }

  /** Notes that a step is done. */
  async step(): Promise<void> {
    this.#done++;
    if (this.#bar !== undefined) this.#bar.update(this.#done);
    else if (performance.now() - this.#start > QUIET_MS) await this.#show();
  }

  /** Does what writes to the same place, without a bar in its way. */
  async aside<T>(work: () => T | Promise<T>): Promise<T> {
    const shown = this.#bar !== undefined;
    this.end();
    const result = await work();
    if (shown) await this.#show();
    return result;
  }

  /** Takes the bar away. */
  end(): void {
    this.#bar?.stop();
    this.#bar = undefined;
  }

  async #show(): Promise<void> {
    const stream = this.#io.stderrTerminal();
    if (stream === undefined) return;
    const { default: { Presets, SingleBar } } = await import("cli-progress");
    this.#bar = new SingleBar({
      stream,
      format: `{bar} {value} of {total} ${this.#what}`,
      barsize: 24,
      clearOnComplete: true,
      hideCursor: true,
    }, Presets.rect);
    this.#bar.start(this.#steps, this.#done);
  }
}
