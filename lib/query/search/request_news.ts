/**
 * What a request says that the one before it did not say: a request repeats the whole
 * conversation, and what it repeats was searched already.
 *
 * Bytes are compared, from the start and from the end; nothing is parsed.
 *
 * @module
 */

import { ByteBuffer } from "../../bundle/byte_buffer.ts";
import { PrefixComparer } from "../../bundle/request/common_prefix.ts";
import type { JsonPlace } from "./json_texts.ts";

/** A range of a request's bytes. */
export interface NewBytes {
  /** Offset of the first byte that is new. */
  readonly start: number;
  /** Offset after the last. */
  readonly end: number;
}

/** Compares the requests of one thread after the other. */
export class RequestNews {
  readonly #before: ByteBuffer = new ByteBuffer();
  readonly #comparer: PrefixComparer = new PrefixComparer();
  #place: JsonPlace | undefined;

  /** Forgets the request before: the next one is all new. */
  restart(): void {
    this.#before.replaceFrom(0, new Uint8Array());
    this.#place = undefined;
  }

  /** What is new in `bytes`, which the next request will be compared with. */
  of(bytes: Uint8Array): NewBytes {
    const before = this.#before;
    const most = Math.min(bytes.length, before.length);
    const start = this.#comparer.commonPrefix(
      { bytes, words: wordsOf(bytes) },
      0,
      before,
      0,
      most,
    );
    const { bytes: old, length } = before;
    let tail = 0;
    while (
      tail < most - start &&
      bytes[bytes.length - 1 - tail] === old[length - 1 - tail]
    ) tail++;
    before.replaceFrom(start, bytes.subarray(start));
    if (this.#place !== undefined && this.#place.at > start) {
      this.#place = undefined;
    }
    return { start, end: bytes.length - tail };
  }

  /** A place in the last request from which reading it may go on. */
  get place(): JsonPlace | undefined {
    return this.#place;
  }

  /** Keeps a place among the bytes that were not new. */
  keep(place: JsonPlace | undefined): void {
    this.#place = place;
  }
}

/** The same bytes as words, without those that make no whole word. */
function wordsOf(bytes: Uint8Array): Float64Array {
  const { buffer, byteOffset, length } = bytes;
  const words = Math.floor(length / Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(buffer, byteOffset, words);
}
