/**
 * The events of schema 1.
 *
 * @module
 */

import { EventDecoder } from "../../format/events/event_decoder.ts";
import { eventTable } from "../../format/events/event_table.ts";
import type { EventTable } from "../../format/events/event_table.ts";
import { EVENTS } from "../../format/events/events.ts";
import { fileRef } from "../../format/events/file_ref.ts";
import { RAW_PAYLOAD_KINDS } from "../../format/payload.ts";

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
