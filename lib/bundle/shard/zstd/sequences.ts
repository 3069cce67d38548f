/**
 * The sequences of compressed blocks (RFC 8878, section 3.1.1.3.2): how many literals to copy,
 * and which bytes of the content to repeat.
 *
 * @module
 */

import { corrupt } from "../shard_error.ts";
import {
  BackwardBits,
  type BlockBytes,
  constantTable,
  type FseTable,
  fseTable,
  readDistribution,
} from "./entropy.ts";
import type { Literals } from "./literals.ts";

/** The content of a frame as far as it is decoded, and what the next block may do. */
export interface Content {
  /** Storage with room for the block. */
  readonly bytes: Uint8Array;
  /** Where the content of the frame begins. */
  readonly start: number;
  /** Where the content of the block begins. */
  readonly at: number;
  /** How far back a sequence may refer. */
  readonly windowSize: number;
  /** Bytes that the block may have. */
  readonly maxBlock: number;
}

/** Executes the sequences of one block after another: each may repeat recent offsets. */
export class SequencesDecoder {
  readonly #tables = new SequenceTables();
  #first = 1;
  #second = 4;
  #third = 8;

  /** Begins a frame. */
  reset(): void {
    this.#tables.reset();
    [this.#first, this.#second, this.#third] = [1, 4, 8];
  }

  /**
   * Decodes the block whose literals are read, and whose data ends at `end`.
   *
   * @returns Where its content ends.
   */
  execute(
    block: BlockBytes,
    literals: Literals,
    end: number,
    content: Content,
  ): number {
    const { count, at } = readCount(block, literals.end, end);
    const output = new BlockOutput(literals, content);
    if (count > 0) {
      this.#decode(block, at, end, count, output);
    } else if (at !== end) {
      throw corrupt("bytes behind the last sequence");
    }
    return output.finish();
  }

  #decode(
    block: BlockBytes,
    at: number,
    end: number,
    count: number,
    output: BlockOutput,
  ): void {
    const tables = this.#tables.read(block, at, end);
    const { literals, offsets, matches } = tables;
    const bits = new BackwardBits(block, tables.end, end);
    let literal = bits.take(literals.log);
    let offset = bits.take(offsets.log);
    let match = bits.take(matches.log);
    for (let left = count; left > 0; left--) {
      const literalEntry = literals.entries[literal] ?? 0;
      const offsetEntry = offsets.entries[offset] ?? 0;
      const matchEntry = matches.entries[match] ?? 0;
      const value = takeOffset(bits, offsetEntry & 0xff);
      const matched = takeLength(bits, MATCH_LENGTHS, matchEntry & 0xff);
      const copied = takeLength(bits, LITERAL_LENGTHS, literalEntry & 0xff);
      // No states follow the last sequence.
      if (left > 1) {
        literal = nextState(bits, literalEntry);
        match = nextState(bits, matchEntry);
        offset = nextState(bits, offsetEntry);
      }
      if (bits.left < 0) throw corrupt("the sequences are truncated");
      output.add(copied, this.#resolve(value, copied === 0), matched);
    }
    if (bits.left !== 0) throw corrupt("bits behind the last sequence");
  }

  /** The offset that a value means: a new one, or one of the three most recent. */
  #resolve(value: number, isWithoutLiterals: boolean): number {
    const index = value > 3 ? 3 : isWithoutLiterals ? value : value - 1;
    const offset = value > 3
      ? value - 3
      : index === 0
      ? this.#first
      : index === 1
      ? this.#second
      : index === 2
      ? this.#third
      : this.#first - 1;
    if (index > 1) this.#third = this.#second;
    if (index > 0) this.#second = this.#first;
    return this.#first = offset;
  }
}

function nextState(bits: BackwardBits, entry: number): number {
  return (entry >>> 16) + bits.take(entry >>> 8 & 0xff);
}

function readCount(
  { bytes, view }: BlockBytes,
  at: number,
  end: number,
): { count: number; at: number } {
  const first = bytes[at] ?? 0;
  const length = first < 128 ? 1 : first < 255 ? 2 : 3;
  if (at + length > end) throw corrupt("the count of sequences is missing");
  const count = length === 1
    ? first
    : length === 2
    ? (first - 128 << 8) + (bytes[at + 1] ?? 0)
    : view.getUint16(at + 1, true) + 0x7f00;
  return { count, at: at + length };
}

/** The content of one block while it is put together. */
class BlockOutput {
  readonly #bytes: Uint8Array;
  readonly #literals: Uint8Array;
  readonly #literalsEnd: number;
  readonly #start: number;
  readonly #end: number;
  readonly #windowSize: number;
  #from: number;
  #at: number;

  constructor(literals: Literals, content: Content) {
    this.#bytes = content.bytes;
    this.#start = content.start;
    this.#at = content.at;
    this.#end = content.at + content.maxBlock;
    this.#windowSize = content.windowSize;
    this.#literals = literals.bytes;
    this.#from = literals.start;
    this.#literalsEnd = literals.start + literals.length;
  }

  /** Copies literals, then repeats `length` bytes of the content from `offset` back. */
  add(literals: number, offset: number, length: number): void {
    const from = this.#from;
    const at = this.#at;
    const middle = at + literals;
    if (from + literals > this.#literalsEnd) throw corrupt("too few literals");
    if (middle + length > this.#end) throw corrupt("a block is too long");
    if (
      offset === 0 || offset > middle - this.#start || offset > this.#windowSize
    ) throw corrupt("a sequence refers to bytes before the window");
    copy(this.#bytes, at, this.#literals, from, literals);
    repeat(this.#bytes, middle, offset, length);
    this.#from = from + literals;
    this.#at = middle + length;
  }

  /**
   * Copies the literals that no sequence has taken.
   *
   * @returns Where the content ends.
   */
  finish(): number {
    const rest = this.#literalsEnd - this.#from;
    const end = this.#at + rest;
    if (end > this.#end) throw corrupt("a block is too long");
    copy(this.#bytes, this.#at, this.#literals, this.#from, rest);
    return end;
  }
}

/** From this length on, the engine copies faster than a loop. */
const MIN_FAST_COPY = 96;

function copy(
  target: Uint8Array,
  at: number,
  source: Uint8Array,
  from: number,
  length: number,
): void {
  if (length >= MIN_FAST_COPY) {
    target.set(source.subarray(from, from + length), at);
    return;
  }
  for (let i = 0; i < length; i++) target[at + i] = source[from + i] ?? 0;
}

function repeat(
  bytes: Uint8Array,
  at: number,
  offset: number,
  length: number,
): void {
  const from = at - offset;
  if (length < MIN_FAST_COPY) {
    for (let i = 0; i < length; i++) bytes[at + i] = bytes[from + i] ?? 0;
    return;
  }
  // What is repeated may overlap what it makes: each step copies all that is there.
  for (let done = 0; done < length;) {
    const next = Math.min(offset + done, length - done);
    bytes.copyWithin(at + done, from, from + next);
    done += next;
  }
}

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
const LITERAL_LENGTHS: Lengths = lengths(0, [
  ...Array<number>(16).fill(0),
  ...[1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16],
]);

/** How many bytes a sequence repeats. */
const MATCH_LENGTHS: Lengths = lengths(3, [
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
class SequenceTables {
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
function takeLength(
  bits: BackwardBits,
  { base, bits: extra }: Lengths,
  symbol: number,
): number {
  return (base[symbol] ?? 0) + bits.take(extra[symbol] ?? 0);
}

/** The value of an offset whose symbol is `length`: a 1 bit and the next `length` bits. */
function takeOffset(bits: BackwardBits, length: number): number {
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
