/**
 * What an event is about: the ids it names, each with the space it belongs to.
 *
 * @module
 */

import type { DecodedEvent, RawTraceEventPayload } from "../../format/event.ts";
import type { RuntimeCellId, ThreadId } from "../../format/ids.ts";

/** A space of ids that events use. */
export type SubjectSpace =
  | "thread"
  | "turn"
  | "inference_call"
  | "tool_call"
  /** A cell of a thread's code runtime: {@linkcode runtimeCellKey}. */
  | "runtime_cell"
  /** A code cell, by the call id under which the model knows it. */
  | "cell_call"
  | "compaction"
  | "compaction_request"
  | "edge"
  /** An item, by the id that the Responses API gave it. */
  | "responses_item"
  | "payload";

/** One id that an event is about. */
export interface EventSubject {
  /** The space the id belongs to. */
  readonly space: SubjectSpace;
  /** The id. */
  readonly id: string;
}

/** The id of a runtime cell: it is unique within its thread only. */
export function runtimeCellKey(
  thread: ThreadId | null,
  cell: RuntimeCellId,
): string {
  return JSON.stringify([thread, cell]);
}

/** Every id that an event is about: what happened to which object first, payloads last. */
export function subjectsOf(decoded: DecodedEvent): EventSubject[] {
  const { event, payloads } = decoded;
  const subjects = named(event.payload, event.thread_id);
  for (const ref of payloads) {
    subjects.push({ space: "payload", id: ref.raw_payload_id });
  }
  return subjects;
}

function named(
  payload: RawTraceEventPayload,
  thread: ThreadId | null,
): EventSubject[] {
  switch (payload.type) {
    case "rollout_started":
      return [{ space: "thread", id: payload.root_thread_id }];
    case "thread_started":
    case "thread_ended":
    case "thread_resumed":
      return [{ space: "thread", id: payload.thread_id }];
    case "codex_turn_started":
    case "codex_turn_ended":
      return [{ space: "turn", id: payload.codex_turn_id }];
    case "history_item_accepted":
      return [{ space: "responses_item", id: payload.item_id }];
    case "inference_started":
    case "inference_completed":
    case "inference_failed":
    case "inference_cancelled":
      return [{ space: "inference_call", id: payload.inference_call_id }];
    case "tool_call_started":
    case "mcp_tool_call_correlation_assigned":
    case "tool_call_runtime_started":
    case "tool_call_runtime_ended":
    case "tool_call_ended":
      return [{ space: "tool_call", id: payload.tool_call_id }];
    case "stdin_target_resolved":
      return [
        { space: "tool_call", id: payload.tool_call_id },
        { space: "tool_call", id: payload.exec_tool_call_id },
      ];
    case "code_cell_started":
      return [
        { space: "cell_call", id: payload.model_visible_call_id },
        cell(thread, payload.runtime_cell_id),
      ];
    case "code_cell_initial_response":
    case "code_cell_ended":
      return [cell(thread, payload.runtime_cell_id)];
    case "compaction_request_started":
    case "compaction_request_completed":
    case "compaction_request_failed":
      return [
        { space: "compaction_request", id: payload.compaction_request_id },
        { space: "compaction", id: payload.compaction_id },
      ];
    case "compaction_installed":
      return [{ space: "compaction", id: payload.compaction_id }];
    case "agent_result_observed":
      return [
        { space: "edge", id: payload.edge_id },
        { space: "turn", id: payload.child_codex_turn_id },
      ];
    case "recording_completed":
    case "rollout_ended":
    case "protocol_event_observed":
    case "other":
      return [];
  }
}

function cell(thread: ThreadId | null, id: RuntimeCellId): EventSubject {
  return { space: "runtime_cell", id: runtimeCellKey(thread, id) };
}
