/**
 * Elements that a request repeats from the last full one after a change before them.
 *
 * When an item in the middle of the history is dropped, inserted or replaced, the bytes after it are
 * the same as before, at another offset.
 *
 * @module
 */

import type { ByteBuffer } from "../byte_buffer.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import { countShared, type SharedRequest } from "./request_layout.ts";

/** How many elements of the last request are tried for one of this request. */
const MAX_TRIED = 256;
/** How many elements of the same size may turn out to differ, before no more are searched. */
const MAX_MISSES = 1000;

/** Successive elements of the last full request. */
export interface ElementRun {
  /** Index of the first one. */
  readonly first: number;
  /** Where each of them ends in the request that repeats them. */
  readonly ends: readonly number[];
}

/** Finds repeated elements in one request, from its start to its end. */
export class RepeatedElements {
  readonly #last: SharedRequest;
  readonly #comparer: PrefixComparer;
  readonly #count: number;
  /** The first element that may be repeated next. */
  #next: number;
  #misses = 0;

  /** The first element after the `shared` ones differs. */
  constructor(last: SharedRequest, comparer: PrefixComparer, shared: number) {
    this.#last = last;
    this.#comparer = comparer;
    this.#count = last.layout.ends.length;
    this.#next = shared + 1;
  }

  /**
   * Returns the elements of the last request that follow one another from `from` on; `undefined`
   * if there is none.
   *
   * @param from Where the element before ends, so that the comma is compared as well.
   * @param end Where the element ends.
   */
  find(loaded: ByteBuffer, from: number, end: number): ElementRun | undefined {
    const { ends } = this.#last.layout;
    const stop = Math.min(this.#next + MAX_TRIED, this.#count);
    for (
      let index = this.#next;
      index < stop && this.#misses < MAX_MISSES;
      index++
    ) {
      const start = ends[index - 1] ?? 0;
      if ((ends[index] ?? 0) - start !== end - from) continue;
      const common = this.#commonFrom(start, loaded, from, end);
      const shift = from - start;
      const after = countShared(ends, start + common, loaded.bytes, shift);
      if (after <= index) {
        this.#misses++;
        continue;
      }
      this.#next = after;
      const run = ends.slice(index, after).map((offset) => offset + shift);
      return { first: index, ends: run };
    }
    return undefined;
  }

  /** How many bytes of the last request from `start` on are those from `from` on. */
  #commonFrom(
    start: number,
    loaded: ByteBuffer,
    from: number,
    end: number,
  ): number {
    const { tail, tailOffset } = this.#last;
    const at = start - tailOffset;
    const commonTo = (limit: number) =>
      this.#comparer.commonPrefix(tail, at, loaded, from, limit);
    // Most elements of the same size differ: the rest is only compared after an equal one.
    if (at < 0 || commonTo(end - from) < end - from) return 0;
    return commonTo(Math.min(tail.length - at, loaded.length - from));
  }
}
