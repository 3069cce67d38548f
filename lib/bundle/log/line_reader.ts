/**
 * Reads the lines of a file one at a time: a log may be longer than a string can be.
 *
 * @module
 */

import { LimitError } from "../../errors.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import type { ByteSource } from "../byte_buffer.ts";

const FIRST_CAPACITY = 64 * 1024;
/**
 * Bytes of lines that are too long that are read to find their ends, together. A sparse file may
 * have any number of them.
 */
const MAX_SKIPPED_BYTES = 1024 * 1024 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array();

export type { ByteSource };

/** One line of a file. */
export interface Line {
  /** Its number, from 1. */
  readonly number: number;
  /** Its bytes without LF or CR LF. Valid until the next line is read. */
  readonly bytes: Uint8Array;
  /** Whether it has a line end; only the last line may have none. */
  readonly ended: boolean;
  /** Whether it is longer than the limit. Then it has no bytes, and its end was not searched. */
  readonly tooLong: boolean;
}

/** Reads lines through one buffer, which grows up to the maximum length of a line. */
export class LineReader {
  readonly #source: ByteSource;
  readonly #maxBytes: number;
  readonly #isGrowing: boolean;
  #buffer = new Uint8Array(FIRST_CAPACITY);
  /** What was read into the buffer; the rest of it is not touched. */
  #read = this.#buffer.subarray(0, 0);
  /** The bytes from `start` to the end of `read` were not returned yet. */
  #start = 0;
  #number = 0;
  #skipped = 0;
  /** Whether the next bytes are the rest of a line that was too long. */
  #inTooLong = false;

  /**
   * Reads from the current position of `source`; a line may have up to `maxBytes` bytes.
   *
   * @param isGrowing Whether the file is still written: a line without a line end is not returned,
   * and after the last line, `next` returns those that were written since.
   */
  constructor(source: ByteSource, maxBytes: number, isGrowing = false) {
    this.#source = source;
    this.#maxBytes = maxBytes;
    this.#isGrowing = isGrowing;
  }

  /**
   * Returns the next line, `undefined` after the last one.
   *
   * @throws {LimitError} If lines that are too long have more than a gigabyte.
   */
  next(): Line | undefined {
    if (this.#inTooLong && !this.#skipLine()) return undefined;
    let searched = this.#start;
    while (true) {
      const found = this.#read.indexOf(LINE_FEED, searched);
      if (found >= 0) return this.#take(found, true);
      const length = this.#read.length - this.#start;
      if (length > this.#maxBytes) return this.#refuse(false);
      searched = length;
      if (!this.#fill()) break;
    }
    if (this.#isGrowing) return undefined;
    const end = this.#read.length;
    return end > this.#start ? this.#take(end, false) : undefined;
  }

  #take(end: number, ended: boolean): Line {
    const start = this.#start;
    this.#start = ended ? end + 1 : end;
    if (end - start > this.#maxBytes) return this.#refuse(true);
    const hasReturn = ended && end > start &&
      this.#buffer[end - 1] === CARRIAGE_RETURN;
    return {
      number: ++this.#number,
      bytes: this.#buffer.subarray(start, hasReturn ? end - 1 : end),
      ended,
      tooLong: false,
    };
  }

  /** Returns a line that is too long; `isRead` is whether it was read completely. */
  #refuse(isRead: boolean): Line {
    this.#inTooLong = !isRead;
    return {
      number: ++this.#number,
      bytes: NOTHING,
      ended: isRead,
      tooLong: true,
    };
  }

  /** Skips the rest of a line; returns false if its end is not written yet. */
  #skipLine(): boolean {
    while (true) {
      const found = this.#read.indexOf(LINE_FEED, this.#start);
      if (found >= 0) {
        this.#start = found + 1;
        this.#inTooLong = false;
        return true;
      }
      this.#skipped += this.#read.length - this.#start;
      if (this.#skipped > MAX_SKIPPED_BYTES) throw this.#endless();
      this.#start = this.#read.length;
      if (this.#fill()) continue;
      this.#inTooLong = this.#isGrowing;
      return !this.#isGrowing;
    }
  }

  #endless(): LimitError {
    const what = "continues for 1 GB beyond";
    const position = { file: EVENT_LOG_FILE, line: this.#number };
    return new LimitError("line", this.#maxBytes, what, position);
  }

  /** Moves the unfinished line to the front and reads more; returns false at the end of the file. */
  #fill(): boolean {
    const kept = this.#read.subarray(this.#start);
    if (kept.length === this.#buffer.length) {
      // The kept bytes are within the limit, so the new buffer always has room for more.
      const max = this.#maxBytes + FIRST_CAPACITY;
      this.#buffer = new Uint8Array(Math.min(2 * kept.length, max));
    }
    this.#buffer.set(kept);
    this.#start = 0;
    const read = this.#source.readSync(this.#buffer.subarray(kept.length));
    this.#read = this.#buffer.subarray(0, kept.length + (read ?? 0));
    return read !== null;
  }
}
