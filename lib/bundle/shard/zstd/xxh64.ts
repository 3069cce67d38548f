/**
 * XXH64 with seed 0, the hash that zstd uses for its checksums.
 *
 * The compiler of V8 makes machine words of `bigint` in a loop, and 8 MB take 1 ms; until it has,
 * they take 20 times as long. Few bytes are therefore hashed with pairs of 32-bit integers:
 * milliseconds for the first bytes of a process, Deno 2.6.8,
 *
 *     bytes                 98 KB   524 KB   1 MB   8 MB   the next 8 MB
 *     32-bit integers         2.2      4.2    5.2   13.3            10.0
 *     bigint                  4.9      6.6    6.2    9.0             1.0
 *
 * @module
 */

const PRIME_1 = 0x9e3779b185ebca87n;
const PRIME_2 = 0xc2b2ae3d27d4eb4fn;
const PRIME_3 = 0x165667b19e3779f9n;
const PRIME_4 = 0x85ebca77c2b2ae63n;
const PRIME_5 = 0x27d4eb2f165667c5n;

const PRIME_1_LOW = 0x85ebca87 | 0;
const PRIME_1_HIGH = 0x9e3779b1 | 0;
const PRIME_2_LOW = 0x27d4eb4f | 0;
const PRIME_2_HIGH = 0xc2b2ae3d | 0;

const LANES = 4;
const LANE = 8;
const STRIPE = LANES * LANE;

/** Bytes from which on `bigint` is faster. */
const MIN_BIGINT = 1024 * 1024;
/**
 * Bytes that a call of {@linkcode addWords} hashes. The words of a loop become machine words only
 * where the function was compiled before it began.
 */
const CHUNK = 32 * 1024;

/** Hashes bytes that are added one chunk after another. */
export class Xxh64 {
  /** The lower and the upper half of each lane. */
  readonly #lanes = new DataView(new ArrayBuffer(STRIPE));
  /** Bytes that do not fill a stripe yet. */
  readonly #rest = new Uint8Array(STRIPE);
  #length = 0;

  /** Begins with no bytes. */
  constructor() {
    const first = [PRIME_1 + PRIME_2, PRIME_2, 0n, -PRIME_1];
    first.forEach((value, lane) => {
      this.#lanes.setBigUint64(lane * LANE, BigInt.asUintN(64, value), true);
    });
  }

  /** Adds bytes. */
  update(bytes: Uint8Array): void {
    const filled = this.#length % STRIPE;
    this.#length += bytes.length;
    let at = 0;
    if (filled > 0) {
      at = Math.min(STRIPE - filled, bytes.length);
      this.#rest.set(bytes.subarray(0, at), filled);
      if (filled + at < STRIPE) return;
      this.#addStripes(this.#rest);
    }
    const end = bytes.length - (bytes.length - at) % STRIPE;
    this.#addStripes(bytes.subarray(at, end));
    this.#rest.set(bytes.subarray(end));
  }

  /** The hash of all bytes so far. More may follow. */
  digest(): bigint {
    let hash = this.#length < STRIPE ? PRIME_5 : this.#merged();
    hash = wrap(hash + BigInt(this.#length));
    const view = new DataView(this.#rest.buffer);
    const end = this.#length % STRIPE;
    let at = 0;
    for (; at + 8 <= end; at += 8) {
      hash ^= mix(0n, view.getBigUint64(at, true));
      hash = wrap(rotate(hash, 27n) * PRIME_1 + PRIME_4);
    }
    if (at + 4 <= end) {
      hash ^= wrap(BigInt(view.getUint32(at, true)) * PRIME_1);
      hash = wrap(rotate(hash, 23n) * PRIME_2 + PRIME_3);
      at += 4;
    }
    for (; at < end; at++) {
      hash ^= wrap(BigInt(view.getUint8(at)) * PRIME_5);
      hash = wrap(rotate(hash, 11n) * PRIME_1);
    }
    hash = wrap((hash ^ hash >> 33n) * PRIME_2);
    hash = wrap((hash ^ hash >> 29n) * PRIME_3);
    return hash ^ hash >> 32n;
  }

  /** The lower half of the hash, which is the checksum of a zstd frame. */
  checksum(): number {
    return Number(BigInt.asUintN(32, this.digest()));
  }

  #merged(): bigint {
    const lanes = Array.from(
      { length: LANES },
      (_, lane) => this.#lanes.getBigUint64(lane * LANE, true),
    );
    const turns = [1n, 7n, 12n, 18n];
    const sum = lanes.reduce(
      (sum, lane, i) => sum + rotate(lane, turns[i] ?? 0n),
      0n,
    );
    return lanes.reduce(
      (hash, lane) => wrap((hash ^ mix(0n, lane)) * PRIME_1 + PRIME_4),
      wrap(sum),
    );
  }

  #addStripes(bytes: Uint8Array): void {
    const view = new DataView(
      bytes.buffer,
      bytes.byteOffset,
      bytes.length,
    );
    if (bytes.length < MIN_BIGINT) {
      for (let at = 0; at < STRIPE; at += LANE) {
        addToLane(this.#lanes, view, at);
      }
      return;
    }
    for (let at = 0; at < bytes.length; at += CHUNK) {
      addWords(this.#lanes, view, at, Math.min(at + CHUNK, bytes.length));
    }
  }
}

/**
 * Adds the stripes between two places to the four lanes. Calls no function of ours: what these
 * return would be objects, which takes 100 times as long.
 */
function addWords(
  lanes: DataView,
  stripes: DataView,
  start: number,
  end: number,
): void {
  for (let at = start; at < end; at += STRIPE) {
    let sum: bigint;
    sum = BigInt.asUintN(64, stripes.getBigUint64(at, true) * PRIME_2);
    sum = BigInt.asUintN(64, lanes.getBigUint64(0, true) + sum);
    sum = BigInt.asUintN(64, sum << 31n) | sum >> 33n;
    lanes.setBigUint64(0, BigInt.asUintN(64, sum * PRIME_1), true);
    sum = BigInt.asUintN(64, stripes.getBigUint64(at + 8, true) * PRIME_2);
    sum = BigInt.asUintN(64, lanes.getBigUint64(8, true) + sum);
    sum = BigInt.asUintN(64, sum << 31n) | sum >> 33n;
    lanes.setBigUint64(8, BigInt.asUintN(64, sum * PRIME_1), true);
    sum = BigInt.asUintN(64, stripes.getBigUint64(at + 16, true) * PRIME_2);
    sum = BigInt.asUintN(64, lanes.getBigUint64(16, true) + sum);
    sum = BigInt.asUintN(64, sum << 31n) | sum >> 33n;
    lanes.setBigUint64(16, BigInt.asUintN(64, sum * PRIME_1), true);
    sum = BigInt.asUintN(64, stripes.getBigUint64(at + 24, true) * PRIME_2);
    sum = BigInt.asUintN(64, lanes.getBigUint64(24, true) + sum);
    sum = BigInt.asUintN(64, sum << 31n) | sum >> 33n;
    lanes.setBigUint64(24, BigInt.asUintN(64, sum * PRIME_1), true);
  }
}

/** Adds the same eight bytes of each stripe to their lane. */
function addToLane(lanes: DataView, stripes: DataView, lane: number): void {
  let low = lanes.getInt32(lane, true);
  let high = lanes.getInt32(lane + 4, true);
  for (let at = lane; at < stripes.byteLength; at += STRIPE) {
    const inLow = stripes.getInt32(at, true);
    const inHigh = stripes.getInt32(at + 4, true);
    const addLow = Math.imul(inLow, PRIME_2_LOW);
    const addHigh = upperProduct(inLow, PRIME_2_LOW) +
        Math.imul(inLow, PRIME_2_HIGH) + Math.imul(inHigh, PRIME_2_LOW) | 0;
    low = low + addLow | 0;
    high = high + addHigh + (low >>> 0 < addLow >>> 0 ? 1 : 0) | 0;
    const turnedLow = low << 31 | high >>> 1;
    const turnedHigh = high << 31 | low >>> 1;
    low = Math.imul(turnedLow, PRIME_1_LOW);
    high = upperProduct(turnedLow, PRIME_1_LOW) +
        Math.imul(turnedLow, PRIME_1_HIGH) +
        Math.imul(turnedHigh, PRIME_1_LOW) | 0;
  }
  lanes.setInt32(lane, low, true);
  lanes.setInt32(lane + 4, high, true);
}

/** The upper half of the product of two unsigned 32-bit integers. */
function upperProduct(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  // No sum is above 32 bits.
  const lower = Math.imul(aHigh, bLow) + (Math.imul(aLow, bLow) >>> 16) | 0;
  const middle = Math.imul(aLow, bHigh) + (lower & 0xffff) | 0;
  return Math.imul(aHigh, bHigh) + (lower >>> 16) + (middle >>> 16) | 0;
}

function mix(lane: bigint, input: bigint): bigint {
  const sum = wrap(lane + wrap(input * PRIME_2));
  return wrap((wrap(sum << 31n) | sum >> 33n) * PRIME_1);
}

function rotate(value: bigint, bits: bigint): bigint {
  return wrap(value << bits) | value >> 64n - bits;
}

function wrap(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}
