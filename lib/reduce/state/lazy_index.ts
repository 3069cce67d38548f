/**
 * Maps and sets that take no memory while they are empty: there may be thousands of threads and
 * turns, each with several, and most of these stay empty.
 *
 * @module
 */

/** A map that is made with its first entry. */
export class LazyMap<K, V> {
  #map: Map<K, V> | undefined;

  /** How many entries there are. */
  get size(): number {
    return this.#map?.size ?? 0;
  }

  /** The value of a key. */
  get(key: K): V | undefined {
    return this.#map?.get(key);
  }

  /** Whether a key has a value. */
  has(key: K): boolean {
    return this.#map?.has(key) ?? false;
  }

  set(key: K, value: V): void {
    (this.#map ??= new Map()).set(key, value);
  }

  /** Removes a key. */
  delete(key: K): void {
    this.#map?.delete(key);
  }

  /** Removes all keys. */
  clear(): void {
    this.#map = undefined;
  }
}

/** A set that is made with its first element. */
export class LazySet<T> {
  #set: Set<T> | undefined;

  /** How many elements there are. */
  get size(): number {
    return this.#set?.size ?? 0;
  }

  /** Whether it has an element. */
  has(element: T): boolean {
    return this.#set?.has(element) ?? false;
  }

  /** Adds an element. */
  add(element: T): void {
    (this.#set ??= new Set()).add(element);
  }

  /** Removes an element. */
  delete(element: T): void {
    this.#set?.delete(element);
  }

  /** Removes all elements. */
  clear(): void {
    this.#set = undefined;
  }

  /** Walks the elements in the order in which they were added. */
  [Symbol.iterator](): Iterator<T> {
    return (this.#set ?? []).values();
  }
}
