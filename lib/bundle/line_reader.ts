/**
 * Lines of a file, one at a time: a log may be larger than a string can be.
 *
 * @module
 */

const FIRST_CAPACITY = 256 * 1024;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** Where bytes come from, such as an open file. */
export interface ByteSource {
  /** Reads some bytes into `buffer` and tells how many; null at the end. */
  readSync(buffer: Uint8Array): number | null;
}

/** One line of a file. */
export interface Line {
  /** Its number, counted from 1. */
  readonly number: number;
  /** Its bytes without the line end, LF or CR LF. Valid until the next line is read. */
  readonly bytes: Uint8Array;
  /** Whether a line end follows; only the last line may lack it. */
  readonly ended: boolean;
}

/** Reads lines through one buffer, which grows to hold the longest of them. */
export class LineReader {
  readonly #source: ByteSource;
  #buffer = new Uint8Array(FIRST_CAPACITY);
  /** What is read and not yet handed out stands from `start` to `end`. */
  #start = 0;
  #end = 0;
  #number = 0;

  /** Reads from wherever `source` stands. */
  constructor(source: ByteSource) {
    this.#source = source;
  }

  /** The next line, `undefined` after the last. */
  next(): Line | undefined {
    let searched = this.#start;
    while (true) {
      const found = this.#buffer.indexOf(LINE_FEED, searched);
      if (found >= 0 && found < this.#end) return this.#take(found, true);
      searched = this.#end - this.#start;
      if (!this.#fill()) break;
    }
    return this.#end > this.#start ? this.#take(this.#end, false) : undefined;
  }

  #take(end: number, ended: boolean): Line {
    const start = this.#start;
    this.#start = ended ? end + 1 : end;
    const hasReturn = ended && end > start &&
      this.#buffer[end - 1] === CARRIAGE_RETURN;
    return {
      number: ++this.#number,
      bytes: this.#buffer.subarray(start, hasReturn ? end - 1 : end),
      ended,
    };
  }

  /** Moves the unfinished line to the front and reads on; false at the end of the file. */
  #fill(): boolean {
    const kept = this.#buffer.subarray(this.#start, this.#end);
    if (kept.length === this.#buffer.length) {
      this.#buffer = new Uint8Array(2 * kept.length);
    }
    this.#buffer.set(kept);
    this.#start = 0;
    this.#end = kept.length;
    const read = this.#source.readSync(this.#buffer.subarray(this.#end));
    this.#end += read ?? 0;
    return read !== null;
  }
}
