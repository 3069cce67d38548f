/**
 * How many leading bytes two texts share.
 *
 * @module
 */

/** Bytes to compare, also as words of four bytes. */
export interface ComparedBytes {
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
}

/** Compares two byte ranges of the same length natively. */
type SameBytes = (a: Uint8Array, b: Uint8Array) => boolean;

const PIECES = [65536, 8192, 1024, 128] as const;
/**
 * The native comparison takes some 15 ms to load and then saves about 0.17 ms a megabyte; below
 * this many bytes the loop over words is ahead.
 */
const NATIVE_FROM = 24 * 1024 * 1024;

/** Compares prefixes; it brings in the native comparison once enough bytes went by. */
export class PrefixComparer {
  #compared = 0;
  #native: SameBytes | undefined;

  /** Length of the common prefix of `a` from `aStart` and `b` from `bStart`, at most `limit`. */
  commonPrefix(
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
    let length = 0;
    if (this.#native !== undefined) {
      length = nativePrefix(
        this.#native,
        a.bytes,
        aStart,
        b.bytes,
        bStart,
        limit,
      );
    } else if (aStart % 4 === 0 && bStart % 4 === 0) {
      length =
        wordPrefix(a.words, aStart >> 2, b.words, bStart >> 2, limit >> 2) << 2;
    }
    const x = a.bytes;
    const y = b.bytes;
    while (length < limit && x[aStart + length] === y[bStart + length]) {
      length++;
    }
    return length;
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

function wordPrefix(
  a: Int32Array,
  aStart: number,
  b: Int32Array,
  bStart: number,
  limit: number,
): number {
  let i = aStart;
  let j = bStart;
  // Four words at a time: one branch for all of them.
  const last = aStart + limit - 3;
  while (
    i < last &&
    (((a[i] ?? 0) ^ (b[j] ?? 0)) | ((a[i + 1] ?? 0) ^ (b[j + 1] ?? 0)) |
        ((a[i + 2] ?? 0) ^ (b[j + 2] ?? 0)) |
        ((a[i + 3] ?? 0) ^ (b[j + 3] ?? 0))) === 0
  ) {
    i += 4;
    j += 4;
  }
  while (i < aStart + limit && a[i] === b[j]) {
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
