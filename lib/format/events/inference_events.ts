/**
 * Events of LLM requests.
 *
 * @module
 */

import { ignored, nullable, required, string } from "../decode/decode.ts";
import {
  ends,
  type EventSubject,
  type LifecycleStep,
  starts,
  uses,
} from "./event_description.ts";
import { describeEvents } from "./event_table.ts";
import { payloadRef } from "./payload_ref.ts";

/** What every event of a request names. */
interface OfCall {
  readonly inference_call_id: string;
}

function subjects(event: OfCall): EventSubject[] {
  return [{ space: "inference_call", id: event.inference_call_id }];
}

function endsCall(event: OfCall): LifecycleStep[] {
  return [ends("inference_call", event.inference_call_id)];
}

/** Events of LLM requests. */
export const INFERENCE_EVENTS = describeEvents({
  /** A request is sent. Only later schemas have its last three fields. */
  inference_started: {
    fields: {
      inference_call_id: required(string),
      thread_id: required(string),
      codex_turn_id: required(string),
      model: required(string),
      provider_name: required(string),
      request_payload: required(payloadRef),
      prepared_prompt_payload: ignored(null),
      warmup_context_payload: ignored(null),
      stripped_tool_output_ids: ignored([]),
    },
    payloadKinds: {
      request_payload: ["inference_request"],
      prepared_prompt_payload: ["prepared_prompt"],
      warmup_context_payload: ["warmup_context"],
    },
    subjects,
    lifecycle: (event) => [
      uses("thread", event.thread_id),
      uses("codex_turn", event.codex_turn_id),
      starts("inference_call", event.inference_call_id),
    ],
    phase: "start",
    lost: "the LLM request, the items that only it shows, and its response",
  },
  inference_completed: {
    fields: {
      inference_call_id: required(string),
      response_id: nullable(string),
      upstream_request_id: nullable(string),
      response_payload: required(payloadRef),
    },
    payloadKinds: { response_payload: ["inference_response"] },
    subjects,
    lifecycle: endsCall,
    phase: "end",
    lost: "the response of the model",
  },
  inference_failed: {
    fields: {
      inference_call_id: required(string),
      upstream_request_id: nullable(string),
      error: required(string),
      partial_response_payload: nullable(payloadRef),
    },
    payloadKinds: { partial_response_payload: ["inference_response"] },
    subjects,
    lifecycle: endsCall,
    phase: "end",
    lost: "how the LLM request failed",
  },
  inference_cancelled: {
    fields: {
      inference_call_id: required(string),
      upstream_request_id: nullable(string),
      reason: required(string),
      partial_response_payload: nullable(payloadRef),
    },
    payloadKinds: { partial_response_payload: ["inference_response"] },
    subjects,
    lifecycle: endsCall,
    phase: "end",
    lost: "how the LLM request was cancelled",
  },
});
