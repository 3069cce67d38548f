/**
 * The table of event handlers. A new event type does not compile until it has an entry here.
 *
 * @module
 */

import { ReplayError } from "../errors.ts";
import type { DecodedEvent, EventOf, EventType } from "../format/event.ts";
import { historyItemAccepted } from "./conversation/acceptance.ts";
import { agentResultObserved } from "./agents/agent_tools.ts";
import {
  codeCellEnded,
  codeCellInitialResponse,
  codeCellStarted,
} from "./runtime/code_cell.ts";
import { codeCellWaitTargetResolved } from "./runtime/cell_links.ts";
import {
  compactionInstalled,
  compactionRequestCompleted,
  compactionRequestFailed,
  compactionRequestStarted,
} from "./conversation/compaction.ts";
import {
  inferenceCancelled,
  inferenceCompleted,
  inferenceFailed,
  inferenceStarted,
} from "./conversation/inference.ts";
import type { EventContext } from "./state/records.ts";
import {
  codexTurnEnded,
  codexTurnStarted,
  recordingCompleted,
  rolloutEnded,
  rolloutStarted,
  threadEnded,
  threadResumed,
  threadStarted,
} from "./session.ts";
import type { ReducerState } from "./state/reducer_state.ts";
import {
  mcpToolCallCorrelationAssigned,
  stdinTargetResolved,
  toolCallEnded,
  toolCallRuntimeEnded,
  toolCallRuntimeStarted,
  toolCallStarted,
} from "./runtime/tool_call.ts";

/** Reduces one event into the graph. */
type Handler<K extends EventType> = (
  state: ReducerState,
  event: EventOf<K>,
  context: EventContext,
) => void;

const HANDLERS: { readonly [K in EventType]: Handler<K> } = {
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
  // Only evidence: its payload is registered like any other, and no object needs it.
  protocol_event_observed: () => {},
  other: () => {
    throw new ReplayError(
      "unsupported_event",
      'an event of type "other" cannot be reduced',
    );
  },
};

/** Reduces an event with the handler of its type. */
export function applyEvent(state: ReducerState, decoded: DecodedEvent): void {
  const { event, line, lineEnded } = decoded;
  const context: EventContext = {
    seq: event.seq,
    at: event.wall_time_unix_ms,
    threadId: event.thread_id,
    turnId: event.codex_turn_id,
    eventType: event.payload.type,
    line,
    lineEnded,
  };
  dispatch(state, event.payload, context);
}

function dispatch<K extends EventType>(
  state: ReducerState,
  payload: EventOf<K> & { type: K },
  context: EventContext,
): void {
  const added = state.rules.addedHandlers[payload.type];
  if (added !== undefined) added(state, payload, context);
  else HANDLERS[payload.type](state, payload, context);
}
