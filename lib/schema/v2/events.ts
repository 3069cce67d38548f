/**
 * The events of schema 2, as differences from schema 1.
 *
 * @module
 */

import { required } from "../../format/decode/decode.ts";
import { toolCallKind } from "../../format/decode/vocabulary_decoders.ts";
import { EventDecoder } from "../../format/events/event_decoder.ts";
import { withEvents } from "../../format/events/event_table.ts";
import type { EventTable } from "../../format/events/event_table.ts";
import { EVENTS } from "../../format/events/events.ts";
import { fileRef } from "../../format/events/file_ref.ts";
import { RAW_PAYLOAD_KINDS } from "../../format/payload.ts";
import { V1_EVENTS } from "../v1/events.ts";

/** The events of schema 2, in the order of the format. */
export const V2_EVENTS: EventTable = withEvents(V1_EVENTS, [
  { add: EVENTS.recording_completed, after: null },
  { add: EVENTS.thread_resumed, after: "thread_ended" },
  { add: EVENTS.history_item_accepted, after: "codex_turn_ended" },
  {
    change: "tool_call_runtime_started",
    fields: {
      kind: required(toolCallKind),
    },
  },
]);

/** Decodes the log of a bundle of schema 2. */
export const V2_EVENT_DECODER: EventDecoder = new EventDecoder(
  V2_EVENTS,
  fileRef(RAW_PAYLOAD_KINDS),
);
