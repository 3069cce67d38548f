/**
 * The decoders of the event logs, by the number of the schema.
 *
 * @module
 */

import type { EventDecoder } from "../../lib/format/events/event_decoder.ts";
import { SCHEMAS } from "../../lib/schema/registry.ts";
import { asSchema } from "../support/every_schema.ts";

/** Numbers of the schemas that tests of the decoders go through. */
export const SCHEMA_NUMBERS: readonly number[] = SCHEMAS.map(
  ({ version }) => version,
);

/** The decoder of a schema. */
export function decoderOf(schema: number): EventDecoder {
  return asSchema(schema).events;
}
