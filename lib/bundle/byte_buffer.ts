/**
 * The bytes of a file in a buffer that is used again for the next file.
 *
 * Reading into one reused buffer is several times faster than a new array for each file, and
 * memory stays that of the largest file.
 *
 * @module
 */

/** Most files are small, and the buffers of thousands of bundles wait for the garbage collector. */
const FIRST_CAPACITY = 16 * 1024;

const lenient = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A source of bytes, such as an open file. */
export interface ByteSource {
  /** Reads some bytes into `buffer` and returns how many; null at the end. */
  readSync(buffer: Uint8Array): number | null;
}

/** The text is not UTF-8, or starts with a byte order mark. */
export class TextEncodingError extends SyntaxError {
  override readonly name = "TextEncodingError";
}

/** Growing storage for the bytes of one file. A NUL follows the last byte. */
export class ByteBuffer {
  /** The storage; only the first `length` bytes are from the file. */
  bytes: Uint8Array<ArrayBuffer>;
  #words: Float64Array<ArrayBuffer> | undefined;
  /** Number of bytes of the file. */
  length = 0;

  /** Creates storage for `capacity` bytes, a multiple of eight; it grows on demand. */
  constructor(capacity: number = FIRST_CAPACITY) {
    this.bytes = new Uint8Array(capacity);
  }

  /**
   * The same storage as words of eight bytes, for comparing. Equal bytes may make words that are
   * not equal (NaN), and unequal bytes words that are (0 and -0).
   */
  get words(): Float64Array<ArrayBuffer> {
    return this.#words ??= wordsOf(this.bytes);
  }

  /**
   * Replaces the content by the rest of `file`, or by its first bytes if there are more than `max`.
   *
   * @returns Whether the rest was read completely.
   */
  fill(file: ByteSource, max: number): boolean {
    this.length = 0;
    return this.extend(file, max);
  }

  /**
   * Appends the rest of `file`, or its first bytes if the content then has more than `max`.
   *
   * @returns Whether the rest was read completely.
   */
  extend(file: ByteSource, max: number): boolean {
    for (;;) {
      const room = this.bytes.length - this.length - 1;
      if (room === 0) {
        if (this.length > max) return false;
        // Enough to find out that a file has more bytes than `max`.
        this.#grow(Math.min(this.bytes.length * 2, max + 3));
        continue;
      }
      const read = file.readSync(
        this.bytes.subarray(this.length, this.length + room),
      );
      if (read === null) break;
      this.length += read;
      // A short read is the end of a regular file; a file that grows is read up to here.
      if (read < room) break;
    }
    this.bytes[this.length] = 0;
    return this.length <= max;
  }

  /**
   * Replaces the content by the next bytes of `file`, as many as there is room for.
   *
   * @returns Whether there may be more.
   */
  fillOnce(file: ByteSource): boolean {
    this.length = file.readSync(this.bytes) ?? 0;
    return this.length === this.bytes.length;
  }

  /** Replaces everything from `start` by `bytes`. */
  replaceFrom(start: number, bytes: Uint8Array): void {
    const length = start + bytes.length;
    this.#reserve(length);
    this.bytes.set(bytes, start);
    this.bytes[length] = 0;
    this.length = length;
  }

  /** Replaces everything from `start` by the bytes of `other` from `from`. */
  copyFrom(start: number, other: ByteBuffer, from: number): void {
    this.replaceFrom(start, other.from(from));
  }

  /** Makes room for `capacity` bytes, a multiple of eight, for the next content. */
  ensureCapacity(capacity: number): void {
    if (capacity > this.bytes.length) this.#grow(capacity);
  }

  #reserve(length: number): void {
    if (length >= this.bytes.length) this.#grow(2 * (length + 1));
  }

  /** Returns the bytes from `start`. Valid until the content changes. */
  from(start: number): Uint8Array {
    return this.bytes.subarray(start, this.length);
  }

  #grow(min: number): void {
    const capacity = (min + 7) & ~7;
    const bytes = new Uint8Array(capacity);
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.#words = undefined;
  }

  /**
   * Returns the bytes from `start` to `end` as text.
   *
   * @throws {TextEncodingError} If they are not UTF-8.
   */
  text(start: number = 0, end: number = this.length): string {
    return decodeUtf8(this.bytes.subarray(start, end));
  }
}

/** Returns the bytes of all arrays in one. */
export function concatBytes(
  arrays: readonly Uint8Array[],
): Uint8Array<ArrayBuffer> {
  const length = arrays.reduce((sum, array) => sum + array.length, 0);
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const array of arrays) {
    bytes.set(array, at);
    at += array.length;
  }
  return bytes;
}

/**
 * Returns bytes as text. A byte order mark is kept.
 *
 * @throws {TextEncodingError} If they are not UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array): string {
  const text = lenient.decode(bytes);
  const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (!hasMark && !text.includes("\ufffd")) return text;
  // The fast decoder drops a byte order mark and replaces invalid sequences; this one does not.
  try {
    return strict.decode(bytes);
  } catch {
    throw new TextEncodingError("stream did not contain valid UTF-8");
  }
}

function wordsOf(bytes: Uint8Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = bytes;
  return new Float64Array(buffer, byteOffset, length >> 3);
}
