/**
 * A small seeded source of chance: the same seed returns the same bundle on every machine.
 *
 * @module
 */

/** Random numbers from a 32-bit seed (xorshift128, seeded by splitmix). */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** Starts the sequence that belongs to `seed`. */
  constructor(seed: number) {
    let state = seed >>> 0;
    const mix = (): number => {
      state = (state + 0x9e3779b9) >>> 0;
      let z = state;
      z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
      z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
      return (z ^ (z >>> 16)) >>> 0;
    };
    this.#a = mix();
    this.#b = mix();
    this.#c = mix();
    this.#d = mix() | 1;
  }

  /** A 32-bit unsigned integer. */
  word(): number {
    const t = this.#a ^ (this.#a << 11);
    this.#a = this.#b;
    this.#b = this.#c;
    this.#c = this.#d;
    this.#d = (this.#d ^ (this.#d >>> 19) ^ t ^ (t >>> 8)) >>> 0;
    return this.#d;
  }

  /** An integer from 0 to `n - 1`. */
  int(n: number): number {
    return Math.floor((this.word() / 0x1_0000_0000) * n);
  }

  /** An integer from `low` to `high`, both included. */
  between(low: number, high: number): number {
    return low + this.int(high - low + 1);
  }

  /** True with probability `p`. */
  chance(p: number): boolean {
    return this.word() / 0x1_0000_0000 < p;
  }

  /** One of the list, which must not be empty. */
  pick<T>(list: readonly T[]): T {
    if (list.length === 0) throw new RangeError("Cannot pick from nothing");
    return list[this.int(list.length)] as T;
  }

  /** One of the list, or undefined when it is empty. */
  maybe<T>(list: readonly T[]): T | undefined {
    return list.length === 0 ? undefined : this.pick(list);
  }

  /** One of the entries, each as likely according to its weight. */
  weighted<T>(table: readonly (readonly [weight: number, value: T])[]): T {
    const total = table.reduce((sum, [weight]) => sum + weight, 0);
    let at = (this.word() / 0x1_0000_0000) * total;
    for (const [weight, value] of table) {
      at -= weight;
      if (at < 0) return value;
    }
    return this.pick(table)[1];
  }

  /** The same elements in another order. */
  shuffle<T>(list: readonly T[]): T[] {
    const rest = [...list];
    const shuffled: T[] = [];
    while (rest.length > 0) {
      shuffled.push(...rest.splice(this.int(rest.length), 1));
    }
    return shuffled;
  }

  /** Hexadecimal digits. */
  hex(length: number): string {
    let digits = "";
    while (digits.length < length) digits += this.int(16).toString(16);
    return digits;
  }

  /** A lower-case UUID of version 4. */
  uuid(): string {
    const h = this.hex(30);
    return [
      h.slice(0, 8),
      h.slice(8, 12),
      `4${h.slice(12, 15)}`,
      `8${h.slice(15, 18)}`,
      h.slice(18, 30),
    ].join("-");
  }
}
