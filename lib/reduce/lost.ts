/**
 * What the graph lacks when an event is skipped.
 *
 * @module
 */

import type { EventType } from "../format/event.ts";

/** In words, by the type of the event. */
export const LOST: { readonly [K in EventType]: string } = {
  recording_completed: "that the recording is complete",
  rollout_started: "the ids of the rollout; those of the manifest stand",
  rollout_ended: "how and when the rollout ended",
  thread_started: "the thread, and every later event in it",
  thread_ended: "how and when the thread ended",
  thread_resumed: "that the thread went on",
  codex_turn_started: "the turn, and every later event in it",
  codex_turn_ended: "how and when the turn ended",
  history_item_accepted: "when the item was accepted into history",
  inference_started:
    "the call, what the model saw in it as far as no other request shows it, and its answer",
  inference_completed: "the answer of the model",
  inference_failed: "how the call failed",
  inference_cancelled: "how the call was given up",
  tool_call_started: "the tool call and everything about it",
  mcp_tool_call_correlation_assigned: "the id of the call at its MCP server",
  stdin_target_resolved: "which process was written to",
  tool_call_runtime_started: "what ran behind the tool call",
  tool_call_runtime_ended: "how the run behind the tool call ended",
  tool_call_ended: "how and when the tool call ended",
  code_cell_started: "the code cell and everything about it",
  code_cell_initial_response: "the first answer of the code cell",
  code_cell_ended: "how and when the code cell ended",
  compaction_request_started: "the request for a summary",
  compaction_request_completed: "that the summary came",
  compaction_request_failed: "that the summary failed",
  compaction_installed: "that the history was replaced, and by what",
  agent_result_observed: "the edge by which the result reached the parent",
  protocol_event_observed: "nothing of the graph",
  other: "nothing that the format has a name for",
};
