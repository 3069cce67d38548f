/**
 * Schema 1: Codex 0.124 to 0.164. History is derived from the requests.
 *
 * @module
 */

import { FileStorage } from "../bundle/payloads/file_storage.ts";
import type { WriteRules } from "../bundle/write/write_rules.ts";
import { EventDecoder } from "../format/events/event_decoder.ts";
import { type EventTable, eventTable } from "../format/events/event_table.ts";
import { EVENTS } from "../format/events/events.ts";
import { fileRef } from "../format/events/payload_ref.ts";
import { RAW_PAYLOAD_KINDS } from "../format/payload.ts";
import type { StateRules } from "../graph/codec/codec.ts";
import type { ReduceRules } from "../reduce/rules.ts";
import type { Schema } from "./schema.ts";

/** The events of schema 1, in the order of the format. */
export const V1_EVENTS: EventTable = eventTable([
  EVENTS.rollout_started,
  EVENTS.rollout_ended,
  EVENTS.thread_started,
  EVENTS.thread_ended,
  EVENTS.codex_turn_started,
  EVENTS.codex_turn_ended,
  EVENTS.inference_started,
  EVENTS.inference_completed,
  EVENTS.inference_failed,
  EVENTS.inference_cancelled,
  EVENTS.tool_call_started,
  EVENTS.mcp_tool_call_correlation_assigned,
  EVENTS.stdin_target_resolved,
  EVENTS.tool_call_runtime_started,
  EVENTS.tool_call_runtime_ended,
  EVENTS.tool_call_ended,
  EVENTS.code_cell_started,
  EVENTS.code_cell_initial_response,
  EVENTS.code_cell_ended,
  EVENTS.compaction_request_started,
  EVENTS.compaction_request_completed,
  EVENTS.compaction_request_failed,
  EVENTS.compaction_installed,
  EVENTS.agent_result_observed,
  EVENTS.protocol_event_observed,
  EVENTS.other,
]);

/** Decodes the log of a bundle of schema 1. */
export const V1_EVENT_DECODER: EventDecoder = new EventDecoder(
  V1_EVENTS,
  fileRef(RAW_PAYLOAD_KINDS),
);

/** Keys and types of the graph that `state.json` of schema 1 does not have. */
export const V1_STATE: StateRules = {
  absent: {
    root: ["recording_complete", "recording_status"],
    item: ["responses_item_id", "accepted_at_unix_ms", "accepted_seq"],
    part: ["content_sha256"],
    inference_call: ["prepared_prompt_payload_id"],
    tool_call: ["started_code_cell_id", "resolved_wait_runtime_cell_id"],
    payload: ["shard", "capture", "parts"],
  },
  absentTypes: {
    payload_kind: [
      "prepared_prompt",
      "model_item",
      "content_value",
      "warmup_context",
    ],
  },
};

/** How schema 1 is recorded. */
export const V1_WRITE: WriteRules = {
  schema: 1,
  unknownEvents: new Set([
    "history_item_accepted",
    "thread_resumed",
    "recording_completed",
    "code_cell_wait_target_resolved",
  ]),
  payloads: "files",
  marksCaptures: false,
  permissionsKey: "sandbox_policy",
  preparesPrompts: false,
  acceptsToolOutputs: false,
  runtimeStartsNameKind: false,
  cellsAreToolCalls: false,
  mcpEndsRepeatStart: true,
  turnsCanFail: false,
};

const V1_REDUCE: ReduceRules = {
  schema: 1,
  responsesIds: false,
  emptyBodies: false,
  contentHashes: false,
  positionsAreExclusive: false,
  responsesArePositional: true,
  identifiesByContent: new Set([
    "function_call",
    "custom_tool_call",
    "function_call_output",
    "custom_tool_call_output",
  ]),
  hidesUnacceptedOutput: false,
  runtimeNamesKind: false,
  findsItemsByIdText: true,
  linksExecToCell: false,
  checksEveryPayload: false,
  acceptsToolOutputs: false,
  preparesPrompts: false,
  refsAreUnique: false,
  resolvesWaits: false,
  cellsNameThread: false,
  textDeliveries: true,
  anyMessageId: false,
  skippedItems: new Set(["additional_tools"]),
  recordingKey: null,
  addedHandlers: {},
};

/** Schema 1. */
export const V1: Schema = {
  version: 1,
  writtenBy: "0.124 – 0.164",
  reference: "0.164.0",
  events: V1_EVENT_DECODER,
  log: { isContiguous: false, closingEvent: null },
  storage: (context) => new FileStorage(context),
  reduce: V1_REDUCE,
  state: V1_STATE,
  write: V1_WRITE,
};
