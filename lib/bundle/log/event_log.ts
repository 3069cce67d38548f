/**
 * Reading of the event log: lines into decoded events, in the order of the file.
 *
 * @module
 */

import {
  BundleFormatError,
  LimitError,
  quote,
  ReplayError,
} from "../../errors.ts";
import { DecodeError } from "../../format/decode/decode.ts";
import type { DecodedEvent } from "../../format/event.ts";
import { EVENT_LOG_FILE } from "../../format/manifest.ts";
import {
  type DecodedLine,
  type EventDecoder,
  UnknownEventTypeError,
} from "../../format/events/event_decoder.ts";
import { prefixOf } from "../../text/truncate.ts";
import type { LineOrder, OrderedEvent } from "./event_order.ts";
import { LineReader } from "./line_reader.ts";
import type { ByteSource, Line } from "./line_reader.ts";
import { LogGuard } from "./log_guard.ts";
import { type AbridgedLine, PartLists } from "./part_lists.ts";

/** What the reference's line reader takes for blank: any Unicode white space, but no U+FEFF. */
const BLANK =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/;
// Without `fatal` decoding is several times faster; what it then hides is looked for.
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const NOT_UTF8 = "line is not UTF-8";
/** Said of a last line without its line feed, which no recorder leaves behind on purpose. */
const TORN = "the log ends within this line: the recording was cut off, or " +
  "still goes on";

/** Most characters of the type of an unknown event that are reported. */
const MAX_UNKNOWN_TYPE = 200;

/** What may be wrong with a line. */
type LineError = BundleFormatError | ReplayError | LimitError;

/** A line that is no event, or an event out of place. */
export interface LineFault {
  readonly error: LineError;
  readonly line: number;
  /** Whether the line ends with a line feed; a last one without was cut off. */
  readonly lineEnded: boolean;
  /** The event, if the line is one. */
  readonly decoded?: DecodedEvent;
  /** The event, if the line is one of a type that the schema does not have. */
  readonly unknown?: OrderedEvent;
  /** Whether nothing is read after it. */
  readonly endsReading?: boolean;
}

/**
 * Decides about a line that is at fault: answers whether its event is taken all the same, or
 * throws.
 */
export type FaultJudge = (fault: LineFault) => boolean;

const STRICT: FaultJudge = ({ error }) => {
  throw error;
};

/**
 * Decodes the events of a log one by one; blank lines are skipped.
 *
 * @param source The log, open at its start. The caller closes it.
 * @param decoder Knows the events of the schema.
 * @param order What else to check about each line.
 * @param judge Decides about lines at fault; by default each ends the reading.
 * @param guard Knows how much is too much.
 * @throws {BundleFormatError} If a line is not UTF-8, or not an event of the schema.
 * @throws {LimitError} If there is more than `guard` allows.
 */
export function* readEventLog(
  source: ByteSource,
  decoder: EventDecoder,
  order?: LineOrder,
  judge: FaultJudge = STRICT,
  guard: LogGuard = new LogGuard(),
): Generator<DecodedEvent, void> {
  const lines = new LineReader(guard.counting(source), guard.longestLine);
  const lists = new PartLists();
  for (let number = 1;; number++) {
    let decoded: DecodedEvent | undefined;
    try {
      const line = lines.next();
      if (line === undefined) return;
      decoded = readLine(line, decoder, lists, order, judge, guard);
      if (decoded !== undefined) guard.admit(decoded);
    } catch (error) {
      // A fault of one line was judged where it was found. This is too much of everything.
      if (!(error instanceof LimitError)) throw error;
      judge({ error, line: number, lineEnded: true, endsReading: true });
      return;
    }
    if (decoded !== undefined) yield decoded;
  }
}

/** One line's event; `undefined` when it is blank, or at fault and not taken. */
function readLine(
  line: Line,
  decoder: EventDecoder,
  lists: PartLists,
  order: LineOrder | undefined,
  judge: FaultJudge,
  guard: LogGuard,
): DecodedEvent | undefined {
  let decoded: DecodedEvent | undefined;
  let unknown: OrderedEvent | undefined;
  const isTaken = (check: () => void): boolean => {
    try {
      check();
      return true;
    } catch (error) {
      if (!isLineError(error)) throw error;
      const { number, ended: lineEnded } = line;
      return judge({
        error,
        line: number,
        lineEnded,
        ...(decoded === undefined ? {} : { decoded }),
        ...(unknown === undefined ? {} : { unknown }),
      });
    }
  };
  let text: LineText = { full: "" };
  if (!isTaken(() => void (text = textOf(line, lists, guard)))) {
    return undefined;
  }
  if (BLANK.test(text.full)) return undefined;
  if (!isTaken(() => order?.beforeLine(line.number))) return undefined;
  isTaken(() => {
    const read = decodeLine(text, decoder, lists, line);
    if ("meaning" in read) decoded = read;
    else throw unknownType(unknown = read);
  });
  // It has its place in the sequence, whatever it says.
  const skipped = unknown;
  if (skipped !== undefined) isTaken(() => order?.afterEvent(skipped));
  const event = decoded;
  if (event === undefined) return undefined;
  return isTaken(() => order?.afterEvent(event)) ? event : undefined;
}

function isLineError(error: unknown): error is LineError {
  return error instanceof BundleFormatError || error instanceof ReplayError ||
    error instanceof LimitError;
}

/** A type that the schema does not have is a fault of the line, as any other variant. */
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
    // Only a text that is no JSON is half a line; any other is one that lacks its line feed.
    const isTorn = !lineEnded && error.path === "";
    const reason = isTorn ? `${error.reason} (${TORN})` : error.reason;
    throw new BundleFormatError(reason, position, { cause: error });
  }
}

/** The event of an abridged line; `undefined` where the whole line must be decoded. */
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
    // Whatever is wrong, the whole line is decoded to report it with its place.
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The start of a type that the log made up and that may be of any length. */
function excerptOf(type: string): string {
  if (type.length <= MAX_UNKNOWN_TYPE) return type;
  // Copied: a part of a string keeps all of it in memory.
  const start: string = JSON.parse(
    JSON.stringify(prefixOf(type, MAX_UNKNOWN_TYPE)),
  );
  return `${start}… (${type.length} characters)`;
}

/** The text of a line, abridged where it has a list of parts. */
interface LineText {
  readonly full: string;
  readonly abridged?: AbridgedLine | undefined;
}

function textOf(line: Line, lists: PartLists, guard: LogGuard): LineText {
  const { bytes, number } = line;
  guard.checkLine(line);
  const full = lenient.decode(bytes);
  const abridged = lists.abridge(full);
  guard.checkDepth(abridged?.text ?? full, number);
  if (!full.includes("\ufffd")) return { full, abridged };
  try {
    return { full: strict.decode(bytes) };
  } catch (cause) {
    const position = { file: EVENT_LOG_FILE, line: number };
    const reason = line.ended ? NOT_UTF8 : `${NOT_UTF8} (${TORN})`;
    throw new BundleFormatError(reason, position, { cause });
  }
}
