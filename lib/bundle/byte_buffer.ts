/**
 * A file's bytes in a buffer that is used again for the next file.
 *
 * Reading into one reused buffer is several times faster than a new array for each file, and
 * memory stays that of the largest file.
 *
 * @module
 */

const FIRST_CAPACITY = 64 * 1024;

const lenient = new TextDecoder();
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The text is not UTF-8, or begins with a byte order mark. */
export class TextEncodingError extends SyntaxError {
  override readonly name = "TextEncodingError";
}

/** Growing storage for the bytes of one file. A NUL stands after the last byte. */
export class ByteBuffer {
  /** The storage; only the first `length` bytes are the file's. */
  bytes: Uint8Array<ArrayBuffer> = new Uint8Array(FIRST_CAPACITY);
  /** The same storage as words of four bytes, for comparing. */
  words: Int32Array<ArrayBuffer> = new Int32Array(this.bytes.buffer);
  /** How many bytes the file has. */
  length = 0;

  /**
   * Replaces the content by what `file` still holds, or by its first bytes where there are
   * more than `most`.
   *
   * @returns Whether that was all of it.
   */
  fill(file: Deno.FsFile, most: number): boolean {
    this.length = 0;
    for (;;) {
      const room = this.bytes.length - this.length - 1;
      if (room === 0) {
        if (this.length > most) return false;
        this.#grow(most);
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
    return this.length <= most;
  }

  /** Doubles the room, up to what shows that a file has more bytes than `most`. */
  #grow(most: number): void {
    const enough = (most + 6) & ~3;
    const bytes = new Uint8Array(Math.min(this.bytes.length * 2, enough));
    bytes.set(this.bytes);
    this.bytes = bytes;
    this.words = new Int32Array(bytes.buffer);
  }

  /**
   * The bytes from `start` to `end` as text.
   *
   * @throws {TextEncodingError} If they are not UTF-8.
   */
  text(start: number = 0, end: number = this.length): string {
    const bytes = this.bytes.subarray(start, end);
    const text = lenient.decode(bytes);
    const hasMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    if (!hasMark && !text.includes("\ufffd")) return text;
    // The quick decoder drops a byte order mark and hides broken sequences; this one does not.
    try {
      return strict.decode(bytes);
    } catch {
      throw new TextEncodingError("stream did not contain valid UTF-8");
    }
  }
}
