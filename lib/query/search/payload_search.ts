/**
 * Searches the bytes of payloads, one payload in memory at a time.
 *
 * @module
 */

import { PayloadError } from "../../errors.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { PayloadReader } from "../session/session.ts";
import type { HitList } from "./hit_list.ts";
import { JsonTexts, textOf } from "./json_texts.ts";
import { type NewBytes, RequestNews } from "./request_news.ts";
import type { SearchPattern } from "./search_pattern.ts";

const decoder = new TextDecoder();

/** Searches payloads. Requests come thread by thread, in the order in which they were made. */
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
  whole(ref: RawPayloadRef, hits: HitList): string | undefined {
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
    return end > start && this.#pattern.mayStandIn(decoder.decode(piece));
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

/** Runs `read`; tells in words when the payload cannot be read. */
function reading(read: () => void): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof PayloadError) return error.message;
    throw error;
  }
}
