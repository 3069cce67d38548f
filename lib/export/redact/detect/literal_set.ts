/**
 * Finds any of many literals in a text, in one pass.
 *
 * A table of the first two characters, and of what the third may be, decides about most positions,
 * so that a text without a literal is read at the speed of a loop.
 *
 * @module
 */

import { codeAt, TextCodes } from "./code_at.ts";

/** A literal, and what belongs to it. */
export interface Literal<T> {
  /** The characters. */
  readonly text: string;
  /** Whether upper and lower case are the same; `text` has small letters of ASCII then. */
  readonly ignoresCase: boolean;
  /** Whether it can matter at an offset: a cheap test of the characters around it. */
  mayMatch?(text: string, at: number): boolean;
  /** What belongs to it. */
  readonly value: T;
}

/** Receives a literal in a text; returns where to continue, if not at the next character. */
export type OnLiteral<T> = (
  literal: Literal<T>,
  at: number,
) => number | undefined;

/** Offsets in a text, in ascending order. */
export class Offsets {
  /** The offsets; those after `length` are of another text. */
  values = new Int32Array(64);
  /** How many there are. */
  length = 0;

  /** Adds an offset that is not below the others. */
  add(offset: number): void {
    if (this.length === this.values.length) {
      const values = new Int32Array(2 * this.length);
      values.set(this.values);
      this.values = values;
    }
    this.values[this.length++] = offset;
  }
}

/** Seven bits of each of two characters. */
const BITS = 7;
const LOW_BITS = (1 << BITS) - 1;
const TABLE_SIZE = 1 << 2 * BITS;
const MASK = TABLE_SIZE - 1;
/** Every character, as bits of a mask: one for each value of its low five bits. */
const ANY = -1;

/** Literals that are searched for together. */
export class LiteralSet<T> {
  /** All of them. */
  readonly literals: readonly Literal<T>[];
  /** The third characters of the literals that begin with two characters. */
  readonly #thirds = new Int32Array(TABLE_SIZE);
  /** Their fourth characters. */
  readonly #fourths = new Int32Array(TABLE_SIZE);
  /** The literals that begin with two characters; there is none at 0. */
  readonly #nodes: (Node<T> | undefined)[] = [undefined];
  /** Which node is that of two characters. */
  readonly #nodeOf = new Uint16Array(TABLE_SIZE);
  /** 1 for the first two characters of which offsets are added in any case. */
  readonly #isMark = new Uint8Array(TABLE_SIZE);
  /** Those of a search before. */
  #unused: Offsets | undefined;
  readonly #codes = new TextCodes();

  /**
   * Each literal has two characters or more.
   *
   * @param marks Characters whose offsets {@linkcode addOffsets} adds, too.
   */
  constructor(literals: Iterable<Literal<T>>, marks = "") {
    this.literals = [...literals];
    const longestFirst = this.literals
      .toSorted((a, b) => b.text.length - a.text.length);
    for (const literal of longestFirst) {
      for (const pair of pairsOf(literal)) {
        this.#addFilter(pair, bitOf(literal.text, 2), bitOf(literal.text, 3));
        if (this.#nodeOf[pair] === 0) {
          this.#nodeOf[pair] = this.#nodes.push(new Node(2)) - 1;
        }
        this.#nodeAt(pair)?.add(literal);
      }
    }
    for (const mark of marks) {
      for (let next = 0; next <= LOW_BITS; next++) {
        const pair = lowBits(mark, 0) << BITS | next;
        this.#addFilter(pair, ANY, ANY);
        this.#isMark[pair] = 1;
      }
    }
  }

  #addFilter(pair: number, third: number, fourth: number): void {
    this.#thirds[pair] = (this.#thirds[pair] ?? 0) | third;
    this.#fourths[pair] = (this.#fourths[pair] ?? 0) | fourth;
  }

  /**
   * Calls `onMatch` with every literal at every offset, the longest first, until it returns where
   * to continue.
   *
   * @param offsets Where literals may be, as {@linkcode addOffsets} has it, if that is known.
   */
  search(text: string, onMatch: OnLiteral<T>, offsets?: Offsets): void {
    if (this.literals.length === 0) return;
    const searched = offsets ?? this.#offsetsIn(text);
    const { values, length } = searched;
    let from = 0;
    for (let i = 0; i < length; i++) {
      const at = values[i] ?? 0;
      if (at < from) continue;
      const pair = lowBits(text, at) << BITS | lowBits(text, at + 1);
      from = this.#nodeAt(pair)?.match(text, at, onMatch) ?? 0;
    }
    if (offsets === undefined) this.#unused = searched;
  }

  /** Adds the offsets at which there are literals that can matter, and marks. */
  addOffsets(text: string, codes: TextCodes, offsets: Offsets): void {
    const [thirds, fourths] = [this.#thirds, this.#fourths];
    const { bytes } = codes;
    const last = codes.length - 2;
    let pair = (bytes[0] ?? 0) & LOW_BITS;
    let third = bytes[1] ?? 0;
    for (let at = 0; at <= last; at++) {
      pair = (pair << BITS | third & LOW_BITS) & MASK;
      // At the end a literal has two characters, and any third one.
      third = bytes[at + 2] ?? 0;
      if (((thirds[pair] ?? 0) >>> third & 1) === 0) continue;
      const fourth = bytes[at + 3] ?? 0;
      if (((fourths[pair] ?? 0) >>> fourth & 1) === 0) continue;
      if (this.#isMark[pair] === 1 || this.#nodeAt(pair)?.hasAt(text, at)) {
        offsets.add(at);
      }
    }
  }

  #offsetsIn(text: string): Offsets {
    const offsets = this.#unused ?? new Offsets();
    this.#unused = undefined;
    offsets.length = 0;
    this.#codes.read(text);
    this.addOffsets(text, this.#codes, offsets);
    return offsets;
  }

  #nodeAt(pair: number): Node<T> | undefined {
    return this.#nodes[this.#nodeOf[pair] ?? 0];
  }
}

/** More literals than that are distinguished by their next characters. */
const MAX_LISTED = 8;
/** Characters that distinguish literals. Those that share more are listed. */
const MAX_NODE_DEPTH = 256;

/** Literals that begin with the same characters, in upper or lower case. */
class Node<T> {
  /** How many characters they share. */
  readonly #depth: number;
  /** The longest first; those that have no other characters, where there are nodes below. */
  #literals: Literal<T>[] = [];
  #below: Map<number, Node<T>> | undefined;

  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Adds a literal that is not longer than the others. */
  add(literal: Literal<T>): void {
    const isListed = this.#literals.length < MAX_LISTED ||
      this.#depth >= MAX_NODE_DEPTH;
    if (this.#below === undefined && isListed) {
      this.#literals.push(literal);
      return;
    }
    if (this.#below === undefined) {
      const literals = this.#literals;
      this.#literals = [];
      this.#below = new Map();
      for (const each of literals) this.#addBelow(each, this.#below);
    }
    this.#addBelow(literal, this.#below);
  }

  #addBelow(literal: Literal<T>, below: Map<number, Node<T>>): void {
    const { text } = literal;
    if (text.length === this.#depth) {
      this.#literals.push(literal);
      return;
    }
    const next = lowerCase(codeAt(text, this.#depth));
    const node = below.get(next) ?? new Node(this.#depth + 1);
    below.set(next, node);
    node.add(literal);
  }

  /** Whether there is a literal at an offset. */
  hasAt(text: string, at: number): boolean {
    return this.match(text, at, () => at) !== undefined;
  }

  /** Calls for each literal at an offset, the longest first; returns where to continue. */
  match(text: string, at: number, onMatch: OnLiteral<T>): number | undefined {
    const next = lowerCase(codeAt(text, at + this.#depth));
    return this.#below?.get(next)?.match(text, at, onMatch) ??
      matchAt(this.#literals, text, at, onMatch);
  }
}

function matchAt<T>(
  bucket: readonly Literal<T>[],
  text: string,
  at: number,
  onMatch: OnLiteral<T>,
): number | undefined {
  for (const literal of bucket) {
    if (!isAt(text, at, literal)) continue;
    const end = onMatch(literal, at);
    if (end !== undefined) return end;
  }
  return undefined;
}

/** Whether a literal is at an offset, and can matter there. */
function isAt<T>(text: string, at: number, literal: Literal<T>): boolean {
  const { text: wanted, ignoresCase } = literal;
  for (let i = 0; i < wanted.length; i++) {
    const code = codeAt(text, at + i);
    const other = codeAt(wanted, i);
    if (code === other) continue;
    if (!ignoresCase || lowerCase(code) !== other) return false;
  }
  return literal.mayMatch?.(text, at) !== false;
}

/** The lower case of a letter of ASCII. */
function lowerCase(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** The first two characters of a literal, in each case that they may have. */
function pairsOf<T>({ text, ignoresCase }: Literal<T>): Set<number> {
  const [first, second] = [0, 1].map((at) => {
    const code = lowBits(text, at);
    const isLetter = code >= 97 && code <= 122;
    return ignoresCase && isLetter ? [code, code - 32] : [code];
  });
  return new Set(
    (first ?? []).flatMap((a) => (second ?? []).map((b) => a << BITS | b)),
  );
}

/** The code of a character of ASCII; of others, the same as those in bytes have. */
function lowBits(text: string, at: number): number {
  const code = codeAt(text, at);
  return code < 0x80 ? code : LOW_BITS;
}

/** A character of a literal, as a bit: upper and lower case have the same. Beyond its end, any. */
function bitOf(text: string, at: number): number {
  return at < text.length ? 1 << lowBits(text, at) : ANY;
}
