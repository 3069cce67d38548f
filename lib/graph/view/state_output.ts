/**
 * The output side of `state.json`: text and ready bytes in, chunks of bytes out.
 *
 * A state may be larger than a string can be, so it is never in memory completely.
 *
 * @module
 */

import type { ItemIdStorage } from "../item_id_list.ts";
import { BYTES_PER_UNIT, ElementBytes, IdListBytes } from "./encoded_list.ts";

const BUFFER_BYTES = 1 << 18;
/** Length of text that is collected before it is encoded: a call of the encoder costs more than a `+=`. */
const TEXT_BATCH = 1 << 14;
/** Maximum bytes of encoded id lists that are kept; a history that is often rewritten has many. */
const MAX_RENDERED_BYTES = 1 << 25;
/** About the maximum bytes of encoded elements that are kept, for each group of lists. */
const MAX_ELEMENT_BYTES = 1 << 22;
/** Maximum length of text that always fits into the buffer. */
const MAX_UNITS = Math.floor(BUFFER_BYTES / BYTES_PER_UNIT);
const encoder = new TextEncoder();

/** Receives the bytes. A chunk is valid during the call only. */
export type ChunkWriter = (chunk: Uint8Array) => void;

/** Collects text and bytes into chunks. */
export class StateOutput {
  readonly #write: ChunkWriter;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  #used = 0;
  #text = "";
  readonly #rendered = new Map<string, Map<ItemIdStorage, IdListBytes>>();
  #renderedBytes = 0;
  readonly #elements = new Map<object, ElementBytes>();

  /** Passes full chunks to `write`. */
  constructor(write: ChunkWriter) {
    this.#write = write;
  }

  /** Appends text. */
  text(text: string): void {
    this.#text += text;
    if (this.#text.length >= TEXT_BATCH) this.#encode();
  }

  /** Appends the first `length` ids of `storage`, at least one, as JSON strings. */
  ids(storage: ItemIdStorage, length: number, separator: string): void {
    if (this.#renderedBytes > MAX_RENDERED_BYTES) this.#forget();
    const lists = this.#rendered.get(separator) ??
      new Map<ItemIdStorage, IdListBytes>();
    const list = lists.get(storage) ?? new IdListBytes(storage, separator);
    this.#rendered.set(separator, lists.set(storage, list));
    this.#renderedBytes -= list.size;
    this.#bytes(list.first(length));
    this.#renderedBytes += list.size;
  }

  /**
   * Appends the elements of a list, at least one. Lists of one `group` often begin with the same
   * objects, of which `print` is asked once.
   */
  elements<T>(
    group: object,
    list: readonly T[],
    separator: string,
    print: (element: T) => string,
  ): void {
    let kept = this.#elements.get(group);
    if (kept === undefined) {
      kept = new ElementBytes(separator, MAX_ELEMENT_BYTES);
      this.#elements.set(group, kept);
    }
    const { bytes, length } = kept.first(list, print);
    this.#bytes(bytes);
    let before = length === 0 ? "" : separator;
    for (const element of list.slice(length)) {
      this.text(before + print(element));
      before = separator;
    }
  }

  /** Passes on the last chunk. */
  end(): void {
    this.#encode();
    this.#emit();
  }

  #forget(): void {
    this.#rendered.clear();
    this.#renderedBytes = 0;
  }

  #bytes(bytes: Uint8Array): void {
    this.#encode();
    if (bytes.length > BUFFER_BYTES - this.#used) this.#emit();
    if (bytes.length > BUFFER_BYTES) this.#write(bytes);
    else {
      this.#buffer.set(bytes, this.#used);
      this.#used += bytes.length;
    }
  }

  #encode(): void {
    const text = this.#text;
    this.#text = "";
    for (let start = 0; start < text.length;) {
      const end = pieceEnd(text, start);
      const piece = text.slice(start, end);
      // Space for all of it: Deno 2.6 reports a wrong number of read units for Latin letters.
      const max = BYTES_PER_UNIT * piece.length;
      if (max > BUFFER_BYTES - this.#used) this.#emit();
      const free = this.#buffer.subarray(this.#used);
      this.#used += encoder.encodeInto(piece, free).written;
      start = end;
    }
  }

  #emit(): void {
    if (this.#used > 0) this.#write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}

/** The end of the piece of a text that begins at `start`; no character is split. */
function pieceEnd(text: string, start: number): number {
  const end = start + MAX_UNITS;
  if (end >= text.length) return text.length;
  const last = text.charCodeAt(end - 1);
  const isHalf = last >= 0xd800 && last < 0xdc00;
  return isHalf ? end - 1 : end;
}
