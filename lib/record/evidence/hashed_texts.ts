/**
 * Numbers by texts, of which only a hash is kept: a recording of many calls must not hold their ids.
 *
 * Two of a million texts have the same hash with a probability of 1 in 18,000.
 *
 * @module
 */

const MIN_CAPACITY = 256;

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

  /** Sets the number of a text. */
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

/** Returns a hash of 53 bits that is never 0: cyrb53, two multiplicative hashes of 32 bits. */
export function hashOf(text: string): number {
  let low = 0xdeadbeef;
  let high = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    low = Math.imul(low ^ unit, 2654435761);
    high = Math.imul(high ^ unit, 1597334677);
  }
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^
    Math.imul(high ^ (high >>> 13), 3266489909);
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^
    Math.imul(low ^ (low >>> 13), 3266489909);
  return 4294967296 * (2097151 & high) + (low >>> 0) || 1;
}
