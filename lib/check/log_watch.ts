/**
 * Watches over the log as a text: how many lines and bytes, and how they end.
 *
 * @module
 */

import type { LineFault } from "../bundle/log/event_log.ts";
import type { LineOrder, OrderedEvent } from "../bundle/log/event_order.ts";
import type { ByteSource } from "../bundle/log/line_reader.ts";
import type { LogObserver } from "../replay_source.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import type { FindingSink, NewFinding } from "./finding.ts";

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** Hears of the bytes of one log, of its lines, and of its events. */
export class LogWatch implements LogObserver {
  readonly #source: ByteSource;
  readonly #order: LineOrder | undefined;
  readonly #onEvent: (event: OrderedEvent) => void;
  readonly #sink: FindingSink;
  #bytes = 0;
  #lineFeeds = 0;
  #last = LINE_FEED;
  #marked = true;
  #returns = 0;
  #firstReturn = 0;
  /** The last line that was no blank one. */
  #line = 0;
  #blanks = 0;
  #firstBlank = 0;
  #faultyLine = 0;
  #isCut = false;

  /** Reads from `source`; `order` is what the schema demands of the events, `onEvent` hears them. */
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

  /** Lines read so far, the last without its end included. */
  get lines(): number {
    return this.#lineFeeds + (this.#isTorn ? 1 : 0);
  }

  /** Whether reading stopped before the end of the log. */
  get isCut(): boolean {
    return this.#isCut;
  }

  get #isTorn(): boolean {
    return this.#bytes > 0 && this.#last !== LINE_FEED;
  }

  /** Reads on. */
  readSync(buffer: Uint8Array): number | null {
    const read = this.#source.readSync(buffer);
    if (read !== null && read > 0) this.#look(buffer.subarray(0, read));
    return read;
  }

  /** Hears of every line that is not blank. */
  beforeLine(line: number): void {
    this.#reach(line);
    if (line === 1 && this.#marked && this.#bytes >= BYTE_ORDER_MARK.length) {
      this.#tell({
        code: "byte_order_mark",
        line,
        message: "the log begins with a byte order mark, which JSON has not",
      });
    }
    this.#order?.beforeLine(line);
  }

  /** Hears of every event. */
  afterEvent(event: OrderedEvent): void {
    this.#onEvent(event);
    this.#order?.afterEvent(event);
  }

  /** Hears of every line that is at fault. */
  observeFault({ line, endsReading }: LineFault): void {
    this.#reach(line);
    this.#faultyLine = line;
    if (endsReading) this.#isCut = true;
  }

  /** Hears that there is no more, and tells what the log is like as a text. */
  finish(): void {
    if (!this.#isCut) this.#reach(this.lines + 1);
    if (this.#blanks > 0) {
      this.#tell({
        code: "blank_lines",
        severity: "note",
        line: this.#firstBlank,
        message: `${count(this.#blanks, "line is", "lines are")} blank`,
      });
    }
    if (this.#returns > 0) {
      this.#tell({
        code: "carriage_returns",
        severity: "note",
        line: this.#firstReturn,
        message: `${count(this.#returns, "line ends", "lines end")} with CR LF`,
      });
    }
    if (this.#isTorn && !this.#isCut && this.#faultyLine !== this.lines) {
      this.#tell({
        code: "missing_final_newline",
        line: this.lines,
        message:
          "the last line has no line feed: the recording was cut off there, or still goes on",
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

  #look(chunk: Uint8Array): void {
    for (let i = this.#bytes; i < BYTE_ORDER_MARK.length; i++) {
      const byte = chunk[i - this.#bytes];
      if (byte === undefined) break;
      this.#marked &&= byte === BYTE_ORDER_MARK[i];
    }
    // In a log as recorders leave it, no byte is a carriage return.
    const hasReturns = this.#last === CARRIAGE_RETURN ||
      chunk.includes(CARRIAGE_RETURN);
    for (
      let at = chunk.indexOf(LINE_FEED);
      at >= 0;
      at = chunk.indexOf(LINE_FEED, at + 1)
    ) {
      this.#lineFeeds++;
      if (!hasReturns) continue;
      const byte = at === 0 ? this.#last : chunk[at - 1];
      if (byte !== CARRIAGE_RETURN) continue;
      if (this.#returns++ === 0) this.#firstReturn = this.#lineFeeds;
    }
    this.#bytes += chunk.length;
    this.#last = chunk.at(-1) ?? this.#last;
  }

  #tell(
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
