/**
 * Encodes pieces of a text while they are made.
 *
 * @module
 */

/** Fewer characters wait for the next piece: a line alone is not worth a buffer of its own. */
const MIN_CHARACTERS = 64 * 1024;

const encoder = new TextEncoder();

/**
 * The bytes of pieces. Of a session with its texts there may be hundreds of megabytes, and strings
 * take twice as much.
 */
export class EncodedPieces {
  /** The bytes so far, without what waits for more. */
  readonly bytes: Uint8Array[] = [];
  #waiting = "";

  /** Yields the pieces, after taking each. */
  *taking(pieces: Iterable<string>): Generator<string, void> {
    for (const piece of pieces) {
      this.#waiting += piece;
      if (this.#waiting.length >= MIN_CHARACTERS) this.#encode();
      yield piece;
    }
    this.#encode();
  }

  #encode(): void {
    this.bytes.push(encoder.encode(this.#waiting));
    this.#waiting = "";
  }
}
