/**
 * The progress of long work: a bar on standard error, if that is a terminal, for work of
 * more than a second.
 *
 * @module
 */

import type { SingleBar } from "cli-progress";
import { durationOf } from "../../text/figures.ts";
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

  /** Notes that some steps are done. */
  async step(count = 1): Promise<void> {
    this.#done += count;
    if (this.#bar !== undefined) this.#bar.update(this.#done, this.#pace());
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
      format: `{bar} {value} of {total} ${this.#what}, {pace}`,
      barsize: 24,
      clearOnComplete: true,
      hideCursor: true,
    }, Presets.rect);
    this.#bar.start(this.#steps, this.#done, this.#pace());
  }

  /** How fast it is, and how long the rest will take at this pace. */
  #pace(): { readonly pace: string } {
    const perMs = this.#done / (performance.now() - this.#start);
    const left = Math.round((this.#steps - this.#done) / perMs / 1000);
    const rate = (perMs * 1000).toPrecision(3);
    return {
      pace: `${Number(rate)} a second, ${timeLeft(left)} left`,
    };
  }
}

/** An estimate in seconds, without a fraction. */
function timeLeft(seconds: number): string {
  if (seconds < 1) return "less than 1 s";
  return seconds < 60 ? `${seconds} s` : durationOf(seconds * 1000);
}
