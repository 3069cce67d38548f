/**
 * What each event says about the life of something: that it starts, ends, or must be alive.
 *
 * @module
 */

import type { EventOf, EventType, RawTraceEvent } from "../format/event.ts";

/** Things that live for a while. */
export type Space =
  | "rollout"
  | "thread"
  | "codex_turn"
  | "inference_call"
  | "tool_call"
  | "tool_call_runtime"
  | "code_cell"
  | "compaction_request";

/** What an event says about one of them. */
export interface Touch {
  readonly space: Space;
  readonly id: string;
  readonly what: "start" | "end" | "resume" | "use";
}

const start = (space: Space, id: string): Touch => ({
  space,
  id,
  what: "start",
});
const end = (space: Space, id: string): Touch => ({ space, id, what: "end" });
const use = (space: Space, id: string): Touch => ({ space, id, what: "use" });

/** What an event of type `K` says. */
type Reading<K extends EventType> = (event: EventOf<K>) => readonly Touch[];

const NOTHING = (): readonly Touch[] => [];

const READINGS: { readonly [K in EventType]: Reading<K> } = {
  recording_completed: NOTHING,
  rollout_started: () => [start("rollout", "")],
  rollout_ended: () => [end("rollout", "")],
  thread_started: (event) => [start("thread", event.thread_id)],
  thread_ended: (event) => [end("thread", event.thread_id)],
  thread_resumed: (event) => [
    { space: "thread", id: event.thread_id, what: "resume" },
  ],
  codex_turn_started: (event) => [
    use("thread", event.thread_id),
    start("codex_turn", event.codex_turn_id),
  ],
  codex_turn_ended: (event) => [end("codex_turn", event.codex_turn_id)],
  history_item_accepted: NOTHING,
  inference_started: (event) => [
    use("thread", event.thread_id),
    use("codex_turn", event.codex_turn_id),
    start("inference_call", event.inference_call_id),
  ],
  inference_completed: (event) => [
    end("inference_call", event.inference_call_id),
  ],
  inference_failed: (event) => [end("inference_call", event.inference_call_id)],
  inference_cancelled: (event) => [
    end("inference_call", event.inference_call_id),
  ],
  tool_call_started: (event) => [
    ...(event.requester.type === "code_cell"
      ? [use("code_cell", event.requester.runtime_cell_id)]
      : []),
    start("tool_call", event.tool_call_id),
  ],
  mcp_tool_call_correlation_assigned: (event) => [
    use("tool_call", event.tool_call_id),
  ],
  stdin_target_resolved: (event) => [
    use("tool_call", event.tool_call_id),
    use("tool_call", event.exec_tool_call_id),
  ],
  tool_call_runtime_started: (event) => [
    use("tool_call", event.tool_call_id),
    start("tool_call_runtime", event.tool_call_id),
  ],
  tool_call_runtime_ended: (event) => [
    use("tool_call", event.tool_call_id),
    end("tool_call_runtime", event.tool_call_id),
  ],
  tool_call_ended: (event) => [end("tool_call", event.tool_call_id)],
  code_cell_started: (event) => [start("code_cell", event.runtime_cell_id)],
  code_cell_initial_response: (event) => [
    use("code_cell", event.runtime_cell_id),
  ],
  code_cell_ended: (event) => [end("code_cell", event.runtime_cell_id)],
  compaction_request_started: (event) => [
    use("thread", event.thread_id),
    use("codex_turn", event.codex_turn_id),
    start("compaction_request", event.compaction_request_id),
  ],
  compaction_request_completed: (event) => [
    end("compaction_request", event.compaction_request_id),
  ],
  compaction_request_failed: (event) => [
    end("compaction_request", event.compaction_request_id),
  ],
  compaction_installed: NOTHING,
  agent_result_observed: (event) => [
    use("thread", event.child_thread_id),
    use("codex_turn", event.child_codex_turn_id),
    use("thread", event.parent_thread_id),
  ],
  protocol_event_observed: NOTHING,
  other: NOTHING,
};

/** What an event says about lives: by its payload first, then by the context it names. */
export function touchesOf(event: RawTraceEvent): readonly Touch[] {
  const touches = readingOf(event.payload);
  const { thread_id, codex_turn_id } = event;
  if (thread_id === null && codex_turn_id === null) return touches;
  return [
    ...touches,
    ...(thread_id === null ? [] : [use("thread", thread_id)]),
    ...(codex_turn_id === null ? [] : [use("codex_turn", codex_turn_id)]),
  ];
}

function readingOf<K extends EventType>(
  payload: EventOf<K> & { type: K },
): readonly Touch[] {
  return READINGS[payload.type](payload);
}
