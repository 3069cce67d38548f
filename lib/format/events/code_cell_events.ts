/**
 * Events of code cells.
 *
 * @module
 */

import { optional, required, string } from "../decode/decode.ts";
import { codeCellStatus } from "../decode/vocabulary_decoders.ts";
import type { EventOf } from "../event.ts";
import { describeEvent } from "./event_description.ts";
import { runtimeCell } from "./event_subject.ts";
import { ends, starts, uses } from "./lifecycle.ts";
import { payloadRef } from "./payload_ref.ts";

/** A `wait` call is resolved to the code cell that it waits for. */
export const codeCellWaitTargetResolved = describeEvent<
  EventOf<"code_cell_wait_target_resolved">
>("code_cell_wait_target_resolved", {
  fields: {
    tool_call_id: required(string),
    runtime_cell_id: required(string),
  },
  payloadKinds: {},
  subjects: (event, thread) => [
    { space: "tool_call", id: event.tool_call_id },
    runtimeCell(thread, event.runtime_cell_id),
  ],
  lifecycle: (event) => [
    uses("tool_call", event.tool_call_id),
    uses("code_cell", event.runtime_cell_id),
  ],
  phase: "runtime",
  lost: "which code cell the call waited for",
});

/** A code cell starts. */
export const codeCellStarted = describeEvent<EventOf<"code_cell_started">>(
  "code_cell_started",
  {
    fields: {
      runtime_cell_id: required(string),
      model_visible_call_id: required(string),
      source_js: required(string),
    },
    payloadKinds: {},
    subjects: (event, thread) => [
      { space: "cell_call", id: event.model_visible_call_id },
      runtimeCell(thread, event.runtime_cell_id),
    ],
    lifecycle: (event) => [starts("code_cell", event.runtime_cell_id)],
    phase: "start",
    lost: "the code cell and everything about it",
  },
);

/** A code cell gives the model its first response. */
export const codeCellInitialResponse = describeEvent<
  EventOf<"code_cell_initial_response">
>("code_cell_initial_response", {
  fields: {
    runtime_cell_id: required(string),
    status: required(codeCellStatus),
    response_payload: optional(payloadRef),
  },
  payloadKinds: { response_payload: ["tool_result"] },
  subjects: (event, thread) => [runtimeCell(thread, event.runtime_cell_id)],
  lifecycle: (event) => [uses("code_cell", event.runtime_cell_id)],
  phase: "end",
  lost: "the first response of the code cell",
});

/** A code cell ends. */
export const codeCellEnded = describeEvent<EventOf<"code_cell_ended">>(
  "code_cell_ended",
  {
    fields: {
      runtime_cell_id: required(string),
      status: required(codeCellStatus),
      response_payload: optional(payloadRef),
    },
    payloadKinds: { response_payload: ["tool_result"] },
    subjects: (event, thread) => [runtimeCell(thread, event.runtime_cell_id)],
    lifecycle: (event) => [ends("code_cell", event.runtime_cell_id)],
    phase: "end",
    lost: "how and when the code cell ended",
  },
);
