/**
 * Decoding of one line of the event log.
 *
 * @module
 */

import { integer, optional, required, string, u32 } from "./decode.ts";
import type { DecodeContext, Decoder, Fields } from "./decode.ts";
import { SCHEMA_ONE_EVENTS, SCHEMA_TWO_EVENTS } from "./event_decoders.ts";
import type { SchemaOnePayload } from "./event_decoders.ts";
import type { RawTraceEvent, RawTraceEventPayload } from "../event.ts";
import type { SchemaVersion } from "../manifest.ts";
import type { RawPayloadRef } from "../payload.ts";
import { record, tagged } from "./record_decoder.ts";
import { parseRecord, parseRecordExactly } from "./record_text.ts";
import type { ParsedRecord } from "./record_text.ts";

/** An event and every payload reference in it, in the order of its keys. */
export interface DecodedLine {
  /** The event. */
  readonly event: RawTraceEvent;
  /** Its payload references. */
  readonly payloads: readonly RawPayloadRef[];
}

function envelope(
  payload: Decoder<RawTraceEventPayload>,
): Fields<RawTraceEvent> {
  return {
    schema_version: required(u32),
    seq: required(integer("u64")),
    wall_time_unix_ms: required(integer("i64")),
    rollout_id: required(string),
    thread_id: optional(string),
    codex_turn_id: optional(string),
    payload: required(payload),
  };
}

const ENVELOPES: { readonly [S in SchemaVersion]: Fields<RawTraceEvent> } = {
  1: envelope(tagged<SchemaOnePayload>(SCHEMA_ONE_EVENTS, "name")),
  2: envelope(tagged<RawTraceEventPayload>(SCHEMA_TWO_EVENTS, "name")),
};
const DECODERS: { readonly [S in SchemaVersion]: Decoder<RawTraceEvent> } = {
  1: record(ENVELOPES[1]),
  2: record(ENVELOPES[2]),
};
const ENVELOPE_KEYS = Object.keys(ENVELOPES[2]);

/**
 * Decodes one line, without its line end.
 *
 * Which events exist goes by `schema`; the line's own `schema_version` is not looked at.
 *
 * @throws {DecodeError} If the line is not an event of that schema.
 */
export function decodeEventLine(
  text: string,
  schema: SchemaVersion,
): DecodedLine {
  return decode(parseRecord(text, ENVELOPE_KEYS), schema);
}

/**
 * {@linkcode decodeEventLine} on the way that odd lines go; the outcome is the same.
 *
 * @throws {DecodeError} If the line is not an event of that schema.
 */
export function decodeEventLineExactly(
  text: string,
  schema: SchemaVersion,
): DecodedLine {
  return decode(parseRecordExactly(text, ENVELOPE_KEYS), schema);
}

function decode(parsed: ParsedRecord, schema: SchemaVersion): DecodedLine {
  const payloads: RawPayloadRef[] = [];
  const context: DecodeContext = { repeated: parsed.repeated, payloads };
  return { event: DECODERS[schema](parsed.value, context), payloads };
}
