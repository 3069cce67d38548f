/**
 * Payloads by their text, so that a text is stored once however often it is sent.
 *
 * @module
 */

import type { RawPayloadRef } from "../../../format/payload.ts";

/** A payload that is stored, or left out, and how long its text is. */
export interface StoredPayload {
  /** The reference to it. */
  readonly ref: RawPayloadRef;
  /** Bytes of its complete text with its parts, before truncation. */
  readonly bytes: number;
  /** Bytes of it that a reader composes: a missing part takes next to none. */
  readonly readable: number;
}

/** Maximum number of text units that are kept. The least recently used text is dropped first. */
const MAX_LENGTH = 32 * 1024 * 1024;

/** A text, between the one that was used before it and the one that was used after it. */
interface Entry {
  readonly text: string;
  readonly stored: StoredPayload;
  older: Entry | undefined;
  newer: Entry | undefined;
}

/**
 * The payloads of one kind that may be used again.
 *
 * They are linked in the order of use. The order of a map would do, but to find its first key
 * takes as long as there are keys that were removed before it.
 */
export class SharedParts {
  readonly #entries = new Map<string, Entry>();
  readonly #maxLength: number;
  #oldest: Entry | undefined;
  #newest: Entry | undefined;
  #length = 0;
  /** What was stored since the last {@linkcode keepNew}. */
  #new: Entry[] = [];

  /** A text that was forgotten is stored once more, which only takes space. */
  constructor(maxLength: number = MAX_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** The payload with this text; stored by `store` when it is not known. */
  get(text: string, store: () => StoredPayload): StoredPayload {
    const known = this.#entries.get(text);
    if (known !== undefined) {
      this.#unlink(known);
      this.#linkNewest(known);
      return known.stored;
    }
    const stored = store();
    const entry = { text, stored, older: undefined, newer: undefined };
    this.#entries.set(text, entry);
    this.#new.push(entry);
    this.#linkNewest(entry);
    this.#length += text.length;
    this.#forget();
    return stored;
  }

  /** Keeps the payloads that were stored since the last call: they are written. */
  keepNew(): void {
    this.#new = [];
  }

  /** Forgets them: they may not be written. */
  forgetNew(): void {
    for (const entry of this.#new) {
      if (this.#entries.get(entry.text) === entry) this.#remove(entry);
    }
  }

  #forget(): void {
    while (this.#length > this.#maxLength && this.#oldest !== undefined) {
      this.#remove(this.#oldest);
    }
  }

  #remove(entry: Entry): void {
    this.#unlink(entry);
    this.#entries.delete(entry.text);
    this.#length -= entry.text.length;
  }

  #linkNewest(entry: Entry): void {
    entry.older = this.#newest;
    entry.newer = undefined;
    if (this.#newest === undefined) this.#oldest = entry;
    else this.#newest.newer = entry;
    this.#newest = entry;
  }

  #unlink({ older, newer }: Entry): void {
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
  }
}
