/**
 * Events of compactions.
 *
 * @module
 */

import { required, string } from "../decode/decode.ts";
import {
  ends,
  type EventSubject,
  type LifecycleStep,
  none,
  starts,
  uses,
} from "./event_description.ts";
import { describeEvents } from "./event_table.ts";
import { payloadRef } from "./payload_ref.ts";

/** What every event of a compaction request names. */
interface OfRequest {
  readonly compaction_id: string;
  readonly compaction_request_id: string;
}

function subjects(event: OfRequest): EventSubject[] {
  return [
    { space: "compaction_request", id: event.compaction_request_id },
    { space: "compaction", id: event.compaction_id },
  ];
}

function endsRequest(event: OfRequest): LifecycleStep[] {
  return [ends("compaction_request", event.compaction_request_id)];
}

/** Events of compactions. */
export const COMPACTION_EVENTS = describeEvents({
  compaction_request_started: {
    fields: {
      compaction_id: required(string),
      compaction_request_id: required(string),
      thread_id: required(string),
      codex_turn_id: required(string),
      model: required(string),
      provider_name: required(string),
      request_payload: required(payloadRef),
    },
    payloadKinds: { request_payload: ["compaction_request"] },
    subjects,
    lifecycle: (event) => [
      uses("thread", event.thread_id),
      uses("codex_turn", event.codex_turn_id),
      starts("compaction_request", event.compaction_request_id),
    ],
    phase: "start",
    lost: "the compaction request",
  },
  compaction_request_completed: {
    fields: {
      compaction_id: required(string),
      compaction_request_id: required(string),
      response_payload: required(payloadRef),
    },
    payloadKinds: { response_payload: ["compaction_response"] },
    subjects,
    lifecycle: endsRequest,
    phase: "end",
    lost: "the response to the compaction request",
  },
  compaction_request_failed: {
    fields: {
      compaction_id: required(string),
      compaction_request_id: required(string),
      error: required(string),
    },
    payloadKinds: {},
    subjects,
    lifecycle: endsRequest,
    phase: "end",
    lost: "how the compaction request failed",
  },
  compaction_installed: {
    fields: {
      compaction_id: required(string),
      checkpoint_payload: required(payloadRef),
    },
    payloadKinds: { checkpoint_payload: ["compaction_checkpoint"] },
    subjects: (event) => [{ space: "compaction", id: event.compaction_id }],
    lifecycle: none,
    phase: "installed",
    lost: "that the history was replaced, and by what",
  },
});
