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
import type { EventOf } from "../event.ts";
import {
  describeEvent,
  ends,
  none,
  resumes,
  starts,
  uses,
} from "./event_description.ts";
import { payloadRef } from "./payload_ref.ts";

/** The recorder closes the log. */
export const recordingCompleted = describeEvent<EventOf<"recording_completed">>(
  "recording_completed",
  {
    fields: {},
    payloadKinds: {},
    subjects: none,
    lifecycle: none,
    phase: "end",
    lost: "that the recording is complete",
  },
);

export const rolloutStarted = describeEvent<EventOf<"rollout_started">>(
  "rollout_started",
  {
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
);

export const rolloutEnded = describeEvent<EventOf<"rollout_ended">>(
  "rollout_ended",
  {
    fields: { status: required(rolloutStatus) },
    payloadKinds: {},
    subjects: none,
    lifecycle: () => [ends("rollout", "")],
    phase: "end",
    lost: "how and when the rollout ended",
  },
);

export const threadStarted = describeEvent<EventOf<"thread_started">>(
  "thread_started",
  {
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
);

export const threadEnded = describeEvent<EventOf<"thread_ended">>(
  "thread_ended",
  {
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
);

/** A thread that ended is resumed. */
export const threadResumed = describeEvent<EventOf<"thread_resumed">>(
  "thread_resumed",
  {
    fields: { thread_id: required(string) },
    payloadKinds: {},
    subjects: (event) => [{ space: "thread", id: event.thread_id }],
    lifecycle: (event) => [resumes("thread", event.thread_id)],
    phase: "start",
    lost: "that the thread was resumed",
  },
);

export const codexTurnStarted = describeEvent<EventOf<"codex_turn_started">>(
  "codex_turn_started",
  {
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
);

export const codexTurnEnded = describeEvent<EventOf<"codex_turn_ended">>(
  "codex_turn_ended",
  {
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
);

/** An item is accepted into the history of a thread. */
export const historyItemAccepted = describeEvent<
  EventOf<"history_item_accepted">
>("history_item_accepted", {
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
});
