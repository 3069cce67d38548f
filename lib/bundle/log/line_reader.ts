/**
 * Lines of a file, one at a time: a log may be larger than a string can be.
 *
 * @module
 */

import type { ByteSource } from "../byte_buffer.ts";

const FIRST_CAPACITY = 256 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const NOTHING = new Uint8Array();

export type { ByteSource };

/** One line of a file. */
export interface Line {
  /** Its number, counted from 1. */
  readonly number: number;
  /** Its bytes without the line end, LF or CR LF. Valid until the next line is read. */
  readonly bytes: Uint8Array;
  /** Whether a line end follows; only the last line may lack it. */
  readonly ended: boolean;
  /** Whether it is longer than allowed. Then it has no bytes, and its end was not looked for. */
  readonly tooLong: boolean;
}

/** Reads lines through one buffer, which grows to hold the longest of them that is allowed. */
export class LineReader {
  readonly #source: ByteSource;
  readonly #longest: number;
  #buffer = new Uint8Array(FIRST_CAPACITY);
  /** What is read and not yet handed out stands from `start` to `end`. */
  #start = 0;
  #end = 0;
  #number = 0;
  /** Whether what comes next is the rest of a line that was too long. */
  #inTooLong = false;

  /** Reads from wherever `source` stands; lines may have as many bytes as `longest`. */
  constructor(source: ByteSource, longest: number) {
    this.#source = source;
    this.#longest = longest;
  }

  /** The next line, `undefined` after the last. */
  next(): Line | undefined {
    if (this.#inTooLong) this.#passLine();
    let searched = this.#start;
    while (true) {
      const found = this.#buffer.indexOf(LINE_FEED, searched);
      if (found >= 0 && found < this.#end) return this.#take(found, true);
      if (this.#end - this.#start > this.#longest) return this.#refuse(false);
      searched = this.#end - this.#start;
      if (!this.#fill()) break;
    }
    return this.#end > this.#start ? this.#take(this.#end, false) : undefined;
  }

  #take(end: number, ended: boolean): Line {
    const start = this.#start;
    this.#start = ended ? end + 1 : end;
    if (end - start > this.#longest) return this.#refuse(true);
    const hasReturn = ended && end > start &&
      this.#buffer[end - 1] === CARRIAGE_RETURN;
    return {
      number: ++this.#number,
      bytes: this.#buffer.subarray(start, hasReturn ? end - 1 : end),
      ended,
      tooLong: false,
    };
  }

  /** The line is too long; `isPassed` tells whether all of it was read. */
  #refuse(isPassed: boolean): Line {
    this.#inTooLong = !isPassed;
    return {
      number: ++this.#number,
      bytes: NOTHING,
      ended: isPassed,
      tooLong: true,
    };
  }

  /** Reads on to the next line and keeps nothing. */
  #passLine(): void {
    this.#inTooLong = false;
    while (true) {
      const found = this.#buffer.indexOf(LINE_FEED, this.#start);
      if (found >= 0 && found < this.#end) {
        this.#start = found + 1;
        return;
      }
      this.#start = this.#end;
      if (!this.#fill()) return;
    }
  }

  /** Moves the unfinished line to the front and reads on; false at the end of the file. */
  #fill(): boolean {
    const kept = this.#buffer.subarray(this.#start, this.#end);
    if (kept.length === this.#buffer.length) {
      // What is kept is no longer than allowed, so there is always room for more.
      const most = this.#longest + FIRST_CAPACITY;
      this.#buffer = new Uint8Array(Math.min(2 * kept.length, most));
    }
    this.#buffer.set(kept);
    this.#start = 0;
    this.#end = kept.length;
    const read = this.#source.readSync(this.#buffer.subarray(this.#end));
    this.#end += read ?? 0;
    return read !== null;
  }
}
