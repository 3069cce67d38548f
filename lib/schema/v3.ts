/**
 * Schema 3: Codex from 0.171. Payloads are records of compressed shards, are composed of shared
 * parts, and may be truncated or omitted by limits. Tool outputs have receipts.
 *
 * @module
 */

import { ShardStorage } from "../bundle/payloads/shard_storage.ts";
import type { WriteRules } from "../bundle/write/write_rules.ts";
import {
  defaulted,
  integer,
  list,
  optionalTrailing,
  pair,
  required,
  string,
} from "../format/decode/decode.ts";
import { EventDecoder } from "../format/events/event_decoder.ts";
import { type EventTable, withEvents } from "../format/events/event_table.ts";
import { EVENTS } from "../format/events/events.ts";
import { payloadRef, shardRef } from "../format/events/payload_ref.ts";
import type { RawPayloadKindName } from "../format/payload.ts";
import type { StateRules } from "../graph/codec/codec.ts";
import { deriveSchema, type Schema } from "./schema.ts";
import { V2, V2_EVENTS, V2_WRITE } from "./v2.ts";

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
      tool_output_payload: optionalTrailing(payloadRef),
    },
  },
  {
    change: "inference_started",
    fields: {
      prepared_prompt_payload: required(payloadRef),
      warmup_context_payload: optionalTrailing(payloadRef),
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

/** Keys of the graph that `state.json` of schema 3 does not have. */
export const V3_STATE: StateRules = {
  absent: {
    root: ["recording_complete"],
    payload: ["path"],
  },
};

/** How schema 3 is recorded. */
export const V3_WRITE: WriteRules = {
  ...V2_WRITE,
  schema: 3,
  unknownEvents: new Set(),
  payloads: "shards",
  marksCaptures: true,
  permissionsKey: "permissions_profile",
  preparesPrompts: true,
  acceptsToolOutputs: true,
};

/** Schema 3. */
export const V3: Schema = deriveSchema(V2, {
  version: 3,
  writtenBy: "0.171 –",
  reference: "0.171.0",
  events: V3_EVENT_DECODER,
  storage: (context) => new ShardStorage(context),
  reduce: {
    acceptsToolOutputs: true,
    preparesPrompts: true,
    refsAreUnique: true,
    resolvesWaits: true,
    cellsNameThread: true,
    textDeliveries: false,
    anyMessageId: true,
    skippedItems: new Set(["additional_tools", "configuration_update"]),
    recordingKey: "recording_status",
  },
  state: V3_STATE,
  write: V3_WRITE,
});
