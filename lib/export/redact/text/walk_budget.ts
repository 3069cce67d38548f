/**
 * How much of a text is walked: what texts are inside others, and read in several ways, could grow
 * with a power of their length.
 *
 * @module
 */

/** How many times all of a text may be walked at each depth: as often as it is read, at the first ones. */
const MAX_TIMES: readonly number[] = [1, 24, 12];
const MAX_TIMES_DEEPER = 6;
/** Characters more, for short ones. */
const MIN_CHARACTERS = 1024;

/** The characters that may still be walked inside one text. */
export class WalkBudget {
  #length = 0;
  readonly #spent: number[] = [];

  /** Begins with another text. */
  begin({ length }: string): void {
    this.#length = length;
    this.#spent.length = 0;
  }

  /** Returns whether a text inside it may be walked, and counts it. */
  spend({ length }: string, depth: number): boolean {
    const spent = (this.#spent[depth] ?? 0) + length;
    this.#spent[depth] = spent;
    const times = MAX_TIMES[depth] ?? MAX_TIMES_DEEPER;
    return spent <= times * this.#length + MIN_CHARACTERS;
  }
}
