/**
 * Events of tool calls and code cells.
 *
 * @module
 */

import { ignored, nullable, required, string } from "../decode/decode.ts";
import {
  codeCellStatus,
  executionStatus,
  requester,
  toolCallKind,
  toolCallSummary,
} from "../decode/vocabulary_decoders.ts";
import type { EventOf } from "../event.ts";
import type { RawPayloadKindName } from "../payload.ts";
import {
  describeEvent,
  ends,
  type EventSubject,
  runtimeCell,
  starts,
  uses,
} from "./event_description.ts";
import { payloadRef } from "./payload_ref.ts";

/** What the runtime behind a tool call may report. */
const RUNTIME_KINDS: readonly RawPayloadKindName[] = [
  "tool_runtime_event",
  "terminal_runtime_event",
];

function subjects(event: { readonly tool_call_id: string }): EventSubject[] {
  return [{ space: "tool_call", id: event.tool_call_id }];
}

export const toolCallStarted = describeEvent<EventOf<"tool_call_started">>(
  "tool_call_started",
  {
    fields: {
      tool_call_id: required(string),
      model_visible_call_id: nullable(string),
      code_mode_runtime_tool_id: nullable(string),
      requester: required(requester),
      kind: required(toolCallKind),
      summary: required(toolCallSummary),
      invocation_payload: nullable(payloadRef),
    },
    payloadKinds: { invocation_payload: ["tool_invocation"] },
    subjects,
    lifecycle: (event) => [
      ...(event.requester.type === "code_cell"
        ? [uses("code_cell", event.requester.runtime_cell_id)]
        : []),
      starts("tool_call", event.tool_call_id),
    ],
    phase: "start",
    lost: "the tool call and everything about it",
  },
);

/** A tool call gets the id by which its MCP server knows it. */
export const mcpToolCallCorrelationAssigned = describeEvent<
  EventOf<"mcp_tool_call_correlation_assigned">
>("mcp_tool_call_correlation_assigned", {
  fields: {
    tool_call_id: required(string),
    mcp_call_id: required(string),
  },
  payloadKinds: {},
  subjects,
  lifecycle: (event) => [uses("tool_call", event.tool_call_id)],
  phase: undefined,
  lost: "the id of the call at its MCP server",
});

/** A call that writes to a terminal is resolved to the call that opened it. */
export const stdinTargetResolved = describeEvent<
  EventOf<"stdin_target_resolved">
>("stdin_target_resolved", {
  fields: {
    tool_call_id: required(string),
    exec_tool_call_id: required(string),
  },
  payloadKinds: {},
  subjects: (event) => [
    { space: "tool_call", id: event.tool_call_id },
    { space: "tool_call", id: event.exec_tool_call_id },
  ],
  lifecycle: (event) => [
    uses("tool_call", event.tool_call_id),
    uses("tool_call", event.exec_tool_call_id),
  ],
  phase: "runtime",
  lost: "which terminal session was written to",
});

/** The runtime behind a tool call starts. Schema 1 does not know the kind. */
export const toolCallRuntimeStarted = describeEvent<
  EventOf<"tool_call_runtime_started">
>("tool_call_runtime_started", {
  fields: {
    tool_call_id: required(string),
    kind: ignored(null),
    runtime_payload: required(payloadRef),
  },
  payloadKinds: { runtime_payload: RUNTIME_KINDS },
  subjects,
  lifecycle: (event) => [
    uses("tool_call", event.tool_call_id),
    starts("tool_call_runtime", event.tool_call_id),
  ],
  phase: "runtime",
  lost: "what ran behind the tool call",
});

/** The runtime behind a tool call ends. */
export const toolCallRuntimeEnded = describeEvent<
  EventOf<"tool_call_runtime_ended">
>("tool_call_runtime_ended", {
  fields: {
    tool_call_id: required(string),
    status: required(executionStatus),
    runtime_payload: required(payloadRef),
  },
  payloadKinds: { runtime_payload: RUNTIME_KINDS },
  subjects,
  lifecycle: (event) => [
    uses("tool_call", event.tool_call_id),
    ends("tool_call_runtime", event.tool_call_id),
  ],
  phase: "output",
  lost: "how the run behind the tool call ended",
});

export const toolCallEnded = describeEvent<EventOf<"tool_call_ended">>(
  "tool_call_ended",
  {
    fields: {
      tool_call_id: required(string),
      status: required(executionStatus),
      result_payload: nullable(payloadRef),
    },
    payloadKinds: { result_payload: ["tool_result"] },
    subjects,
    lifecycle: (event) => [ends("tool_call", event.tool_call_id)],
    phase: "end",
    lost: "how and when the tool call ended",
  },
);

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

/** A code cell returns its first response to the model. */
export const codeCellInitialResponse = describeEvent<
  EventOf<"code_cell_initial_response">
>("code_cell_initial_response", {
  fields: {
    runtime_cell_id: required(string),
    status: required(codeCellStatus),
    response_payload: nullable(payloadRef),
  },
  payloadKinds: { response_payload: ["tool_result"] },
  subjects: (event, thread) => [runtimeCell(thread, event.runtime_cell_id)],
  lifecycle: (event) => [uses("code_cell", event.runtime_cell_id)],
  phase: "end",
  lost: "the first response of the code cell",
});

export const codeCellEnded = describeEvent<EventOf<"code_cell_ended">>(
  "code_cell_ended",
  {
    fields: {
      runtime_cell_id: required(string),
      status: required(codeCellStatus),
      response_payload: nullable(payloadRef),
    },
    payloadKinds: { response_payload: ["tool_result"] },
    subjects: (event, thread) => [runtimeCell(thread, event.runtime_cell_id)],
    lifecycle: (event) => [ends("code_cell", event.runtime_cell_id)],
    phase: "end",
    lost: "how and when the code cell ended",
  },
);
