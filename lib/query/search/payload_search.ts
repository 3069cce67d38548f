/**
 * Searches the bytes of payloads, one payload in memory at a time.
 *
 * @module
 */

import { PayloadError } from "../../errors.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { PayloadReader } from "../session/session.ts";
import type { HitList } from "./hit_list.ts";
import { type JsonPlace, JsonTexts, textOf } from "./json_texts.ts";
import type { SearchPattern } from "./search_pattern.ts";
import { ByteBuffer } from "../../bundle/byte_buffer.ts";
import { PrefixComparer } from "../../bundle/request/common_prefix.ts";

const decoder = new TextDecoder();

/** Searches payloads. Requests are passed thread by thread, in the order in which they were made. */
export class PayloadSearch {
  readonly #payloads: PayloadReader;
  readonly #pattern: SearchPattern;
  readonly #news: RequestNews = new RequestNews();

  /** Reads from `payloads`. */
  constructor(payloads: PayloadReader, pattern: SearchPattern) {
    this.#payloads = payloads;
    this.#pattern = pattern;
  }

  /** The requests that follow are those of another thread. */
  nextThread(): void {
    this.#news.restart();
  }

  /**
   * Searches all of a payload.
   *
   * @returns Why it cannot be read, `undefined` when it was.
   */
  searchAll(ref: RawPayloadRef, hits: HitList): string | undefined {
    return reading(() => {
      const bytes = this.#payloads.bytes(ref);
      const range = { start: 0, end: bytes.length };
      if (this.#mayHold(bytes, range)) {
        this.#read(new JsonTexts(bytes), bytes, range, hits);
      }
    });
  }

  /**
   * Searches what a request adds to the one before it.
   *
   * @returns Why it cannot be read, `undefined` when it was.
   */
  request(ref: RawPayloadRef, hits: HitList): string | undefined {
    return reading(() => {
      const bytes = this.#payloads.bytes(ref);
      const range = this.#news.of(bytes);
      if (!this.#mayHold(bytes, range)) return;
      const texts = new JsonTexts(bytes, this.#news.place);
      this.#read(texts, bytes, range, hits);
    });
  }

  /** Whether it is worth it to look for the texts among these bytes. */
  #mayHold(bytes: Uint8Array, { start, end }: NewBytes): boolean {
    // A match may begin before what is new and end in it, or the other way round.
    const around = 4 * this.#pattern.text.length + 64;
    const piece = bytes.subarray(Math.max(0, start - around), end + around);
    return end > start && this.#pattern.mayOccurIn(decoder.decode(piece));
  }

  #read(
    texts: JsonTexts,
    bytes: Uint8Array,
    { start, end }: NewBytes,
    hits: HitList,
  ): void {
    let place = texts.place();
    for (let text = texts.next(); text !== undefined; text = texts.next()) {
      if (text.start > end) break;
      if (text.end >= start) {
        if (place !== undefined) {
          this.#news.keep(place);
          place = undefined;
        }
        hits.search(this.#pattern, textOf(bytes, text), () => texts.path());
      } else place = texts.place();
    }
  }
}

/** Runs `read`; returns the reason when the payload cannot be read. */
function reading(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof PayloadError) return error.message;
    throw error;
  }
}

/** A range of a request's bytes. */
interface NewBytes {
  /** Offset of the first byte that is new. */
  readonly start: number;
  /** Offset after the last. */
  readonly end: number;
}

/** Compares the requests of one thread after the other. */
class RequestNews {
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
    const shared = Math.min(bytes.length, before.length);
    const start = this.#comparer.commonPrefix(
      { bytes, words: wordsOf(bytes) },
      0,
      before,
      0,
      shared,
    );
    const { bytes: old, length } = before;
    let tail = 0;
    while (
      tail < shared - start &&
      bytes[bytes.length - 1 - tail] === old[length - 1 - tail]
    ) tail++;
    before.replaceFrom(start, bytes.subarray(start));
    if (this.#place !== undefined && this.#place.at > start) {
      this.#place = undefined;
    }
    return { start, end: bytes.length - tail };
  }

  /** A position in the last request from which reading may continue. */
  get place(): JsonPlace | undefined {
    return this.#place;
  }

  /** Keeps a place among the bytes that were not new. */
  keep(place: JsonPlace | undefined): void {
    this.#place = place;
  }
}

/** The same bytes as 8-byte words, without an incomplete one at the end. */
function wordsOf(bytes: Uint8Array): Float64Array {
  const { buffer, byteOffset, length } = bytes;
  const words = Math.floor(length / Float64Array.BYTES_PER_ELEMENT);
  return new Float64Array(buffer, byteOffset, words);
}
