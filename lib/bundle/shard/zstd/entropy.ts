/**
 * The entropy codes of zstd (RFC 8878, section 4): FSE tables and Huffman tables, from their
 * descriptions.
 *
 * @module
 */

import { corrupt } from "../shard_error.ts";

/** Bytes of one block, with other bytes around them: bits may be read a little outside of it. */
export interface BlockBytes {
  readonly bytes: Uint8Array;
  /** The same bytes. */
  readonly view: DataView;
}

/** A table that decodes one symbol for each state. */
export interface FseTable {
  /** For each state: the base of the next state << 16, bits to add to it << 8, the symbol. */
  readonly entries: Uint32Array;
  /** The logarithm of the number of states. */
  readonly log: number;
}

/** A table that decodes one literal from the next bits. */
export interface HuffmanTable {
  /** For each value of `log` bits: the literal << 8, and how many of the bits it takes. */
  readonly entries: Uint16Array;
  /** Bits of the longest code. */
  readonly log: number;
}

const MIN_LOG = 5;
const MAX_WEIGHT_LOG = 6;
const MAX_HUFFMAN_BITS = 11;
const MAX_WEIGHTS = 255;
/** From this value on, a header byte counts weights of four bits each. */
const DIRECT_WEIGHTS = 128;

/** How often each symbol of an alphabet occurs among the states; -1 is "less than once". */
export interface Distribution {
  readonly counts: readonly number[];
  readonly log: number;
  /** Where the description ends. */
  readonly end: number;
}

/** Reads the description of an FSE table between `start` and `end`. */
export function readDistribution(
  { view }: BlockBytes,
  start: number,
  end: number,
  { maxLog, maxSymbol }: { maxLog: number; maxSymbol: number },
): Distribution {
  let bit = start * 8;
  const peek = (count: number): number =>
    view.getUint32(bit >>> 3, true) >>> (bit & 7) & (1 << count) - 1;
  const log = peek(4) + MIN_LOG;
  bit += 4;
  if (log > maxLog) throw corrupt("an FSE table is too large");
  const counts: number[] = [];
  for (let left = 1 << log; left > 0;) {
    // Values from 0 to left + 1, of which the small ones take a bit less.
    const bits = 32 - Math.clz32(left + 1);
    const short = (1 << bits) - 2 - left;
    const half = (1 << bits - 1) - 1;
    let value = peek(bits);
    if ((value & half) < short) {
      value &= half;
      bit += bits - 1;
    } else {
      if (value > half) value -= short;
      bit += bits;
    }
    const count = value - 1;
    left -= Math.abs(count);
    counts.push(count);
    for (let more = count === 0; more;) {
      const zeros = peek(2);
      bit += 2;
      for (let i = 0; i < zeros; i++) counts.push(0);
      more = zeros === 3 && counts.length <= maxSymbol;
    }
    if (counts.length > maxSymbol + 1 || bit > end * 8) {
      throw corrupt("the description of an FSE table is malformed");
    }
  }
  return { counts, log, end: bit + 7 >>> 3 };
}

/** The table of a distribution, in `entries`, which has room for it. */
export function fseTable(
  { counts, log }: Pick<Distribution, "counts" | "log">,
  entries: Uint32Array = new Uint32Array(1 << log),
): FseTable {
  const size = 1 << log;
  const next = Uint16Array.from(counts, (count) => Math.abs(count));
  let high = size;
  counts.forEach((count, symbol) => {
    if (count === -1) entries[--high] = symbol;
  });
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  counts.forEach((count, symbol) => {
    for (let i = 0; i < count; i++) {
      entries[at] = symbol;
      do at = at + step & size - 1; while (at >= high);
    }
  });
  for (let state = 0; state < size; state++) {
    const symbol = entries[state] ?? 0;
    const rank = next[symbol] ?? 0;
    next[symbol] = rank + 1;
    const bits = log - 31 + Math.clz32(rank);
    entries[state] = (rank << bits) - size << 16 | bits << 8 | symbol;
  }
  return { entries, log };
}

/** A table that always decodes `symbol`, from no bits. */
export function constantTable(symbol: number): FseTable {
  return { entries: Uint32Array.of(symbol), log: 0 };
}

/** Reads the description of a Huffman table at `start`; `end` is where its block ends. */
export function readHuffman(
  block: BlockBytes,
  start: number,
  end: number,
): { table: HuffmanTable; end: number } {
  if (start >= end) throw corrupt("a Huffman table is truncated");
  const header = block.bytes[start] ?? 0;
  const first = start + 1;
  const isDirect = header >= DIRECT_WEIGHTS;
  const count = header - DIRECT_WEIGHTS + 1;
  const last = first + (isDirect ? count + 1 >> 1 : header);
  if (last > end) throw corrupt("a Huffman table is truncated");
  const weights = isDirect
    ? directWeights(block, first, count)
    : fseWeights(block, first, last);
  return { table: huffmanTable(weights), end: last };
}

function directWeights(
  { bytes }: BlockBytes,
  start: number,
  count: number,
): number[] {
  return Array.from({ length: count }, (_, i) => {
    const byte = bytes[start + (i >> 1)] ?? 0;
    return i % 2 === 0 ? byte >> 4 : byte & 15;
  });
}

/** Weights that two states decode in turn, until the bits do not suffice for the next state. */
function fseWeights(block: BlockBytes, start: number, end: number): number[] {
  const limits = { maxLog: MAX_WEIGHT_LOG, maxSymbol: MAX_HUFFMAN_BITS };
  const distribution = readDistribution(block, start, end, limits);
  const { entries, log } = fseTable(distribution);
  const bits = new BackwardBits(block, distribution.end, end);
  let state = bits.take(log);
  let other = bits.take(log);
  if (bits.left < 0) throw corrupt("a Huffman table is truncated");
  const weights: number[] = [];
  while (weights.length < MAX_WEIGHTS) {
    const entry = entries[state] ?? 0;
    weights.push(entry & 0xff);
    const next = (entry >>> 16) + bits.take(entry >>> 8 & 0xff);
    if (bits.left < 0) {
      weights.push((entries[other] ?? 0) & 0xff);
      return weights;
    }
    state = other;
    other = next;
  }
  throw corrupt("a Huffman table has too many weights");
}

/** The table of `weights`; the weight of one more literal follows from them. */
function huffmanTable(weights: number[]): HuffmanTable {
  const sum = weights.reduce((sum, weight) => sum + (1 << weight >> 1), 0);
  const log = 32 - Math.clz32(sum);
  const rest = (1 << log) - sum;
  const isPower = (rest & rest - 1) === 0;
  if (sum === 0 || log > MAX_HUFFMAN_BITS || !isPower || weights.length > 255) {
    throw corrupt("the weights of a Huffman table are malformed");
  }
  weights.push(32 - Math.clz32(rest));
  if (!weights.includes(1)) throw corrupt("a Huffman table is too large");
  // The longest codes have the highest values, which are first in the table.
  const entries = new Uint16Array(1 << log);
  let at = 0;
  for (let weight = 1; weight <= log; weight++) {
    const width = 1 << weight - 1;
    weights.forEach((own, literal) => {
      if (own !== weight) return;
      entries.fill(literal << 8 | log + 1 - weight, at, at + width);
      at += width;
    });
  }
  return { entries, log };
}

/**
 * The position behind the last bit of a stream that is read backwards. Its last byte holds a
 * final 1 bit, and zeros above it.
 */
export function bitsEnd(
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  const last = start < end ? bytes[end - 1] ?? 0 : 0;
  if (last === 0) throw corrupt("a bit stream does not end with a 1 bit");
  return end * 8 - 1 - (Math.clz32(last) - 24);
}

/** A stream of bits that is read from its end. */
export class BackwardBits {
  readonly #view: DataView;
  readonly #floor: number;
  #bit: number;

  /** The stream between `start` and `end` of a block. */
  constructor({ bytes, view }: BlockBytes, start: number, end: number) {
    this.#view = view;
    this.#floor = start * 8;
    this.#bit = bitsEnd(bytes, start, end);
  }

  /** How many bits are left; below 0 when more were taken than there are. */
  get left(): number {
    return this.#bit - this.#floor;
  }

  /** The next `count` bits, at most 25. */
  take(count: number): number {
    this.#bit -= count;
    return this.#view.getUint32(this.#bit >>> 3, true) >>> (this.#bit & 7) &
      (1 << count) - 1;
  }
}
