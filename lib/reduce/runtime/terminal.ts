/**
 * Terminal operations: how tool calls start and end them, and which items show them to the model.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { StdinTargetResolved } from "../../format/event.ts";
import type { ThreadId, ToolCallId } from "../../format/ids.ts";
import type { PayloadDocument, RawPayloadRef } from "../../format/payload.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import { readCommandEnd, type TerminalStart } from "./terminal_payload.ts";
import {
  endOfCommand,
  readStdinEnd,
  type TerminalEnd,
} from "./terminal_result.ts";
import type { Commit, EventContext } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";
import type { OperationRecord } from "../state/terminal_table.ts";
import type { ToolRecord } from "../state/tool_table.ts";

/** The request of a tool call to a terminal, and its payload. */
export interface OperationStart extends TerminalStart {
  readonly toolCallId: ToolCallId;
  readonly threadId: ThreadId;
  readonly payload: RawPayloadRef;
}

/** Starts an operation, and returns it. */
export function startOperation(
  state: ReducerState,
  start: OperationStart,
  context: EventContext,
): OperationRecord {
  const record: OperationRecord = {
    operation: {
      operation_id: state.terminals.nextId(),
      terminal_id: null,
      tool_call_id: start.toolCallId,
      kind: start.request.type,
      execution: {
        started_at_unix_ms: context.at,
        started_seq: context.seq,
        ended_at_unix_ms: null,
        ended_seq: null,
        status: "running",
      },
      request: start.request,
      result: null,
      model_observations: [],
      raw_payload_ids: [start.payload.raw_payload_id],
    },
    threadId: start.threadId,
    processId: start.processId,
  };
  state.terminals.add(record);
  return record;
}

/** Sets the operation of a tool call, and the summary that refers to it. */
export function attachOperation(
  tool: ToolRecord,
  record: OperationRecord,
): void {
  const { operation_id } = record.operation;
  tool.operation = record;
  tool.call.terminal_operation_id = operation_id;
  tool.call.summary = { type: "terminal", operation_id };
  observeOperation(tool);
}

/**
 * Adds the observation of an operation by the model, once the model saw the call or its output.
 * The observation shares the lists of the tool call, so both always agree.
 */
export function observeOperation(tool: ToolRecord): void {
  const observations = tool.operation?.operation.model_observations;
  if (observations === undefined || observations.length > 0) return;
  if (tool.callItems.size + tool.outputItems.size === 0) return;
  observations.push({
    call_item_ids: tool.call.model_visible_call_item_ids,
    output_item_ids: tool.call.model_visible_output_item_ids,
    source: "direct_tool_call",
  });
}

/** The payload that ends an operation. */
export interface EndPayload {
  readonly ref: RawPayloadRef;
  /** Null when it was not recorded: then the result is unknown. */
  readonly document: PayloadDocument | null;
}

/**
 * Checks the end of an operation, and returns its commit. A repeated end overwrites the first.
 *
 * @param payload Null when the end has no payload.
 */
export function prepareOperationEnd(
  state: ReducerState,
  record: OperationRecord,
  payload: EndPayload | null,
  status: ExecutionStatus,
  context: EventContext,
): Commit {
  const { operation } = record;
  const document = payload?.document ?? null;
  const end = payload === null || document === null
    ? null
    : readEnd(record, payload.ref, document);
  if (end?.processId != null) checkProcess(record, end.processId);
  return () => {
    operation.execution.ended_at_unix_ms = context.at;
    operation.execution.ended_seq = context.seq;
    operation.execution.status = status;
    if (payload === null) return;
    state.uniqueIds.push(operation.raw_payload_ids, payload.ref.raw_payload_id);
    if (end === null) return;
    operation.result = end.result;
    if (record.processId === null && end.processId !== null) {
      state.terminals.assignProcess(record, end.processId);
    }
  };
}

function readEnd(
  { operation }: OperationRecord,
  ref: RawPayloadRef,
  document: PayloadDocument,
): TerminalEnd {
  switch (operation.kind) {
    case "exec_command":
      return endOfCommand(readCommandEnd(ref, document));
    case "write_stdin":
      return readStdinEnd(ref, document.exact());
  }
}

function checkProcess(record: OperationRecord, processId: string): void {
  const known = record.processId;
  if (known === null || known === processId) return;
  const { operation_id } = record.operation;
  throw new ReplayError(
    "process_id_changed",
    `terminal operation ${quote(operation_id)} began with process ${
      quote(known)
    } and ended with ${quote(processId)}`,
    { operation_id },
  );
}

/** Handles `stdin_target_resolved`: moves a write to the session of a command. */
export function stdinTargetResolved(
  state: ReducerState,
  event: StdinTargetResolved,
  { threadId }: EventContext,
): void {
  const write = state.tools.known(event.tool_call_id, threadId);
  const command = state.tools.known(event.exec_tool_call_id, threadId);
  if (write.operation === null || command.operation === null) return;
  state.terminals.move(write.operation, command.operation);
}
