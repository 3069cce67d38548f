/**
 * Checks the log as text: its bytes, line endings and blank lines.
 *
 * @module
 */

import type { LineFault } from "../bundle/log/event_log.ts";
import type { LineOrder, OrderedEvent } from "../bundle/log/event_order.ts";
import type { ByteSource } from "../bundle/log/line_reader.ts";
import type { LogObserver } from "../replay.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import type { FindingSink, NewFinding } from "./report.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Observes a log while it is read, and passes its bytes, lines and events on. */
export class LineCheck implements LogObserver {
  readonly #source: ByteSource;
  readonly #order: LineOrder | undefined;
  readonly #onEvent: (event: OrderedEvent) => void;
  readonly #sink: FindingSink;
  #bytes = 0;
  #lineFeeds = 0;
  #lastByte = LINE_FEED;
  #hasMark = true;
  #returns = 0;
  #firstReturn = 0;
  /** The last line that is not blank. */
  #line = 0;
  #blanks = 0;
  #firstBlank = 0;
  #faultyLine = 0;
  #stoppedEarly = false;

  /** Reads from `source`; `order` has the schema's rules of order, `onEvent` gets every event. */
  constructor(
    source: ByteSource,
    order: LineOrder | undefined,
    onEvent: (event: OrderedEvent) => void,
    sink: FindingSink,
  ) {
    this.#source = source;
    this.#order = order;
    this.#onEvent = onEvent;
    this.#sink = sink;
  }

  /** Bytes read so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Lines read so far, including a last line without a line feed. */
  get lines(): number {
    return this.#lineFeeds + (this.#lacksFinalNewline ? 1 : 0);
  }

  /** Whether reading stopped before the end of the log. */
  get stoppedEarly(): boolean {
    return this.#stoppedEarly;
  }

  get #lacksFinalNewline(): boolean {
    return this.#bytes > 0 && this.#lastByte !== LINE_FEED;
  }

  /** Reads the next bytes. */
  readSync(buffer: Uint8Array): number | null {
    const read = this.#source.readSync(buffer);
    if (read !== null && read > 0) this.#inspect(buffer.subarray(0, read));
    return read;
  }

  /** Must be called before every line that is not blank. */
  beforeLine(line: number): void {
    this.#reach(line);
    if (line === 1 && this.#hasMark && this.#bytes >= BYTE_ORDER_MARK.length) {
      this.#report({
        code: "byte_order_mark",
        line,
        message:
          "the log starts with a byte order mark, which JSON does not allow",
      });
    }
    this.#order?.beforeLine(line);
  }

  /** Must be called for every event. */
  afterEvent(event: OrderedEvent): void {
    this.#onEvent(event);
    this.#order?.afterEvent(event);
  }

  /** Must be called for every malformed line. */
  observeFault({ line, endsReading }: LineFault): void {
    this.#reach(line);
    this.#faultyLine = line;
    if (endsReading) this.#stoppedEarly = true;
  }

  /** Must be called after the last line: reports what is unusual about the log as text. */
  finish(): void {
    if (!this.#stoppedEarly) this.#reach(this.lines + 1);
    if (this.#blanks > 0) {
      this.#report({
        code: "blank_lines",
        severity: "note",
        line: this.#firstBlank,
        message: `${count(this.#blanks, "line is", "lines are")} blank`,
      });
    }
    if (this.#returns > 0) {
      this.#report({
        code: "carriage_returns",
        severity: "note",
        line: this.#firstReturn,
        message: `${count(this.#returns, "line ends", "lines end")} with CR LF`,
      });
    }
    if (
      this.#lacksFinalNewline && !this.#stoppedEarly &&
      this.#faultyLine !== this.lines
    ) {
      this.#report({
        code: "missing_final_newline",
        line: this.lines,
        message:
          "the last line has no line feed: the recording was interrupted or is in progress",
      });
    }
  }

  #reach(line: number): void {
    const between = line - this.#line - 1;
    if (between > 0) {
      if (this.#blanks === 0) this.#firstBlank = this.#line + 1;
      this.#blanks += between;
    }
    this.#line = Math.max(line, this.#line);
  }

  #inspect(chunk: Uint8Array): void {
    for (let i = this.#bytes; i < BYTE_ORDER_MARK.length; i++) {
      const byte = chunk[i - this.#bytes];
      if (byte === undefined) break;
      this.#hasMark &&= byte === BYTE_ORDER_MARK[i];
    }
    // A log that a recorder wrote has no carriage returns.
    const hasReturns = this.#lastByte === CARRIAGE_RETURN ||
      chunk.includes(CARRIAGE_RETURN);
    for (
      let at = chunk.indexOf(LINE_FEED);
      at >= 0;
      at = chunk.indexOf(LINE_FEED, at + 1)
    ) {
      this.#lineFeeds++;
      if (!hasReturns) continue;
      const byte = at === 0 ? this.#lastByte : chunk[at - 1];
      if (byte !== CARRIAGE_RETURN) continue;
      if (this.#returns++ === 0) this.#firstReturn = this.#lineFeeds;
    }
    this.#bytes += chunk.length;
    this.#lastByte = chunk.at(-1) ?? this.#lastByte;
  }

  #report(
    finding:
      & Pick<NewFinding, "code" | "message">
      & Partial<NewFinding>,
  ): void {
    this.#sink({ severity: "warning", file: EVENT_LOG_FILE, ...finding });
  }
}

function count(n: number, one: string, many: string): string {
  return n === 1 ? `1 ${one}` : `${n} ${many}`;
}
