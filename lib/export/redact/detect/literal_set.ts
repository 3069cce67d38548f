/**
 * Finds any of many literals in a text, in one pass.
 *
 * A table of the first three characters decides about most positions, so that a text without a
 * literal is read at the speed of a loop.
 *
 * @module
 */

/** A literal, and what belongs to it. */
export interface Literal<T> {
  /** The characters. */
  readonly text: string;
  /** Whether upper and lower case are the same; `text` has small letters of ASCII then. */
  readonly ignoresCase: boolean;
  /** What belongs to it. */
  readonly value: T;
}

/** Five bits of each of three characters: upper and lower case have the same. */
const TABLE_SIZE = 1 << 15;
const MASK = TABLE_SIZE - 1;
const BITS = 5;
const LOW_BITS = (1 << BITS) - 1;

/** Literals that are searched for together. */
export class LiteralSet<T> {
  readonly #mayStart = new Uint8Array(TABLE_SIZE);
  readonly #buckets = new Map<number, Literal<T>[]>();

  /** Each literal has two characters or more. */
  constructor(literals: Iterable<Literal<T>>) {
    const longestFirst = [...literals]
      .sort((a, b) => b.text.length - a.text.length);
    for (const literal of longestFirst) {
      for (const entry of entriesOf(literal.text)) {
        this.#mayStart[entry] = 1;
        const bucket = this.#buckets.get(entry);
        if (bucket === undefined) this.#buckets.set(entry, [literal]);
        else bucket.push(literal);
      }
    }
  }

  /** How many offsets of the table are used; 0 if there is no literal. */
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
    const mayStart = this.#mayStart;
    const { length } = text;
    let entry = entryAt(text, 0) >> BITS;
    for (let at = 0; at < length; at++) {
      // After the end, as for a literal of two characters, whose third is any.
      const third = at + 2 < length ? text.charCodeAt(at + 2) & LOW_BITS : 0;
      entry = (entry << BITS | third) & MASK;
      if (mayStart[entry] !== 1) continue;
      const end = this.#matchAt(text, at, entry, onMatch);
      if (end === undefined || end <= at + 1) continue;
      at = end - 1;
      entry = entryAt(text, end) >> BITS;
    }
  }

  #matchAt(
    text: string,
    at: number,
    entry: number,
    onMatch: (literal: Literal<T>, at: number) => number | undefined,
  ): number | undefined {
    const bucket = this.#buckets.get(entry);
    if (bucket === undefined) return undefined;
    for (const literal of bucket) {
      if (!isAt(text, at, literal)) continue;
      const end = onMatch(literal, at);
      if (end !== undefined) return end;
    }
    return undefined;
  }
}

/** The entry of the table for three characters. */
function entryAt(text: string, at: number): number {
  return (text.charCodeAt(at) & LOW_BITS) << 2 * BITS |
    (text.charCodeAt(at + 1) & LOW_BITS) << BITS |
    text.charCodeAt(at + 2) & LOW_BITS;
}

function isAt<T>(text: string, at: number, literal: Literal<T>): boolean {
  const { text: wanted, ignoresCase } = literal;
  if (!ignoresCase) return text.startsWith(wanted, at);
  for (let i = 0; i < wanted.length; i++) {
    const code = text.charCodeAt(at + i);
    if (code === wanted.charCodeAt(i)) continue;
    if (lowerCase(code) !== wanted.charCodeAt(i)) return false;
  }
  return true;
}

/** The lower case of a letter of ASCII. */
function lowerCase(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** The entries of the table for the start of a literal: all of them for a third character. */
function entriesOf(text: string): number[] {
  const entry = entryAt(text, 0);
  if (text.length > 2) return [entry];
  return Array.from(
    { length: LOW_BITS + 1 },
    (_, third) => entry & ~LOW_BITS | third,
  );
}
