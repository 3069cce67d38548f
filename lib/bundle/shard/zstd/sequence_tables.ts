/**
 * The three codes of a sequence: their predefined tables, and those that a block describes
 * (RFC 8878, sections 3.1.1.3.2.1 and 3.1.1.3.2.2).
 *
 * @module
 */

import { corrupt } from "../shard_error.ts";
import {
  type BackwardBits,
  type BlockBytes,
  constantTable,
  type FseTable,
  fseTable,
  readDistribution,
} from "./entropy.ts";

/** What the symbols of a code mean: a base value, and how many bits to add to it. */
interface Lengths {
  readonly base: Int32Array;
  readonly bits: Uint8Array;
}

interface Alphabet {
  readonly maxLog: number;
  readonly maxSymbol: number;
  readonly predefined: FseTable;
}

/** How many literals a sequence copies. */
export const LITERAL_LENGTHS: Lengths = lengths(0, [
  ...Array<number>(16).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);

/** How many bytes a sequence repeats. */
export const MATCH_LENGTHS: Lengths = lengths(3, [
  ...Array<number>(32).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);

const LITERALS: Alphabet = {
  maxLog: 9,
  maxSymbol: 35,
  predefined: predefined(6, [
    ...[4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2],
    ...[2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1],
  ]),
};
const OFFSETS: Alphabet = {
  maxLog: 8,
  maxSymbol: 31,
  predefined: predefined(5, [
    ...[1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    ...[-1, -1, -1, -1, -1],
  ]),
};
const MATCHES: Alphabet = {
  maxLog: 9,
  maxSymbol: 52,
  predefined: predefined(6, [
    ...[1, 4, 3, 2, 2, 2, 2, 2, 2],
    ...Array<number>(37).fill(1),
    ...[-1, -1, -1, -1, -1, -1, -1],
  ]),
};

const PREDEFINED = 0;
const CONSTANT = 1;
const DESCRIBED = 2;

/** The tables that the sequences of a block use; a block may repeat those of the one before. */
export class SequenceTables {
  #literals: FseTable | undefined;
  #offsets: FseTable | undefined;
  #matches: FseTable | undefined;

  /** Begins a frame. */
  reset(): void {
    this.#literals = this.#offsets = this.#matches = undefined;
  }

  /**
   * Reads the tables of a block at `at`.
   *
   * @returns The tables, and where their description ends.
   */
  read(
    block: BlockBytes,
    at: number,
    end: number,
  ): { literals: FseTable; offsets: FseTable; matches: FseTable; end: number } {
    const modes = block.bytes[at] ?? 0;
    if (at >= end || (modes & 3) !== 0) {
      throw corrupt("the modes of sequences are malformed");
    }
    const place = { block, at: at + 1, end };
    const literals = readTable(place, modes >> 6, LITERALS, this.#literals);
    const offsets = readTable(place, modes >> 4 & 3, OFFSETS, this.#offsets);
    const matches = readTable(place, modes >> 2 & 3, MATCHES, this.#matches);
    this.#literals = literals;
    this.#offsets = offsets;
    this.#matches = matches;
    return { literals, offsets, matches, end: place.at };
  }
}

/** Reads one table, and moves the place behind it. */
function readTable(
  place: { readonly block: BlockBytes; at: number; readonly end: number },
  mode: number,
  alphabet: Alphabet,
  previous: FseTable | undefined,
): FseTable {
  if (mode === PREDEFINED) return alphabet.predefined;
  const { block, at, end } = place;
  if (mode === CONSTANT) {
    const symbol = block.bytes[at] ?? 0;
    if (at >= end || symbol > alphabet.maxSymbol) {
      throw corrupt("the code of a sequence is malformed");
    }
    place.at++;
    return constantTable(symbol);
  }
  if (mode === DESCRIBED) {
    const distribution = readDistribution(block, at, end, alphabet);
    place.at = distribution.end;
    return fseTable(distribution);
  }
  if (previous === undefined) throw corrupt("a table of sequences is missing");
  return previous;
}

/** The length that `symbol` and the next bits mean. */
export function takeLength(
  bits: BackwardBits,
  { base, bits: extra }: Lengths,
  symbol: number,
): number {
  return (base[symbol] ?? 0) + bits.take(extra[symbol] ?? 0);
}

/** The value of an offset whose symbol is `length`: a 1 bit and the next `length` bits. */
export function takeOffset(bits: BackwardBits, length: number): number {
  if (length <= 16) return (1 << length) + bits.take(length);
  const high = bits.take(length - 16);
  return 2 ** length + high * 2 ** 16 + bits.take(16);
}

function lengths(first: number, extra: readonly number[]): Lengths {
  let next = first;
  const base = Int32Array.from(extra, (bits) => {
    const own = next;
    next += 1 << bits;
    return own;
  });
  return { base, bits: Uint8Array.from(extra) };
}

function predefined(log: number, counts: readonly number[]): FseTable {
  return fseTable({ counts, log });
}
