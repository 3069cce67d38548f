/**
 * Reading the payloads of tool calls, with errors that say what the payload should have been.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import { asObject, type Decoder, member } from "../../format/decode/decode.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import { parseRecord } from "../../format/decode/record_text.ts";

/** Refuses a payload for what it says. */
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
 * Decodes what a payload says.
 *
 * @param what The thing it should be, with its article.
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

/** Runs a decoder on a value that refers to no payloads and repeats no keys. */
export function decodeValue<T>(decode: Decoder<T>, value: unknown): T {
  return decode(value, { repeated: undefined, payloads: [] });
}

/**
 * Decodes a record that stands as JSON inside a string, such as a tool's arguments.
 *
 * @param keys Its keys; others are skipped.
 * @throws {SyntaxError} If the text is no such record.
 */
export function decodeText<T>(
  text: string,
  keys: readonly string[],
  decode: Decoder<T>,
): T {
  const { value, repeated } = parseRecord(text, keys);
  return decode(value, { repeated, payloads: [] });
}

/** The value under `key` if `value` is an object that has it, whatever else it is. */
export function valueUnder(value: unknown, key: string): unknown {
  const object = asObject(value);
  return object === undefined ? undefined : member(object, key);
}
