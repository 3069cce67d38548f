/**
 * The length of the common prefix of two byte ranges.
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

const CHUNKS = [65536, 8192, 1024, 128] as const;
const WORD_BYTES = Float64Array.BYTES_PER_ELEMENT;
/** Ranges with another alignment are copied to aligned buffers of this size. */
const SHIFTED_BYTES = 32 * 1024;
/**
 * Where the runtime does not have it yet, the native comparison takes about 5 ms to load and then
 * saves about 0.2 ms a megabyte. Below this number of bytes the loop over words is faster.
 */
const MIN_NATIVE_BYTES = 24 * 1024 * 1024;
/** A byte that is copied to be aligned takes the loop as long as so many that are aligned. */
const SHIFTED_COST = 5;

/** Used by one comparison at a time: those of thousands of bundles would wait to be collected. */
let shifted: readonly [ByteBuffer, ByteBuffer] | undefined;

/** Compares prefixes. It loads the native comparison after {@linkcode MIN_NATIVE_BYTES} bytes. */
export class PrefixComparer {
  #compared = 0;
  #native = isLoaded() ? nativeCompare() : undefined;

  /** Returns the length of the common prefix of `a` and `b` from their starts, at most `limit`. */
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

  /** Returns whether `bytes` has all of `expected` at the offset `at`. */
  hasAt(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
    const { length } = expected;
    const [a, b] = [{ bytes }, { bytes: expected }];
    return at + length <= bytes.length &&
      this.commonPrefix(a, at, b, 0, length) === length;
  }

  /** Returns a number of certainly equal bytes; only a few more may be equal. */
  #surePrefix(
    a: ComparedBytes,
    aStart: number,
    b: ComparedBytes,
    bStart: number,
    limit: number,
  ): number {
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
    const isAligned = aStart % WORD_BYTES === 0 && bStart % WORD_BYTES === 0 &&
      a.words !== undefined && b.words !== undefined;
    this.#compared += isAligned ? limit : SHIFTED_COST * limit;
    if (this.#compared > MIN_NATIVE_BYTES) this.#native = nativeCompare();
    if (isAligned) {
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
    const [x, y] = shifted ??= [
      new ByteBuffer(SHIFTED_BYTES),
      new ByteBuffer(SHIFTED_BYTES),
    ];
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
  for (const chunk of CHUNKS) {
    while (length + chunk <= limit) {
      const from = aStart + length;
      const other = bStart + length;
      if (
        !same(a.subarray(from, from + chunk), b.subarray(other, other + chunk))
      ) break;
      length += chunk;
    }
  }
  return length;
}

/**
 * Returns a number of certainly equal words. Comparing floats is faster than comparing integers of
 * half the size. It stops at a zero, because zeros with different signs are equal.
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

/** Whether the runtime has `Buffer` already, as Deno 2.6 does: Deno 2.9 loads it at the first use. */
function isLoaded(): boolean {
  const property = Object.getOwnPropertyDescriptor(globalThis, "Buffer");
  return property !== undefined && "value" in property;
}

/** Returns the comparison of the runtime, from its global: an import would slow down every start. */
function nativeCompare(): SameBytes | undefined {
  const buffer: unknown = Reflect.get(globalThis, "Buffer");
  if (!isNodeBuffer(buffer)) return undefined;
  return (a, b) => buffer.compare(a, b) === 0;
}

function isNodeBuffer(value: unknown): value is NodeBuffer {
  return typeof value === "function" &&
    typeof Reflect.get(value, "compare") === "function";
}
