/**
 * Decoding of one line of the event log, by the events of a schema.
 *
 * @module
 */

import { quote } from "../../errors.ts";
import {
  DecodeError,
  integer,
  nullable,
  required,
  string,
  u32,
} from "../decode/decode.ts";
import type { DecodeContext, Decoder, Fields } from "../decode/decode.ts";
import { FieldReader, openTagged, record } from "../decode/record_decoder.ts";
import { parseRecord, parseRecordExactly } from "../decode/record_text.ts";
import type { ParsedRecord } from "../decode/record_text.ts";
import type { SharedParts } from "../decode/shared_parts.ts";
import type {
  DecodedEvent,
  RawTraceEvent,
  RawTraceEventPayload,
} from "../event.ts";
import type { RawPayloadRef } from "../payload.ts";
import type { EventMeaning } from "./event_description.ts";
import type { EventTable } from "./event_table.ts";

/** An event, every payload reference in it, and what it means. */
export type DecodedLine = Pick<
  DecodedEvent,
  "event" | "payloads" | "meaning"
>;

/** The keys that every event has. */
export type EventEnvelope = Omit<RawTraceEvent, "payload">;

/** A line is an event of a type that the schema does not have. */
export class UnknownEventTypeError extends DecodeError {
  /** The rest of the line, which is sound. */
  readonly envelope: EventEnvelope;
  /** The type, as written. */
  readonly type: string;

  /** Names the type. */
  constructor(type: string, envelope: EventEnvelope) {
    super(`unknown variant ${quote(type)}`, "payload.type");
    this.type = type;
    this.envelope = envelope;
  }
}

/** An event as the table describes it, ready to be read. */
interface Compiled {
  readonly meaning: EventMeaning;
  readonly fields: FieldReader;
}

/** The payload of an event that the schema does not have. */
class UnknownPayload {
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }
}

type Payload = RawTraceEventPayload | UnknownPayload;
type Line = EventEnvelope & { payload: Payload };

const ENVELOPE: Fields<EventEnvelope> = {
  schema_version: required(u32),
  seq: required(integer("u64")),
  wall_time_unix_ms: required(integer("i64")),
  rollout_id: required(string),
  thread_id: nullable(string),
  codex_turn_id: nullable(string),
};
const KEYS = [...Object.keys(ENVELOPE), "payload"];

/** Decodes the lines of a log. Prepares its tables at the first line. */
export class EventDecoder {
  /** The events that it knows. */
  readonly events: EventTable;
  readonly #payloadRef: Decoder<RawPayloadRef>;
  readonly #line: Decoder<Line>;
  #compiled: ReadonlyMap<string, Compiled> | undefined;

  /**
   * Decodes the events of a schema.
   *
   * @param events The events of the schema.
   * @param payloadRef How the schema writes references to payloads.
   */
  constructor(events: EventTable, payloadRef: Decoder<RawPayloadRef>) {
    this.events = events;
    this.#payloadRef = payloadRef;
    this.#line = record<Line>({
      ...ENVELOPE,
      payload: required((value, context) => this.#payload(value, context)),
    });
  }

  /**
   * Decodes one line, without its line end. The line's own `schema_version` is not checked.
   *
   * @param sharedParts The parts that a placeholder in the text replaces.
   * @throws {UnknownEventTypeError} If the schema has no event of that type, and everything else
   * about the line is sound.
   * @throws {DecodeError} If the line is not an event of the schema.
   */
  decode(text: string, sharedParts?: SharedParts): DecodedLine {
    return this.#decode(parseRecord(text, KEYS), sharedParts);
  }

  /**
   * {@linkcode EventDecoder.decode} of a line that `JSON.stringify` made, so that no key is repeated
   * and every number is spelled as JavaScript does.
   *
   * @throws {DecodeError} If the line is not an event of the schema.
   */
  decodeOwn(text: string): DecodedLine {
    return this.#decode({ value: JSON.parse(text), repeated: undefined });
  }

  /**
   * {@linkcode EventDecoder.decode} by the way that only unusual lines need; the outcome is the
   * same.
   *
   * @throws {DecodeError} If the line is not an event of the schema.
   */
  decodeExactly(text: string): DecodedLine {
    return this.#decode(parseRecordExactly(text, KEYS));
  }

  #decode(
    { value, repeated }: ParsedRecord,
    sharedParts?: SharedParts,
  ): DecodedLine {
    const payloads: RawPayloadRef[] = [];
    const payloadRef = this.#payloadRef;
    const context = { repeated, payloads, payloadRef, sharedParts };
    const line = this.#line(value, context);
    const compiled = this.#events.get(line.payload.type);
    if (compiled === undefined || !isEvent(line)) {
      const { payload, ...envelope } = line;
      throw new UnknownEventTypeError(payload.type, envelope);
    }
    return { event: line, payloads, meaning: compiled.meaning };
  }

  #payload(value: unknown, context: DecodeContext): Payload {
    const { tag, read } = openTagged(value, context, [], "type");
    const compiled = this.#events.get(tag);
    if (compiled === undefined) return new UnknownPayload(tag);
    // The table has a field for every key of the event, so that the record ends up as one.
    return read(compiled.fields) as RawTraceEventPayload;
  }

  get #events(): ReadonlyMap<string, Compiled> {
    return this.#compiled ??= new Map(
      Object.values(this.events).map((event) => {
        const fields = new FieldReader(event.fields);
        return [event.type, { meaning: event, fields }];
      }),
    );
  }
}

function isEvent(line: Line): line is RawTraceEvent {
  return !(line.payload instanceof UnknownPayload);
}
