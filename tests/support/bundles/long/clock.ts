/**
 * The clock of a generated session: it moves at each event, by a chance that the seed decides.
 *
 * @module
 */

import type { Prng } from "../random/prng.ts";

const BEGINNING = 1_795_383_978_051;
const LONGEST_STEP = 20;

/** Milliseconds that move when told to. */
export class BenchClock {
  readonly #prng: Prng;
  #now = BEGINNING;

  /** Moves by what `prng` says. */
  constructor(prng: Prng) {
    this.#prng = prng;
  }

  /** Milliseconds since the Unix epoch. */
  get now(): number {
    return this.#now;
  }

  /** Moves on. */
  tick(): void {
    this.#now += this.#prng.between(1, LONGEST_STEP);
  }
}
