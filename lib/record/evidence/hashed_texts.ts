/**
 * Numbers by texts, of which only a hash is kept: a recording of many calls must not hold their ids.
 *
 * Two of a million texts have the same hash with a probability of 1 in 18,000.
 *
 * @module
 */

import { hashOfBytes, hashOfParts } from "../../bundle/hashed_bytes.ts";
import { Utf8Scratch } from "../../bundle/write/json_text.ts";

const MIN_CAPACITY = 256;
const SEED = { low: 0xdeadbeef, high: 0x41c6ce57 };

/** A number for each text; one takes about 32 bytes. */
export class HashedTexts {
  /** Hashes; 0 where there is none. */
  #keys = new Float64Array(MIN_CAPACITY);
  #values = new Float64Array(MIN_CAPACITY);
  #size = 0;

  /** Whether a text has a number. */
  has(text: string): boolean {
    return this.#keys[this.#slotOf(hashOf(text))] !== 0;
  }

  /** The number of a text; `undefined` if it has none. */
  get(text: string): number | undefined {
    const slot = this.#slotOf(hashOf(text));
    return this.#keys[slot] === 0 ? undefined : this.#values[slot];
  }

  set(text: string, value: number): void {
    if (this.#put(hashOf(text), value)) this.#size++;
    if (this.#size * 4 > this.#keys.length * 3) this.#grow();
  }

  /** Returns whether the hash is a new one. */
  #put(hash: number, value: number): boolean {
    const slot = this.#slotOf(hash);
    const isNew = this.#keys[slot] === 0;
    this.#keys[slot] = hash;
    this.#values[slot] = value;
    return isNew;
  }

  #grow(): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(keys.length * 2);
    this.#values = new Float64Array(keys.length * 2);
    keys.forEach((hash, slot) => {
      if (hash !== 0) this.#put(hash, values[slot] ?? 0);
    });
  }

  /** The slot that has a hash, or the free one for it. */
  #slotOf(hash: number): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    let slot = hash % keys.length;
    while (keys[slot] !== 0 && keys[slot] !== hash) slot = (slot + 1) & mask;
    return slot;
  }
}

/** From this length on, to encode a text and hash its words takes less than to hash its units. */
const MIN_WORDS = 256;
const scratch = new Utf8Scratch();

/** Returns a hash of 53 bits that is never 0. */
export function hashOf(text: string): number {
  return text.length < MIN_WORDS
    ? hashOfUnits(text)
    : hashOfBytes(scratch.bytesOf(text), SEED);
}

function hashOfUnits(text: string): number {
  let { low, high } = SEED;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  return hashOfParts(low, high);
}
