/**
 * Whether the documents of two passes are the same: of each the first pass keeps a digest, which
 * takes less memory than the document.
 *
 * @module
 */

/** Digests of documents, in the order of a pass. */
export class DocumentDigests {
  #digests = new Float64Array(64);
  #length = 0;
  readonly #seed = randomSeed();

  /** Adds the next document. */
  add(bytes: Uint8Array): void {
    if (this.#length === this.#digests.length) {
      const digests = new Float64Array(2 * this.#length);
      digests.set(this.#digests);
      this.#digests = digests;
    }
    this.#digests[this.#length++] = digestOf(bytes, this.#seed);
  }

  /** Begins to compare the documents of another pass with these. */
  compare(): DigestComparison {
    let next = 0;
    return {
      isNext: (bytes) => {
        if (next >= this.#length) return false;
        return this.#digests[next++] === digestOf(bytes, this.#seed);
      },
      isEnd: () => next === this.#length,
    };
  }
}

/** Compares the documents of a pass, one after another. */
export interface DigestComparison {
  /** Whether the next document is the same. */
  isNext(bytes: Uint8Array): boolean;
  /** Whether there were as many documents. */
  isEnd(): boolean;
}

/** What two lanes begin with. */
interface Seed {
  readonly low: number;
  readonly high: number;
}

/** Another one in each process: no document can be made to have the digest of another one. */
function randomSeed(): Seed {
  const [low = 0, high = 0] = crypto.getRandomValues(new Int32Array(2));
  return { low, high };
}

/** Bits of a digest above its lower 32: a number has 53 bits. */
const HIGH_BITS = 21;

/** Two lanes of 32 bits over words of four bytes, mixed as MurmurHash3 does. */
function digestOf(bytes: Uint8Array, seed: Seed): number {
  const { length, byteOffset, buffer } = bytes;
  if (byteOffset % 4 !== 0) return digestOf(bytes.slice(), seed);
  const words = new Int32Array(buffer, byteOffset, length >> 2);
  let low = seed.low ^ length;
  let high = seed.high;
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? 0;
    low = mixed(low, Math.imul(word, 0xcc9e2d51));
    high = mixed(high, Math.imul(word ^ low, 0x1b873593));
  }
  for (let at = words.length << 2; at < length; at++) {
    low = mixed(low, bytes[at] ?? 0);
    high = mixed(high, low);
  }
  low = finished(low);
  high = finished(high ^ low);
  return (high >>> 32 - HIGH_BITS) * 2 ** 32 + (low >>> 0);
}

function mixed(lane: number, word: number): number {
  const turned = lane ^ word;
  return Math.imul(turned << 13 | turned >>> 19, 5) + 0xe6546b64 | 0;
}

function finished(lane: number): number {
  const first = Math.imul(lane ^ lane >>> 16, 0x85ebca6b);
  const second = Math.imul(first ^ first >>> 13, 0xc2b2ae35);
  return second ^ second >>> 16;
}
