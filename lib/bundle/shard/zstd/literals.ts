/**
 * The literals of compressed blocks (RFC 8878, section 3.1.1.3.1).
 *
 * @module
 */

import { corrupt } from "../shard_error.ts";
import {
  bitsEnd,
  type BlockBytes,
  type HuffmanTable,
  readHuffman,
} from "./entropy.ts";
import { MAX_BLOCK } from "./frames.ts";

const RAW = 0;
const RLE = 1;
const WITH_TABLE = 2;
/** Fewer literals are never divided among four streams. */
const MIN_FOR_FOUR = 6;
/** Sizes of the first three of four streams, two bytes each. */
const JUMP_TABLE = 6;
/** A code has at most 11 bits, and a word of 32 has at least 25 that are ahead. */
const CODES_IN_WORD = 2;

/** Literals, in the array that they were decoded to, or in the block itself. */
export interface Literals {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
  /** Where the section ends in the block. */
  readonly end: number;
}

interface Section {
  readonly type: number;
  readonly isDivided: boolean;
  /** Count of the literals. */
  readonly length: number;
  readonly start: number;
  readonly end: number;
}

/** One array for all decoders: literals are executed before those of another block are decoded. */
const DECODED = new Uint8Array(MAX_BLOCK);

/** Decodes the literals of one block after another: a Huffman table may serve several. */
export class LiteralsDecoder {
  #table: HuffmanTable | undefined;

  /** Begins a frame. */
  reset(): void {
    this.#table = undefined;
  }

  /** The literals of the block between `start` and `end`, valid until the next call. */
  read(
    block: BlockBytes,
    start: number,
    end: number,
    maxBlock: number,
  ): Literals {
    const section = readSection(block, start);
    if (section.length > maxBlock) throw corrupt("a block is too long");
    if (section.end > end) throw corrupt("literals are truncated");
    const { type, length } = section;
    if (type === RAW) {
      return {
        bytes: block.bytes,
        start: section.start,
        length,
        end: section.end,
      };
    }
    if (type === RLE) {
      DECODED.fill(block.bytes[section.start] ?? 0, 0, length);
    } else {
      this.#decode(block, section);
    }
    return { bytes: DECODED, start: 0, length, end: section.end };
  }

  #decode(block: BlockBytes, section: Section): void {
    let { start } = section;
    if (section.type === WITH_TABLE) {
      const read = readHuffman(block, start, section.end);
      this.#table = read.table;
      start = read.end;
    }
    const table = this.#table;
    if (table === undefined) throw corrupt("a Huffman table is missing");
    const literals = DECODED.subarray(0, section.length);
    if (section.isDivided) {
      decodeFour(block, start, section.end, table, literals);
    } else {
      decodeStream(block, start, section.end, table, literals);
    }
  }
}

function readSection({ bytes, view }: BlockBytes, at: number): Section {
  const first = bytes[at] ?? 0;
  const type = first & 3;
  const format = first >> 2 & 3;
  const word = view.getUint32(at, true);
  if (type === RAW || type === RLE) {
    const header = format === 3 ? 3 : format === 1 ? 2 : 1;
    const length = header === 1
      ? first >> 3
      : (word & (1 << 8 * header) - 1) >> 4;
    const start = at + header;
    const end = start + (type === RLE ? 1 : length);
    return { type, isDivided: false, length, start, end };
  }
  // Two sizes of 10, 14 or 18 bits.
  const bits = format < 2 ? 10 : format === 2 ? 14 : 18;
  const header = bits === 10 ? 3 : bits === 14 ? 4 : 5;
  const mask = (1 << bits) - 1;
  const length = word >>> 4 & mask;
  const size = bits === 18
    ? word >>> 22 | (bytes[at + 4] ?? 0) << 10
    : word >>> 4 + bits & mask;
  const start = at + header;
  return { type, isDivided: format > 0, length, start, end: start + size };
}

function decodeFour(
  block: BlockBytes,
  start: number,
  end: number,
  table: HuffmanTable,
  literals: Uint8Array,
): void {
  if (literals.length < MIN_FOR_FOUR || start + JUMP_TABLE > end) {
    throw corrupt("four streams of too few literals");
  }
  const quarter = literals.length + 3 >> 2;
  let from = start + JUMP_TABLE;
  for (let i = 0; i < 4; i++) {
    const to = i === 3 ? end : from + block.view.getUint16(start + 2 * i, true);
    if (to > end) throw corrupt("a stream of literals is truncated");
    const part = literals.subarray(
      quarter * i,
      i === 3 ? undefined : quarter * (i + 1),
    );
    decodeStream(block, from, to, table, part);
    from = to;
  }
}

/** Fills `out` from the stream between `start` and `end`, which must have as many literals. */
function decodeStream(
  { bytes, view }: BlockBytes,
  start: number,
  end: number,
  { entries, log }: HuffmanTable,
  out: Uint8Array,
): void {
  const floor = start * 8;
  const unused = 32 - log;
  let bit = bitsEnd(bytes, start, end);
  let at = 0;
  const fastEnd = out.length - CODES_IN_WORD + 1;
  while (at < fastEnd && bit >= floor) {
    // The four bytes that end with the next bit; what is behind it is shifted out.
    const last = bit + 7 >>> 3;
    const word = view.getUint32(last - 4, true) << (last << 3) - bit;
    const first = entries[word >>> unused] ?? 0;
    const second = entries[word << (first & 15) >>> unused] ?? 0;
    out[at++] = first >> 8;
    out[at++] = second >> 8;
    bit -= (first & 15) + (second & 15);
  }
  if (at < out.length && bit >= floor) {
    const last = bit + 7 >>> 3;
    const word = view.getUint32(last - 4, true) << (last << 3) - bit;
    const entry = entries[word >>> unused] ?? 0;
    out[at++] = entry >> 8;
    bit -= entry & 15;
  }
  if (at < out.length || bit !== floor) {
    throw corrupt("a stream of literals has a wrong length");
  }
}
