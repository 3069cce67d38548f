/**
 * Whether the documents of two passes are the same: of each the first pass keeps a digest, which
 * takes less memory than the document.
 *
 * @module
 */

import { hashOfBytes, type HashSeed } from "../../../bundle/hashed_bytes.ts";

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
    this.#digests[this.#length++] = hashOfBytes(bytes, this.#seed);
  }

  /** Begins to compare the documents of another pass with these. */
  compare(): DigestComparison {
    let next = 0;
    return {
      isNext: (bytes) => {
        if (next >= this.#length) return false;
        return this.#digests[next++] === hashOfBytes(bytes, this.#seed);
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

/** Another one in each process, so that no digest is known beforehand. */
function randomSeed(): HashSeed {
  const [low = 0, high = 0] = crypto.getRandomValues(new Int32Array(2));
  return { low, high };
}
