/**
 * Reads the event log: decodes its lines as events, in the order of the file.
 *
 * @module
 */

import type { LineOrder, OrderedEvent } from "./event_order.ts";
import { type ByteSource, type Line, LineReader } from "./line_reader.ts";
import { LogLimits } from "./log_limits.ts";
import { type AbridgedLine, PartLists } from "./part_lists.ts";
import {
  BundleFormatError,
  LimitError,
  quote,
  ReplayError,
} from "../../errors.ts";
import { DecodeError } from "../../format/decode/decode.ts";
import type { DecodedEvent } from "../../format/event.ts";
import {
  type DecodedLine,
  type EventDecoder,
  UnknownEventTypeError,
} from "../../format/events/event_decoder.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import { type DamagedLine, searchDamagedLine } from "./damaged_line.ts";
import { prefixOf } from "../../text/truncate.ts";

/** A blank line of the reference: only Unicode white space, without U+FEFF. */
const BLANK =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/;
// Without `fatal` decoding is several times faster. Errors are found by U+FFFD in the result.
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NOT_UTF8 = "line is not UTF-8";
/** Added to faults of a last line without a line feed, which no recorder writes on purpose. */
const TORN = "the log ends within this line: the recording was interrupted, " +
  "or is still running";

/** Maximum number of reported characters of an unknown event type. */
const MAX_UNKNOWN_TYPE = 200;

type LineError = BundleFormatError | ReplayError | LimitError;

/** A line that is not an event, or an event out of order. */
export interface LineFault {
  readonly error: LineError;
  readonly line: number;
  /** Whether the line ends with a line feed; the last line may be truncated. */
  readonly lineEnded: boolean;
  /** The event, if the line is one. */
  readonly decoded?: DecodedEvent;
  /** The event, if the line is one of a type that the schema does not have. */
  readonly unknown?: OrderedEvent;
  /** What was found in the line, if it is damaged. */
  readonly damaged?: DamagedLine<DecodedEvent>;
  /** Whether reading ends with it. */
  readonly endsReading?: boolean;
}

/**
 * Decides about a faulty line: keeps its event, skips the line, or throws.
 */
export type FaultPolicy = (fault: LineFault) => "keep" | "skip";

/** Throws the error of every faulty line. */
export const STRICT: FaultPolicy = ({ error }) => {
  throw error;
};

/**
 * Decodes the events of a log one by one; blank lines are skipped.
 *
 * @param source The log, open at its start. The caller closes it.
 * @param decoder Knows the events of the schema.
 * @param order Checks the order of the events.
 * @param onFault Decides about faulty lines; by default each ends the reading.
 * @param limits The limits of the log.
 * @throws {BundleFormatError} If a line is not UTF-8, or not an event of the schema.
 * @throws {LimitError} If the log exceeds a limit.
 */
export function readEventLog(
  source: ByteSource,
  decoder: EventDecoder,
  order?: LineOrder,
  onFault: FaultPolicy = STRICT,
  limits: LogLimits = new LogLimits(),
): Generator<DecodedEvent, void> {
  return new EventLogReader(source, decoder, order, onFault, limits).events();
}

/** Reads a log in one or several passes, if it is still written. */
export class EventLogReader {
  readonly #decoder: EventDecoder;
  readonly #order: LineOrder | undefined;
  readonly #onFault: FaultPolicy;
  readonly #policy: FaultPolicy;
  readonly #limits: LogLimits;
  readonly #isGrowing: boolean;
  readonly #lines: LineReader;
  readonly #lists = new PartLists();
  #faults = 0;
  #number = 1;

  /** With `isGrowing`, a line without a line end waits, and the number of events has no limit. */
  constructor(
    source: ByteSource,
    decoder: EventDecoder,
    order: LineOrder | undefined,
    onFault: FaultPolicy,
    limits: LogLimits,
    isGrowing = false,
  ) {
    const bytes = limits.countBytes(source);
    this.#lines = new LineReader(bytes, limits.maxLineBytes, isGrowing);
    this.#decoder = decoder;
    this.#order = order;
    this.#onFault = onFault;
    this.#policy = onFault === STRICT ? STRICT : (fault) => {
      this.#faults++;
      return onFault(fault);
    };
    this.#limits = limits;
    this.#isGrowing = isGrowing;
  }

  /** Yields the events up to the end of the log; in a later pass, those that were appended. */
  *events(): Generator<DecodedEvent, void> {
    for (;; this.#number++) {
      let decoded: readonly DecodedEvent[] = [];
      try {
        const line = this.#lines.next();
        if (line === undefined) return;
        decoded = this.#eventsOf(line);
      } catch (error) {
        // The policy already knows the faults of a line. This is a limit of the log.
        if (!(error instanceof LimitError)) throw error;
        const line = this.#number;
        this.#onFault({ error, line, lineEnded: true, endsReading: true });
        return;
      }
      yield* decoded;
    }
  }

  #eventsOf(line: Line): readonly DecodedEvent[] {
    const policy = this.#policy;
    if (this.#faults >= MAX_EXPLAINED && isNoEvent(line)) {
      return skipped(line, policy);
    }
    const [order, limits] = [this.#order, this.#limits];
    const [decoder, lists] = [this.#decoder, this.#lists];
    const events = readLine(line, decoder, lists, order, policy, limits);
    for (const event of this.#isGrowing ? [] : events) limits.countEvent(event);
    return events;
  }
}

const NO_EVENTS: readonly DecodedEvent[] = [];

/** Faults of a log that are explained; of more, lines that are clearly no events are only counted. */
const MAX_EXPLAINED = 1000;
/** Bytes that every event has; the shortest has 40, as an array. */
const MIN_EVENT_BYTES = 32;

/** Whether a line is shorter than every event, and not blank. */
function isNoEvent({ bytes }: Line): boolean {
  return bytes.length < MIN_EVENT_BYTES && !BLANK.test(lenient.decode(bytes));
}

/** Neither is thrown, nor made for each line: that takes most of the time. */
const TOO_SHORT = new BundleFormatError("is too short for an event", {
  file: EVENT_LOG_FILE,
});
const NULS = new BundleFormatError("NUL bytes", { file: EVENT_LOG_FILE });

/** Reports a line that is no event without explaining it. */
function skipped(
  { number: line, bytes, ended: lineEnded }: Line,
  onFault: FaultPolicy,
): readonly DecodedEvent[] {
  if (bytes.every((byte) => byte === 0)) {
    const damaged = { events: NO_EVENTS, nuls: NULS.reason };
    onFault({ error: NULS, line, lineEnded, damaged });
  } else onFault({ error: TOO_SHORT, line, lineEnded });
  return NO_EVENTS;
}

/**
 * Returns the event of a line; none if it is blank or skipped. A damaged line may
 * have several.
 */
function readLine(
  line: Line,
  decoder: EventDecoder,
  lists: PartLists,
  order: LineOrder | undefined,
  onFault: FaultPolicy,
  limits: LogLimits,
): readonly DecodedEvent[] {
  let decoded: DecodedEvent | undefined;
  let unknown: OrderedEvent | undefined;
  let damaged: DamagedLine<DecodedEvent> | undefined;
  const isKept = (check: () => void): boolean => {
    try {
      check();
      return true;
    } catch (error) {
      if (!isLineError(error)) throw error;
      const { number, ended: lineEnded } = line;
      return onFault({
        error,
        line: number,
        lineEnded,
        ...(decoded === undefined ? {} : { decoded }),
        ...(unknown === undefined ? {} : { unknown }),
        ...(damaged === undefined ? {} : { damaged }),
      }) === "keep";
    }
  };
  let text: LineText = { full: "" };
  const isText = isKept(() => {
    try {
      text = textOf(line, lists, limits);
    } catch (error) {
      if (onFault !== STRICT) damaged = searchBytes(line, decoder, error);
      throw error;
    }
  });
  if (!isText) return inOrder(damaged, isKept, order);
  if (BLANK.test(text.full)) return NO_EVENTS;
  // What begins with damage is no event that follows another.
  const isDamage = onFault !== STRICT && text.full.startsWith("\0");
  if (!isDamage && !isKept(() => order?.beforeLine(line.number))) {
    return NO_EVENTS;
  }
  isKept(() => {
    let read: DecodedEvent | OrderedEvent;
    try {
      read = decodeLine(text, decoder, lists, line);
    } catch (error) {
      if (onFault === STRICT || !isTextError(error)) throw error;
      damaged = searchDamagedLine(text.full, completeEventOf(line, decoder));
      throw damaged.nuls === null ? error : new BundleFormatError(
        damaged.nuls,
        { file: EVENT_LOG_FILE, line: line.number },
      );
    }
    if ("meaning" in read) decoded = read;
    else throw unknownType(unknown = read);
  });
  // An unknown event also has a sequence number.
  const skipped = unknown;
  if (skipped !== undefined) isKept(() => order?.afterEvent(skipped));
  const event = decoded;
  if (event === undefined) return inOrder(damaged, isKept, order);
  return isKept(() => order?.afterEvent(event)) ? [event] : NO_EVENTS;
}

/** Returns the events of a damaged line that are in order, or kept in spite of it. */
function inOrder(
  damaged: DamagedLine<DecodedEvent> | undefined,
  isKept: (check: () => void) => boolean,
  order: LineOrder | undefined,
): readonly DecodedEvent[] {
  if (damaged === undefined) return NO_EVENTS;
  return damaged.events.filter((event) =>
    isKept(() => order?.afterEvent(event))
  );
}

/** Searches a line that is not UTF-8; an event with a broken character is skipped. */
function searchBytes(
  line: Line,
  decoder: EventDecoder,
  error: unknown,
): DamagedLine<DecodedEvent> | undefined {
  if (!(error instanceof BundleFormatError)) return undefined;
  const decode = completeEventOf(line, decoder);
  return searchDamagedLine(
    lenient.decode(line.bytes),
    (text) => text.includes("\ufffd") ? undefined : decode(text),
  );
}

/** Returns a function that decodes a text as an event of a line. */
function completeEventOf(
  { number: line, ended: lineEnded }: Line,
  decoder: EventDecoder,
): (text: string) => DecodedEvent | undefined {
  return (text) => {
    try {
      return { ...decoder.decode(text), line, lineEnded };
    } catch (error) {
      if (error instanceof DecodeError) return undefined;
      throw error;
    }
  };
}

/** Returns whether a line is no JSON text, as opposed to one that is not an event. */
function isTextError(error: unknown): boolean {
  return error instanceof BundleFormatError && !error.path;
}

function isLineError(error: unknown): error is LineError {
  return error instanceof BundleFormatError || error instanceof ReplayError ||
    error instanceof LimitError;
}

/** Returns the error for an event type that the schema does not have. */
function unknownType({ event, line }: OrderedEvent): BundleFormatError {
  return new BundleFormatError(`unknown variant ${quote(event.payload.type)}`, {
    file: EVENT_LOG_FILE,
    line,
    path: "payload.type",
  });
}

function decodeLine(
  text: LineText,
  decoder: EventDecoder,
  lists: PartLists,
  { number: line, ended: lineEnded }: Line,
): DecodedEvent | OrderedEvent {
  try {
    const decoded = decodeAbridged(text.abridged, decoder, lists) ??
      decoder.decode(text.full);
    return { ...decoded, line, lineEnded };
  } catch (error) {
    if (error instanceof UnknownEventTypeError) {
      const { envelope } = error;
      const type = excerptOf(error.type);
      return { event: { ...envelope, payload: { type } }, line };
    }
    if (!(error instanceof DecodeError)) throw error;
    const position = { file: EVENT_LOG_FILE, line, path: error.path };
    // Only a text that is not JSON is truncated; any other only has no line feed.
    const isTorn = !lineEnded && error.path === "";
    const reason = isTorn ? `${error.reason} (${TORN})` : error.reason;
    throw new BundleFormatError(reason, position, { cause: error });
  }
}

/** Returns the event of an abridged line; `undefined` if the full line must be decoded. */
function decodeAbridged(
  line: AbridgedLine | undefined,
  decoder: EventDecoder,
  lists: PartLists,
): DecodedLine | undefined {
  if (line === undefined) return undefined;
  try {
    const decoded = decoder.decode(line.text, line.shared);
    if (line.shared.list === undefined) return undefined;
    lists.keep(line, decoded);
    return decoded;
  } catch (error) {
    // The full line is decoded to report the error with its position.
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Returns an excerpt of an unknown event type, which may be of any length. */
function excerptOf(type: string): string {
  if (type.length <= MAX_UNKNOWN_TYPE) return type;
  // A copy, because a substring keeps the complete string in memory.
  const start: string = JSON.parse(
    JSON.stringify(prefixOf(type, MAX_UNKNOWN_TYPE)),
  );
  return `${start}… (${type.length} characters)`;
}

/** The text of a line, abridged if it has a list of parts. */
interface LineText {
  readonly full: string;
  readonly abridged?: AbridgedLine | undefined;
}

function textOf(line: Line, lists: PartLists, limits: LogLimits): LineText {
  const { bytes, number } = line;
  limits.checkLine(line);
  const full = lenient.decode(bytes);
  const abridged = lists.abridge(full);
  limits.checkStructure(abridged?.text ?? full, number);
  if (!full.includes("\ufffd")) return { full, abridged };
  try {
    return { full: strict.decode(bytes) };
  } catch (cause) {
    const position = { file: EVENT_LOG_FILE, line: number };
    const reason = line.ended ? NOT_UTF8 : `${NOT_UTF8} (${TORN})`;
    throw new BundleFormatError(reason, position, { cause });
  }
}
