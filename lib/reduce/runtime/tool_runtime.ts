/**
 * What the runtime of a tool call reports: terminals, agents, MCP servers.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import { required, string } from "../../format/decode/decode.ts";
import { record } from "../../format/decode/record_decoder.ts";
import type {
  ToolCallRuntimeEnded,
  ToolCallRuntimeStarted,
} from "../../format/event.ts";
import {
  isJsonObject,
  type JsonValue,
  type PayloadDocument,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type { ToolCallKind } from "../../format/vocabulary.ts";
import {
  beginsWithAgent,
  prepareAgentBegin,
  prepareAgentEnd,
} from "../agents/agent_tools.ts";
import { decodePayload, decodeValue, valueUnder } from "../decode_payload.ts";
import { linkStartedCell } from "./cell_links.ts";
import {
  attachOperation,
  prepareOperationEnd,
  startOperation,
} from "./terminal.ts";
import { readTerminalBegin, type TerminalStart } from "./terminal_payload.ts";
import type { Commit, EventContext } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";
import type { ToolRecord } from "../state/tool_table.ts";

/** Handles `tool_call_runtime_started`. */
export function toolCallRuntimeStarted(
  state: ReducerState,
  event: ToolCallRuntimeStarted,
  context: EventContext,
): void {
  if (isOfUntracedTurn(state, event.tool_call_id, context)) return;
  const tool = state.tools.known(event.tool_call_id, context.threadId);
  const { call } = tool;
  const ref = event.runtime_payload;
  const { kind, terminal, commitEdge } = state.faults.attempt<Begin>(
    () => {
      const { kind, document } = readBegin(state, event, call.kind);
      if (document === null) return { kind, terminal: null };
      const evidence = { tool, ref, document, origin: context };
      return {
        kind,
        terminal: readTerminal(tool, kind, ref, document),
        commitEdge: prepareAgentBegin(state, evidence, kind),
      };
    },
    { kind: event.kind ?? call.kind, terminal: null },
    context,
    "what the runtime began: a command, an agent",
  );

  call.kind = kind;
  state.uniqueIds.push(call.raw_runtime_payload_ids, ref.raw_payload_id);
  if (terminal !== null) {
    const start = {
      ...terminal,
      toolCallId: call.tool_call_id,
      threadId: call.thread_id,
      payload: ref,
    };
    attachOperation(tool, startOperation(state, start, context));
  }
  commitEdge?.();
  linkStartedCell(state, tool);
}

/** What the runtime of a tool call began. */
interface Begin {
  /** Kind of the tool, as the runtime reports it. */
  readonly kind: ToolCallKind;
  readonly terminal: TerminalStart | null;
  readonly commitEdge?: Commit | undefined;
}

interface BeginPayload {
  readonly kind: ToolCallKind;
  /** The payload, `null` where no rule reads it. */
  readonly document: PayloadDocument | null;
}

/**
 * Returns the kind of the tool. If the event does not name it, an invocation in the payload means
 * an MCP server, whatever the dispatcher recorded.
 */
function readBegin(
  state: ReducerState,
  event: ToolCallRuntimeStarted,
  known: ToolCallKind,
): BeginPayload {
  const ref = event.runtime_payload;
  if (state.rules.runtimeNamesKind) {
    const kind = event.kind ?? known;
    const isRead = isTerminal(kind) || beginsWithAgent(kind);
    return { kind, document: isRead ? state.openComplete(ref) : null };
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
  if (!isTerminal(kind) || !describesCommand(document.value)) return null;
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

/** Handles `tool_call_runtime_ended`. */
export function toolCallRuntimeEnded(
  state: ReducerState,
  event: ToolCallRuntimeEnded,
  context: EventContext,
): void {
  if (isOfUntracedTurn(state, event.tool_call_id, context)) return;
  const tool = state.tools.known(event.tool_call_id, context.threadId);
  const { call } = tool;
  const ref = event.runtime_payload;
  const { endOperation, commitEdge } = state.faults.attempt(
    () => readRuntimeEnd(state, tool, event, context),
    {},
    context,
    "what the runtime returned",
  );

  state.uniqueIds.push(call.raw_runtime_payload_ids, ref.raw_payload_id);
  endOperation?.();
  commitEdge?.();
}

/** Checks the end of a runtime, and returns its commits. */
function readRuntimeEnd(
  state: ReducerState,
  tool: ToolRecord,
  event: ToolCallRuntimeEnded,
  context: EventContext,
): { endOperation?: Commit | undefined; commitEdge?: Commit | undefined } {
  const ref = event.runtime_payload;
  // If the runtime names its kind, the response of an MCP server cannot describe an agent.
  const ofAgent = !state.rules.runtimeNamesKind ||
    tool.call.kind.type !== "mcp";
  const document = ofAgent || tool.operation !== null
    ? state.openComplete(ref)
    : null;
  // A payload that was not recorded may have been the end of the command.
  const operation = document === null || describesCommand(document.value)
    ? tool.operation
    : null;
  const endOperation = operation === null ? undefined : prepareOperationEnd(
    state,
    operation,
    { ref, document },
    event.status,
    context,
  );
  const commitEdge = !ofAgent || document === null
    ? undefined
    : prepareAgentEnd(
      state,
      { tool, ref, document, origin: context },
      context,
    );
  return { endOperation, commitEdge };
}

/**
 * Returns whether an event is about a tool call of another session, such as a review: neither the
 * call nor its turn was recorded here. Its payload remains as evidence. The reference reducer fails
 * on such an event.
 */
function isOfUntracedTurn(
  state: ReducerState,
  toolCallId: string,
  { turnId }: EventContext,
): boolean {
  if (turnId === null || state.turns.has(turnId)) return false;
  if (state.tools.get(toolCallId) !== undefined) return false;
  state.untracedTurns.add(turnId);
  return true;
}

/**
 * Returns whether the runtime payload of a terminal's tool call describes a command. A patch in a
 * shell command and a call of an MCP server report under the same tool call without one.
 */
export function describesCommand(value: JsonValue): boolean {
  if (!isJsonObject(value)) return true;
  return ["command", "exit_code", "aggregated_output", "type"]
    .some((key) => Object.hasOwn(value, key));
}
