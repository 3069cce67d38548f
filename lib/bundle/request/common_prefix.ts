/**
 * How many leading bytes two texts share.
 *
 * @module
 */

import { ByteBuffer } from "../byte_buffer.ts";

/** Bytes to compare, also as words of eight bytes where they are aligned for that. */
export interface ComparedBytes {
  readonly bytes: Uint8Array;
  readonly words?: Float64Array;
}

/** Compares two byte ranges of the same length natively. */
type SameBytes = (a: Uint8Array, b: Uint8Array) => boolean;

const PIECES = [65536, 8192, 1024, 128] as const;
const WORD_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Ranges that lie differently to the words are copied to where they do not, in such pieces. */
const SHIFTED_BYTES = 32 * 1024;
/**
 * The native comparison takes some 5 ms to load and then saves about 0.2 ms a megabyte; below
 * this many bytes the loop over words is ahead.
 */
const NATIVE_FROM = 24 * 1024 * 1024;

/** Compares prefixes; it brings in the native comparison once enough bytes went by. */
export class PrefixComparer {
  #compared = 0;
  #native: SameBytes | undefined;
  readonly #shifted = [
    new ByteBuffer(SHIFTED_BYTES),
    new ByteBuffer(SHIFTED_BYTES),
  ] as const;

  /** Length of the common prefix of `a` from `aStart` and `b` from `bStart`, at most `limit`. */
  commonPrefix(
    a: ComparedBytes,
    aStart: number,
    b: ComparedBytes,
    bStart: number,
    limit: number,
  ): number {
    const x = a.bytes;
    const y = b.bytes;
    let length = this.#surePrefix(a, aStart, b, bStart, limit);
    while (length < limit && x[aStart + length] === y[bStart + length]) {
      length++;
    }
    return length;
  }

  /** How many bytes are surely the same; where others follow, these are few. */
  #surePrefix(
    a: ComparedBytes,
    aStart: number,
    b: ComparedBytes,
    bStart: number,
    limit: number,
  ): number {
    this.#compared += limit;
    if (this.#native === undefined && this.#compared > NATIVE_FROM) {
      this.#native = nativeCompare();
    }
    if (this.#native !== undefined) {
      return nativePrefix(
        this.#native,
        a.bytes,
        aStart,
        b.bytes,
        bStart,
        limit,
      );
    }
    const isAligned = aStart % WORD_BYTES === 0 && bStart % WORD_BYTES === 0;
    if (isAligned && a.words !== undefined && b.words !== undefined) {
      return WORD_BYTES * wordPrefix(
        a.words,
        aStart / WORD_BYTES,
        b.words,
        bStart / WORD_BYTES,
        Math.floor(limit / WORD_BYTES),
      );
    }
    return this.#shiftedPrefix(a, aStart, b, bStart, limit);
  }

  #shiftedPrefix(
    a: ComparedBytes,
    aStart: number,
    b: ComparedBytes,
    bStart: number,
    limit: number,
  ): number {
    const [x, y] = this.#shifted;
    let length = 0;
    for (;;) {
      const size = Math.min(SHIFTED_BYTES, limit - length);
      const words = Math.floor(size / WORD_BYTES);
      if (words === 0) return length;
      const from = aStart + length;
      const other = bStart + length;
      x.bytes.set(a.bytes.subarray(from, from + size));
      y.bytes.set(b.bytes.subarray(other, other + size));
      const same = wordPrefix(x.words, 0, y.words, 0, words);
      length += same * WORD_BYTES;
      if (same < words) return length;
    }
  }
}

function nativePrefix(
  same: SameBytes,
  a: Uint8Array,
  aStart: number,
  b: Uint8Array,
  bStart: number,
  limit: number,
): number {
  let length = 0;
  for (const piece of PIECES) {
    while (length + piece <= limit) {
      const from = aStart + length;
      const other = bStart + length;
      if (
        !same(a.subarray(from, from + piece), b.subarray(other, other + piece))
      ) break;
      length += piece;
    }
  }
  return length;
}

/**
 * How many words are surely the same. As numbers they are compared faster than as integers of
 * half their size; of zeros, which may differ in their sign, nothing is said.
 */
function wordPrefix(
  a: Float64Array,
  aStart: number,
  b: Float64Array,
  bStart: number,
  limit: number,
): number {
  let i = aStart;
  let j = bStart;
  const end = aStart + limit;
  while (i < end && a[i] === b[j] && a[i] !== 0) {
    i++;
    j++;
  }
  return i - aStart;
}

interface NodeBuffer {
  compare(a: Uint8Array, b: Uint8Array): number;
}

/** The runtime's own comparison, taken from its global so that start-up does not pay for it. */
function nativeCompare(): SameBytes | undefined {
  const buffer: unknown = Reflect.get(globalThis, "Buffer");
  if (!isNodeBuffer(buffer)) return undefined;
  return (a, b) => buffer.compare(a, b) === 0;
}

function isNodeBuffer(value: unknown): value is NodeBuffer {
  return typeof value === "function" &&
    typeof Reflect.get(value, "compare") === "function";
}
