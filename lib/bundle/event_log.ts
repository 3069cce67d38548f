/**
 * Reading of the event log: lines into decoded events, in the order of the file.
 *
 * @module
 */

import { BundleFormatError } from "../errors.ts";
import { DecodeError } from "../format/decode.ts";
import { decodeEventLine } from "../format/event_line.ts";
import type { DecodedEvent } from "../format/event.ts";
import { EVENT_LOG_FILE } from "../format/manifest.ts";
import type { SchemaVersion } from "../format/manifest.ts";
import { LineReader } from "./line_reader.ts";
import type { ByteSource, Line } from "./line_reader.ts";

/** What a schema demands of the sequence of lines. */
export interface LineOrder {
  /** Hears of every line that is not blank, before it is decoded. */
  beforeLine(line: number): void;
  /** Hears of every event. */
  afterEvent(decoded: DecodedEvent): void;
}

/** What the reference's line reader takes for blank: any Unicode white space, but no U+FEFF. */
const BLANK =
  /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]*$/;
// Without `fatal` decoding is several times faster; what it then hides is looked for.
const lenient = new TextDecoder("utf-8", { ignoreBOM: true });
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes the events of a log one by one; blank lines are skipped.
 *
 * @param source The log, open at its start. The caller closes it.
 * @param order What else to check about each line.
 * @throws {BundleFormatError} If a line is not UTF-8, or not an event of the schema.
 */
export function* readEventLog(
  source: ByteSource,
  schema: SchemaVersion,
  order?: LineOrder,
): Generator<DecodedEvent, void> {
  const lines = new LineReader(source);
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    const text = textOf(line);
    if (BLANK.test(text)) continue;
    order?.beforeLine(line.number);
    const decoded = decodeLine(text, schema, line);
    order?.afterEvent(decoded);
    yield decoded;
  }
}

function decodeLine(
  text: string,
  schema: SchemaVersion,
  { number: line, ended: lineEnded }: Line,
): DecodedEvent {
  try {
    const { event, payloads } = decodeEventLine(text, schema);
    return { event, payloads, line, lineEnded };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const position = { file: EVENT_LOG_FILE, line, path: error.path };
    throw new BundleFormatError(error.reason, position, { cause: error });
  }
}

function textOf({ bytes, number }: Line): string {
  const text = lenient.decode(bytes);
  if (!text.includes("\ufffd")) return text;
  try {
    return strict.decode(bytes);
  } catch (cause) {
    const position = { file: EVENT_LOG_FILE, line: number };
    throw new BundleFormatError("line is not UTF-8", position, { cause });
  }
}
