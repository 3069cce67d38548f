/**
 * The decoders of the event logs, by the number of the schema.
 *
 * @module
 */

import type { EventDecoder } from "../../lib/format/events/event_decoder.ts";
import { V1_EVENT_DECODER } from "../../lib/schema/v1/events.ts";
import { V2_EVENT_DECODER } from "../../lib/schema/v2/events.ts";
import { V3_EVENT_DECODER } from "../../lib/schema/v3/events.ts";

/** Numbers of the schemas that tests of the decoders go through. */
export const SCHEMA_NUMBERS = [1, 2, 3] as const;
/** One of them. */
export type SchemaNumber = (typeof SCHEMA_NUMBERS)[number];

const DECODERS: Readonly<Record<SchemaNumber, EventDecoder>> = {
  1: V1_EVENT_DECODER,
  2: V2_EVENT_DECODER,
  3: V3_EVENT_DECODER,
};

/** The decoder of a schema. */
export function decoderOf(schema: SchemaNumber): EventDecoder {
  return DECODERS[schema];
}
