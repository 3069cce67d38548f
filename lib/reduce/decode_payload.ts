/**
 * Decodes payloads of tool calls. The errors name what the payload should have been.
 *
 * @module
 */

import { quote, ReplayError } from "../errors.ts";
import { asObject, type Decoder, member } from "../format/decode/decode.ts";
import type { RawPayloadRef } from "../format/payload.ts";
import { parseRecord } from "../format/decode/record_text.ts";

/** Returns the error for a payload with unusable content. */
export function malformed(
  ref: RawPayloadRef,
  reason: string,
  options: ErrorOptions = {},
): ReplayError {
  return new ReplayError(
    "malformed_payload",
    `payload ${quote(ref.raw_payload_id)} ${reason}`,
    { raw_payload_id: ref.raw_payload_id },
    options,
  );
}

/**
 * Returns the decoded content of a payload.
 *
 * @param what What the payload should be, with its article.
 * @throws {ReplayError} If it is anything else.
 */
export function decodePayload<T>(
  ref: RawPayloadRef,
  what: string,
  decode: () => T,
): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw malformed(ref, `is not ${what}: ${error.message}`, { cause: error });
  }
}

/** Returns the decoded value. It must not refer to payloads and not repeat keys. */
export function decodeValue<T>(decode: Decoder<T>, value: unknown): T {
  return decode(value, { repeated: undefined, payloads: [] });
}

/**
 * Returns a record that is encoded as JSON inside a string, such as the arguments of a tool.
 *
 * @param keys Keys of the record; other keys are skipped.
 * @throws {SyntaxError} If the text is not such a record.
 */
export function decodeText<T>(
  text: string,
  keys: readonly string[],
  decode: Decoder<T>,
): T {
  const { value, repeated } = parseRecord(text, keys);
  return decode(value, { repeated, payloads: [] });
}

/** Returns the value of `key`; `undefined` if `value` is not an object with that key. */
export function valueUnder(value: unknown, key: string): unknown {
  const object = asObject(value);
  return object === undefined ? undefined : member(object, key);
}
