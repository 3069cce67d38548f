/**
 * Schema 2: Codex 0.165 to 0.169. The recorder logs which items are accepted into history.
 *
 * @module
 */

import type { WriteRules } from "../bundle/write/write_rules.ts";
import { required } from "../format/decode/decode.ts";
import { toolCallKind } from "../format/decode/vocabulary_decoders.ts";
import { EventDecoder } from "../format/events/event_decoder.ts";
import { type EventTable, withEvents } from "../format/events/event_table.ts";
import { EVENTS } from "../format/events/events.ts";
import { fileRef } from "../format/events/payload_ref.ts";
import { RAW_PAYLOAD_KINDS } from "../format/payload.ts";
import type { StateRules } from "../graph/codec/codec.ts";
import { deriveSchema, type Schema } from "./schema.ts";
import { V1, V1_EVENTS, V1_STATE, V1_WRITE } from "./v1.ts";

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

/** Keys and types of the graph that `state.json` of schema 2 does not have. */
export const V2_STATE: StateRules = {
  absent: {
    root: ["recording_status"],
    inference_call: ["prepared_prompt_payload_id"],
    tool_call: ["resolved_wait_runtime_cell_id"],
    payload: ["shard", "capture", "parts"],
  },
  absentTypes: { ...V1_STATE.absentTypes },
};

/** How schema 2 is recorded. */
export const V2_WRITE: WriteRules = {
  ...V1_WRITE,
  schema: 2,
  unknownEvents: new Set(["code_cell_wait_target_resolved"]),
  runtimeStartsNameKind: true,
  cellsAreToolCalls: true,
  mcpEndsRepeatStart: false,
  turnsCanFail: true,
};

/** Schema 2. */
export const V2: Schema = deriveSchema(V1, {
  version: 2,
  writtenBy: "0.165 – 0.169",
  reference: "0.169.0",
  events: V2_EVENT_DECODER,
  log: { isContiguous: true, closingEvent: "recording_completed" },
  reduce: {
    responsesIds: true,
    emptyBodies: true,
    contentHashes: true,
    positionsAreExclusive: true,
    responsesArePositional: false,
    identifiesByContent: new Set(["function_call", "custom_tool_call"]),
    hidesUnacceptedOutput: true,
    runtimeNamesKind: true,
    findsItemsByIdText: false,
    linksExecToCell: true,
    checksEveryPayload: true,
    recordingKey: "recording_complete",
  },
  state: V2_STATE,
  write: V2_WRITE,
});
