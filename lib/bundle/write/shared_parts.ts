/**
 * Payloads by their text, so that a text is stored once however often it is sent.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";

/** A payload that is stored, or left out, and how long its text is. */
export interface StoredPayload {
  /** The reference to it. */
  readonly ref: RawPayloadRef;
  /** Bytes of its whole text, that of its parts included, before anything was cut. */
  readonly bytes: number;
}

/** How many units of text are remembered. What was not needed for longest is forgotten first. */
const MAX_LENGTH = 32 * 1024 * 1024;

/** The payloads of one kind that may be used again. */
export class SharedParts {
  readonly #parts = new Map<string, StoredPayload>();
  readonly #maxLength: number;
  #length = 0;

  /** A text that was forgotten is stored once more, which only takes space. */
  constructor(maxLength: number = MAX_LENGTH) {
    this.#maxLength = maxLength;
  }

  /** The payload with this text; stored by `store` when it is not known. */
  get(text: string, store: () => StoredPayload): StoredPayload {
    const known = this.#parts.get(text);
    if (known !== undefined) {
      // The map is in the order of use.
      this.#parts.delete(text);
      this.#parts.set(text, known);
      return known;
    }
    const stored = store();
    this.#parts.set(text, stored);
    this.#length += text.length;
    this.#forget();
    return stored;
  }

  #forget(): void {
    for (const text of this.#parts.keys()) {
      if (this.#length <= this.#maxLength) return;
      this.#parts.delete(text);
      this.#length -= text.length;
    }
  }
}
