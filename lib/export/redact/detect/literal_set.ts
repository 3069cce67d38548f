/**
 * Finds any of many literals in a text, in one pass.
 *
 * A table of the first two characters, and of what the third may be, decides about most positions,
 * so that a text without a literal is read at the speed of a loop.
 *
 * @module
 */

import { codeAt } from "./code_at.ts";

/** A literal, and what belongs to it. */
export interface Literal<T> {
  /** The characters. */
  readonly text: string;
  /** Whether upper and lower case are the same; `text` has small letters of ASCII then. */
  readonly ignoresCase: boolean;
  /** What belongs to it. */
  readonly value: T;
}

/** Seven bits of each of two characters. */
const BITS = 7;
const LOW_BITS = (1 << BITS) - 1;
const TABLE_SIZE = 1 << 2 * BITS;
const MASK = TABLE_SIZE - 1;
/** Every third character, as bits of a mask: one for each value of its low five bits. */
const ANY = -1;

/** Literals that are searched for together. */
export class LiteralSet<T> {
  /** The third characters of the literals that begin with two characters. */
  readonly #thirds = new Int32Array(TABLE_SIZE);
  /** The literals that begin with two characters, the longest first. */
  readonly #buckets = new Map<number, Literal<T>[]>();

  /** Each literal has two characters or more. */
  constructor(literals: Iterable<Literal<T>>) {
    const longestFirst = [...literals]
      .sort((a, b) => b.text.length - a.text.length);
    for (const literal of longestFirst) {
      for (const pair of pairsOf(literal)) {
        this.#thirds[pair] = (this.#thirds[pair] ?? 0) | thirdOf(literal.text);
        const bucket = this.#buckets.get(pair);
        if (bucket === undefined) this.#buckets.set(pair, [literal]);
        else if (!bucket.includes(literal)) bucket.push(literal);
      }
    }
  }

  /** How many pairs of characters literals begin with; 0 if there is no literal. */
  get size(): number {
    return this.#buckets.size;
  }

  /**
   * Calls `onMatch` with every literal at every offset, the longest first, until it returns where
   * to continue.
   */
  search(
    text: string,
    onMatch: (literal: Literal<T>, at: number) => number | undefined,
  ): void {
    if (this.#buckets.size === 0) return;
    const thirds = this.#thirds;
    const last = text.length - 2;
    let pair = codeAt(text, 0) & LOW_BITS;
    let third = codeAt(text, 1);
    for (let at = 0; at <= last; at++) {
      pair = (pair << BITS | third & LOW_BITS) & MASK;
      // At the end a literal has two characters, and any third one.
      third = at < last ? codeAt(text, at + 2) : 0;
      if (((thirds[pair] ?? 0) >>> third & 1) === 0) continue;
      const end = this.#matchAt(text, at, pair, onMatch);
      if (end === undefined || end <= at + 1) continue;
      at = end - 1;
      pair = codeAt(text, end) & LOW_BITS;
      third = codeAt(text, end + 1);
    }
  }

  #matchAt(
    text: string,
    at: number,
    pair: number,
    onMatch: (literal: Literal<T>, at: number) => number | undefined,
  ): number | undefined {
    const bucket = this.#buckets.get(pair);
    if (bucket === undefined) return undefined;
    for (const literal of bucket) {
      if (!isAt(text, at, literal)) continue;
      const end = onMatch(literal, at);
      if (end !== undefined) return end;
    }
    return undefined;
  }
}

function isAt<T>(text: string, at: number, literal: Literal<T>): boolean {
  const { text: wanted, ignoresCase } = literal;
  if (!ignoresCase) return text.startsWith(wanted, at);
  for (let i = 0; i < wanted.length; i++) {
    const code = codeAt(text, at + i);
    if (code === codeAt(wanted, i)) continue;
    if (lowerCase(code) !== codeAt(wanted, i)) return false;
  }
  return true;
}

/** The lower case of a letter of ASCII. */
function lowerCase(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** The first two characters of a literal, in each case that they may have. */
function pairsOf<T>({ text, ignoresCase }: Literal<T>): Set<number> {
  const [first, second] = [0, 1].map((at) => {
    const code = codeAt(text, at);
    const isLetter = code >= 97 && code <= 122;
    return ignoresCase && isLetter ? [code, code - 32] : [code];
  });
  return new Set(
    (first ?? []).flatMap((a) =>
      (second ?? []).map((b) => (a & LOW_BITS) << BITS | b & LOW_BITS)
    ),
  );
}

/** The third character of a literal, as a bit: upper and lower case have the same. */
function thirdOf(text: string): number {
  return text.length === 2 ? ANY : 1 << codeAt(text, 2);
}
