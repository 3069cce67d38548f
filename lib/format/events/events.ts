/**
 * Every event that the unions name, each as the first schema writes it that has it.
 *
 * A schema takes its events from here and changes the fields that it writes in another way. What
 * an event means does not depend on the schema.
 *
 * @module
 */

import type { EventOf, EventType } from "../event.ts";
import {
  agentResultObserved,
  other,
  protocolEventObserved,
} from "./other_events.ts";
import {
  codeCellEnded,
  codeCellInitialResponse,
  codeCellStarted,
  codeCellWaitTargetResolved,
  mcpToolCallCorrelationAssigned,
  stdinTargetResolved,
  toolCallEnded,
  toolCallRuntimeEnded,
  toolCallRuntimeStarted,
  toolCallStarted,
} from "./tool_events.ts";
import {
  compactionInstalled,
  compactionRequestCompleted,
  compactionRequestFailed,
  compactionRequestStarted,
} from "./compaction_events.ts";
import type { EventDescriptionOf } from "./event_description.ts";
import {
  codexTurnEnded,
  codexTurnStarted,
  historyItemAccepted,
  recordingCompleted,
  rolloutEnded,
  rolloutStarted,
  threadEnded,
  threadResumed,
  threadStarted,
} from "./session_events.ts";
import {
  inferenceCancelled,
  inferenceCompleted,
  inferenceFailed,
  inferenceStarted,
} from "./inference_events.ts";

/** The events by type, in the order of the format. */
export const EVENTS: {
  readonly [K in EventType]: EventDescriptionOf<EventOf<K>>;
} = {
  recording_completed: recordingCompleted,
  rollout_started: rolloutStarted,
  rollout_ended: rolloutEnded,
  thread_started: threadStarted,
  thread_ended: threadEnded,
  thread_resumed: threadResumed,
  codex_turn_started: codexTurnStarted,
  codex_turn_ended: codexTurnEnded,
  history_item_accepted: historyItemAccepted,
  inference_started: inferenceStarted,
  inference_completed: inferenceCompleted,
  inference_failed: inferenceFailed,
  inference_cancelled: inferenceCancelled,
  tool_call_started: toolCallStarted,
  mcp_tool_call_correlation_assigned: mcpToolCallCorrelationAssigned,
  stdin_target_resolved: stdinTargetResolved,
  code_cell_wait_target_resolved: codeCellWaitTargetResolved,
  tool_call_runtime_started: toolCallRuntimeStarted,
  tool_call_runtime_ended: toolCallRuntimeEnded,
  tool_call_ended: toolCallEnded,
  code_cell_started: codeCellStarted,
  code_cell_initial_response: codeCellInitialResponse,
  code_cell_ended: codeCellEnded,
  compaction_request_started: compactionRequestStarted,
  compaction_request_completed: compactionRequestCompleted,
  compaction_request_failed: compactionRequestFailed,
  compaction_installed: compactionInstalled,
  agent_result_observed: agentResultObserved,
  protocol_event_observed: protocolEventObserved,
  other,
};
