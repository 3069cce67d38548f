/**
 * What the runtime behind a tool call observed: terminals, agents, MCP servers.
 *
 * @module
 */

import { quote, ReplayError } from "../errors.ts";
import { required, string } from "../format/decode.ts";
import type {
  ToolCallRuntimeEnded,
  ToolCallRuntimeStarted,
} from "../format/event.ts";
import type { PayloadDocument, RawPayloadRef } from "../format/payload.ts";
import { record } from "../format/record_decoder.ts";
import type { ToolCallKind } from "../format/vocabulary.ts";
import { beginsWithAgent, planAgentBegin, planAgentEnd } from "./agent.ts";
import { linkStartedCell } from "./cell_links.ts";
import type { EventContext } from "./records.ts";
import {
  decodePayload,
  decodeValue,
  pushUnique,
  valueUnder,
} from "./runtime_payload.ts";
import type { ReducerState } from "./state.ts";
import {
  attachOperation,
  knownTool,
  planOperationEnd,
  startOperation,
} from "./terminal.ts";
import { readTerminalBegin, type TerminalStart } from "./terminal_payload.ts";
import type { ToolRecord } from "./tool_table.ts";

/** Handles the event of that name. */
export function toolCallRuntimeStarted(
  state: ReducerState,
  event: ToolCallRuntimeStarted,
  context: EventContext,
): void {
  const tool = knownTool(state, event.tool_call_id);
  const { call } = tool;
  const ref = event.runtime_payload;
  const begin = readBegin(state, event, call.kind);
  const { kind, document } = begin;
  const terminal = document === null
    ? null
    : readTerminal(tool, kind, ref, document);
  const enterEdge = document === null
    ? undefined
    : planAgentBegin(state, { tool, ref, document }, kind);

  call.kind = kind;
  pushUnique(call.raw_runtime_payload_ids, ref.raw_payload_id);
  if (terminal !== null) {
    const start = {
      ...terminal,
      toolCallId: call.tool_call_id,
      threadId: call.thread_id,
      payload: ref,
    };
    attachOperation(tool, startOperation(state, start, context));
  }
  enterEdge?.();
  linkStartedCell(state, tool);
}

interface Begin {
  /** What kind of tool the call turned out to be. */
  readonly kind: ToolCallKind;
  /** The payload, `null` where nothing would look into it. */
  readonly document: PayloadDocument | null;
}

/**
 * Tells what kind of tool a begin is of. Where the event does not say, an invocation in the
 * payload means an MCP server, whatever the dispatcher took the call for.
 */
function readBegin(
  state: ReducerState,
  event: ToolCallRuntimeStarted,
  known: ToolCallKind,
): Begin {
  const ref = event.runtime_payload;
  if (state.rules.runtimeNamesKind) {
    const kind = event.kind ?? known;
    const isRead = isTerminal(kind) || beginsWithAgent(kind);
    return { kind, document: isRead ? state.payloads.open(ref) : null };
  }
  const document = state.payloads.open(ref);
  const invocation = valueUnder(document.value, "invocation");
  if (invocation === undefined) return { kind: known, document };
  const { server, tool } = decodePayload(
    ref,
    "the begin of an MCP call",
    () => decodeValue(mcpInvocation, invocation),
  );
  return { kind: { type: "mcp", server, tool }, document };
}

interface McpInvocation {
  server: string;
  tool: string;
  arguments: null;
}

const mcpInvocation = record<McpInvocation>({
  server: required(string),
  tool: required(string),
  arguments: { decode: () => null, absent: { value: null } },
});

function isTerminal(
  kind: ToolCallKind,
): kind is { type: "exec_command" | "write_stdin" } {
  return kind.type === "exec_command" || kind.type === "write_stdin";
}

function readTerminal(
  { call, operation }: ToolRecord,
  kind: ToolCallKind,
  ref: RawPayloadRef,
  document: PayloadDocument,
): TerminalStart | null {
  if (!isTerminal(kind)) return null;
  if (operation === null) return readTerminalBegin(ref, document, kind.type);
  const { tool_call_id } = call;
  const { operation_id } = operation.operation;
  throw new ReplayError(
    "duplicate_terminal_operation",
    `tool call ${quote(tool_call_id)} has terminal operation ${
      quote(operation_id)
    } already`,
    { tool_call_id, operation_id },
  );
}

/** Handles the event of that name. */
export function toolCallRuntimeEnded(
  state: ReducerState,
  event: ToolCallRuntimeEnded,
  context: EventContext,
): void {
  const tool = knownTool(state, event.tool_call_id);
  const { call, operation } = tool;
  const ref = event.runtime_payload;
  // Where the runtime names its kind, nothing is looked for in what an MCP server answered.
  const ofAgent = !state.rules.runtimeNamesKind || call.kind.type !== "mcp";
  const document = ofAgent || operation !== null
    ? state.payloads.open(ref)
    : null;
  const endOperation = operation === null || document === null
    ? undefined
    : planOperationEnd(
      state,
      operation,
      { ref, document },
      event.status,
      context,
    );
  const enterEdge = !ofAgent || document === null
    ? undefined
    : planAgentEnd(state, { tool, ref, document }, context);

  pushUnique(call.raw_runtime_payload_ids, ref.raw_payload_id);
  endOperation?.();
  enterEdge?.();
}
