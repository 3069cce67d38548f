/**
 * Events of the session itself: recording, rollout, threads, turns.
 *
 * @module
 */

import {
  ignored,
  nullable,
  optionalTrailing,
  required,
  string,
} from "../decode/decode.ts";
import {
  executionStatus,
  rolloutStatus,
} from "../decode/vocabulary_decoders.ts";
import { ends, none, resumes, starts, uses } from "./event_description.ts";
import { describeEvents } from "./event_table.ts";
import { payloadRef } from "./payload_ref.ts";

/** Events of the session itself. */
export const SESSION_EVENTS = describeEvents({
  recording_completed: {
    fields: {},
    payloadKinds: {},
    subjects: none,
    lifecycle: none,
    phase: "end",
    lost: "that the recording is complete",
  },
  rollout_started: {
    fields: {
      trace_id: required(string),
      root_thread_id: required(string),
    },
    payloadKinds: {},
    subjects: (event) => [{ space: "thread", id: event.root_thread_id }],
    lifecycle: () => [starts("rollout", "")],
    phase: "start",
    lost: "the ids of the rollout; those of the manifest are used",
  },
  rollout_ended: {
    fields: { status: required(rolloutStatus) },
    payloadKinds: {},
    subjects: none,
    lifecycle: () => [ends("rollout", "")],
    phase: "end",
    lost: "how and when the rollout ended",
  },
  thread_started: {
    fields: {
      thread_id: required(string),
      agent_path: required(string),
      metadata_payload: nullable(payloadRef),
    },
    payloadKinds: { metadata_payload: ["session_metadata"] },
    subjects: (event) => [{ space: "thread", id: event.thread_id }],
    lifecycle: (event) => [starts("thread", event.thread_id)],
    phase: "start",
    lost: "the thread, and every later event in it",
  },
  thread_ended: {
    fields: {
      thread_id: required(string),
      status: required(rolloutStatus),
    },
    payloadKinds: {},
    subjects: (event) => [{ space: "thread", id: event.thread_id }],
    lifecycle: (event) => [ends("thread", event.thread_id)],
    phase: "end",
    lost: "how and when the thread ended",
  },
  thread_resumed: {
    fields: { thread_id: required(string) },
    payloadKinds: {},
    subjects: (event) => [{ space: "thread", id: event.thread_id }],
    lifecycle: (event) => [resumes("thread", event.thread_id)],
    phase: "start",
    lost: "that the thread was resumed",
  },
  codex_turn_started: {
    fields: {
      codex_turn_id: required(string),
      thread_id: required(string),
    },
    payloadKinds: {},
    subjects: (event) => [{ space: "turn", id: event.codex_turn_id }],
    lifecycle: (event) => [
      uses("thread", event.thread_id),
      starts("codex_turn", event.codex_turn_id),
    ],
    phase: "start",
    lost: "the turn, and every later event in it",
  },
  codex_turn_ended: {
    fields: {
      codex_turn_id: required(string),
      status: required(executionStatus),
    },
    payloadKinds: {},
    subjects: (event) => [{ space: "turn", id: event.codex_turn_id }],
    lifecycle: (event) => [ends("codex_turn", event.codex_turn_id)],
    phase: "end",
    lost: "how and when the turn ended",
  },
  history_item_accepted: {
    fields: {
      item_id: required(string),
      agent_message_payload: optionalTrailing(payloadRef),
      tool_output_payload: ignored(null),
    },
    payloadKinds: {
      agent_message_payload: ["protocol_event"],
      tool_output_payload: ["protocol_event"],
    },
    subjects: (event) => [{ space: "responses_item", id: event.item_id }],
    lifecycle: none,
    phase: "start",
    lost: "when the item was accepted into history",
  },
});
