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
import type { RawPayloadKindName } from "../payload.ts";
import {
  ends,
  type EventSubject,
  runtimeCell,
  starts,
  uses,
} from "./event_description.ts";
import { describeEvents } from "./event_table.ts";
import { payloadRef } from "./payload_ref.ts";

/** What the runtime behind a tool call may report. */
const RUNTIME_KINDS: readonly RawPayloadKindName[] = [
  "tool_runtime_event",
  "terminal_runtime_event",
];

function subjects(event: { readonly tool_call_id: string }): EventSubject[] {
  return [{ space: "tool_call", id: event.tool_call_id }];
}

/** Events of tool calls and code cells. */
export const TOOL_EVENTS = describeEvents({
  tool_call_started: {
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
  mcp_tool_call_correlation_assigned: {
    fields: {
      tool_call_id: required(string),
      mcp_call_id: required(string),
    },
    payloadKinds: {},
    subjects,
    lifecycle: (event) => [uses("tool_call", event.tool_call_id)],
    phase: undefined,
    lost: "the id of the call at its MCP server",
  },
  stdin_target_resolved: {
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
  },
  code_cell_wait_target_resolved: {
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
  },
  /** The runtime behind a tool call starts. Schema 1 does not know the kind. */
  tool_call_runtime_started: {
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
  },
  tool_call_runtime_ended: {
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
  },
  tool_call_ended: {
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
  code_cell_started: {
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
  code_cell_initial_response: {
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
  },
  code_cell_ended: {
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
});
