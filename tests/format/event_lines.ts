/**
 * Event lines for tests of the decoders, and what both ways of decoding make of them.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { DecodeError } from "../../lib/format/decode/decode.ts";
import type {
  DecodedEvent,
  RawTraceEventPayload,
} from "../../lib/format/event.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import { decoderOf } from "./event_decoders.ts";

/** What a line contains. */
export type LineContent = Pick<DecodedEvent, "event" | "payloads">;

/** A payload reference as it is in a line. */
export const REF =
  '{"raw_payload_id":"p","kind":{"type":"tool_invocation"},"path":"f"}';
/** {@linkcode REF}, decoded. */
export const REFERENCE: RawPayloadRef = {
  raw_payload_id: "p",
  kind: { type: "tool_invocation" },
  path: "f",
};

/** A line with this payload, and with `extra` before it. */
export function line(payload: string, extra = ""): string {
  return `{"schema_version":1,"seq":3,"wall_time_unix_ms":5,"rollout_id":"r",` +
    `"thread_id":null,"codex_turn_id":"U",${extra}"payload":${payload}}`;
}

/** What a line decodes to, or the message: both ways of decoding must agree. */
export function outcome(
  text: string,
  schema: number,
): LineContent | string {
  const decoder = decoderOf(schema);
  const ways = [
    () => decoder.decode(text),
    () => decoder.decodeExactly(text),
  ].map((decode) => {
    try {
      const { event, payloads } = decode();
      return { event, payloads };
    } catch (error) {
      assert(error instanceof DecodeError, String(error));
      return error.message;
    }
  });
  assertEquals(ways[0], ways[1], text);
  return ways[0] ?? "";
}

/** The decoded payload of a line that must be taken. */
export function payloadOf(
  payload: string,
  schema: number = 2,
): RawTraceEventPayload {
  const decoded = outcome(line(payload), schema);
  assert(typeof decoded === "object", `${payload}: ${decoded}`);
  return decoded.event.payload;
}

/** The message about a line that must be refused. */
export function refusal(text: string, schema: number = 2): string {
  const refused = outcome(text, schema);
  assert(typeof refused === "string", `accepted: ${text}`);
  return refused;
}

/** An event with this payload reference. */
export const protocolEvent = (ref: string) =>
  `{"type":"protocol_event_observed","event_type":"x","event_payload":${ref}}`;
/** The start of a tool call, with these parts. */
export const toolCall = (
  { requester = '{"type":"model"}', kind = '{"type":"web"}', summary = "" },
) =>
  `{"type":"tool_call_started","tool_call_id":"C","requester":${requester},` +
  `"kind":${kind},"summary":${summary || '{"type":"generic","label":"l"}'}}`;
/** The end of a turn, with this status. */
export const turnEnd = (status: string) =>
  `{"type":"codex_turn_ended","codex_turn_id":"U","status":${status}}`;
