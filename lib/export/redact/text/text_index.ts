/**
 * Where a text may have anything to find: most parts of most texts have nothing, and need not be
 * looked into.
 *
 * @module
 */

import { RunOffsets } from "../detect/digits/base64_runs.ts";
import { type LiteralSet, Offsets } from "../detect/literal_set.ts";

/** The offsets of one text at a time. */
export class TextIndex {
  /** Where literals and markers are. */
  readonly literals = new Offsets();
  /** Where digits are that may encode text. */
  readonly runs = new RunOffsets();
  #nextLiteral = 0;
  #nextRun = 0;

  /** Reads a text. */
  read(text: string, literals: LiteralSet<unknown>): void {
    this.runs.read(text);
    this.literals.length = 0;
    literals.addOffsets(text, this.runs.codes, this.literals);
    this.#nextLiteral = 0;
    this.#nextRun = 0;
  }

  /** Whether the text that was read has nothing. */
  get isEmpty(): boolean {
    return this.literals.length === 0 && this.runs.length === 0;
  }

  /** Whether a part of the text may have something; no part begins before the one asked for last. */
  hasAny(start: number, end: number): boolean {
    this.#nextLiteral = indexFrom(this.literals, this.#nextLiteral, start);
    this.#nextRun = indexFrom(this.runs, this.#nextRun, start);
    return isBelow(this.literals, this.#nextLiteral, end) ||
      isBelow(this.runs, this.#nextRun, end);
  }
}

/** The index of the first offset that is not below another one. */
function indexFrom(
  { values, length }: Offsets,
  from: number,
  offset: number,
): number {
  let index = from;
  while (index < length && (values[index] ?? 0) < offset) index++;
  return index;
}

function isBelow(
  { values, length }: Offsets,
  index: number,
  end: number,
): boolean {
  return index < length && (values[index] ?? 0) < end;
}
