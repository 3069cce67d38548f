/**
 * The events of schema 3, as differences from schema 2, and its references to payloads.
 *
 * @module
 */

import {
  defaulted,
  integer,
  list,
  omissible,
  pair,
  required,
  string,
} from "../../format/decode/decode.ts";
import { EventDecoder } from "../../format/events/event_decoder.ts";
import { withEvents } from "../../format/events/event_table.ts";
import type { EventTable } from "../../format/events/event_table.ts";
import { EVENTS } from "../../format/events/events.ts";
import { payloadRef } from "../../format/events/payload_ref.ts";
import { shardRef } from "../../format/events/shard_ref.ts";
import type { RawPayloadKindName } from "../../format/payload.ts";
import { V2_EVENTS } from "../v2/events.ts";

/** The payload kinds of schema 3, in the order of the format. */
export const V3_PAYLOAD_KINDS: readonly RawPayloadKindName[] = [
  "inference_request",
  "prepared_prompt",
  "model_item",
  "content_value",
  "warmup_context",
  "inference_response",
  "compaction_request",
  "compaction_checkpoint",
  "compaction_response",
  "tool_invocation",
  "tool_result",
  "tool_runtime_event",
  "terminal_runtime_event",
  "protocol_event",
  "session_metadata",
  "agent_result",
];

/** The events of schema 3, in the order of the format. */
export const V3_EVENTS: EventTable = withEvents(V2_EVENTS, [
  {
    change: "history_item_accepted",
    fields: {
      tool_output_payload: omissible(payloadRef),
    },
  },
  {
    change: "inference_started",
    fields: {
      prepared_prompt_payload: required(payloadRef),
      warmup_context_payload: omissible(payloadRef),
      stripped_tool_output_ids: defaulted(
        list(pair(integer("u64"), string)),
        [],
      ),
    },
  },
  {
    add: EVENTS.code_cell_wait_target_resolved,
    after: "stdin_target_resolved",
  },
]);

/** Decodes the log of a bundle of schema 3. */
export const V3_EVENT_DECODER: EventDecoder = new EventDecoder(
  V3_EVENTS,
  shardRef(V3_PAYLOAD_KINDS),
);
