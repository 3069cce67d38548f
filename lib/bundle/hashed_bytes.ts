/**
 * Hashes of bytes, 53 bits of them: as many as a number holds.
 *
 * @module
 */

const WORD_BYTES = 4;

/** What the two parts of a hash begin with. */
export interface HashSeed {
  readonly low: number;
  readonly high: number;
}

/**
 * Returns a hash that is never 0: cyrb53, two multiplicative hashes of 32 bits, over words.
 *
 * @param bytes They begin at a word of their buffer, or are copied.
 */
export function hashOfBytes(bytes: Uint8Array, seed: HashSeed): number {
  const { buffer, byteOffset, length } = bytes;
  if (byteOffset % WORD_BYTES !== 0) return hashOfBytes(bytes.slice(), seed);
  const count = Math.floor(length / WORD_BYTES);
  const words = new Int32Array(buffer, byteOffset, count);
  let low = seed.low ^ length;
  let high = seed.high ^ length;
  for (let i = 0; i < count; i++) {
    const word = words[i] ?? 0;
    // A product has the high bits of a word only in its own, so they are moved to the low ones.
    low = Math.imul(low ^ word, 2654435761);
    low ^= low >>> 15;
    high = Math.imul(high ^ word, 1597334677);
    high ^= high >>> 16;
  }
  for (let i = count * WORD_BYTES; i < length; i++) {
    const byte = bytes[i] ?? 0;
    low = Math.imul(low ^ byte, 2654435761);
    high = Math.imul(high ^ byte, 1597334677);
  }
  return hashOfParts(low, high);
}

/** The last step of a hash. */
export function hashOfParts(a: number, b: number): number {
  const low = Math.imul(a ^ (a >>> 16), 2246822507) ^
    Math.imul(b ^ (b >>> 13), 3266489909);
  const high = Math.imul(b ^ (b >>> 16), 2246822507) ^
    Math.imul(low ^ (low >>> 13), 3266489909);
  return 4294967296 * (2097151 & high) + (low >>> 0) || 1;
}
