/**
 * Tool calls from start to end, as the dispatcher records them.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type {
  McpToolCallCorrelationAssigned,
  ToolCallEnded,
  ToolCallStarted,
} from "../../format/event.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { PayloadDocument, RawPayloadRef } from "../../format/payload.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type { ToolCall, ToolCallRequester } from "../../graph/runtime.ts";
import { carryResult } from "../agents/agent_tools.ts";
import {
  findAwaitedCell,
  linkNestedTool,
  linkStartedCell,
} from "./cell_links.ts";
import { knownCell } from "./code_cell.ts";
import {
  addCallItem,
  addOutputItem,
  linkResponses,
  partInCall,
} from "./item_links.ts";
import {
  attachOperation,
  observeOperation,
  prepareOperationEnd,
  startOperation,
} from "./terminal.ts";
import { readStdinInvocation, type TerminalStart } from "./terminal_payload.ts";
import type { CellRecord } from "../state/code_cell_table.ts";
import type { Mutable } from "../state/item_record.ts";
import type { Commit, EventContext, ThreadRecord } from "../state/records.ts";
import type { OperationRecord } from "../state/terminal_table.ts";
import type { ReducerState } from "../state/reducer_state.ts";
import { ToolRecord } from "../state/tool_table.ts";

export { stdinTargetResolved } from "./terminal.ts";
export {
  toolCallRuntimeEnded,
  toolCallRuntimeStarted,
} from "./tool_runtime.ts";

/** Handles `tool_call_started`. */
export function toolCallStarted(
  state: ReducerState,
  event: ToolCallStarted,
  context: EventContext,
): void {
  checkNew(state, event, context);
  const thread = state.threadOfEvent(context);
  const requester = requesterOf(state, event, thread);
  const targets = state.faults.attempt(
    () => readInvocation(state, event, thread),
    { terminal: null, cell: undefined },
    context,
    "the terminal operation or the code cell that the invocation names",
  );

  const call = newCall(event, thread, requester, context);
  const tool = new ToolRecord(call, thread);
  state.tools.add(tool);
  if (targets.terminal !== null && event.invocation_payload !== null) {
    const start = {
      ...targets.terminal,
      toolCallId: call.tool_call_id,
      threadId: call.thread_id,
      payload: event.invocation_payload,
    };
    attachOperation(tool, startOperation(state, start, context));
  }
  targets.cell?.cell.wait_tool_call_ids.push(call.tool_call_id);
  linkNestedTool(state, tool);
  linkStartedCell(state, tool);
  linkKnownItems(state, tool);
}

function checkNew(
  state: ReducerState,
  event: ToolCallStarted,
  { threadId }: EventContext,
): void {
  const { tool_call_id, model_visible_call_id } = event;
  const known = state.tools.get(tool_call_id);
  if (known !== undefined) {
    // For a tolerant reduction: what follows under this id belongs to another call.
    markRestarted(state, known, threadId ?? known.call.thread_id);
    throw new ReplayError(
      "duplicate_start",
      `tool call ${quote(tool_call_id)} was started already`,
      { tool_call_id },
    );
  }
  if (model_visible_call_id === null) return;
  const other = state.tools.byCallId(model_visible_call_id);
  if (other === undefined) return;
  markRestarted(state, other, threadId ?? other.call.thread_id);
  throw new ReplayError(
    "duplicate_start",
    `call id ${quote(model_visible_call_id)} belongs to tool call ${
      quote(other.call.tool_call_id)
    } already`,
    { tool_call_id, model_visible_call_id },
  );
}

/** Notes that a thread started another tool call with the id of a known one. */
function markRestarted(
  state: ReducerState,
  tool: ToolRecord,
  threadId: ThreadId,
): void {
  const callId = tool.call.model_visible_call_id;
  tool.restartedIn.add(threadId);
  if (callId !== null) state.threads.get(threadId)?.reusedCallIds.add(callId);
}

function requesterOf(
  state: ReducerState,
  { requester }: ToolCallStarted,
  { thread }: ThreadRecord,
): ToolCallRequester {
  switch (requester.type) {
    case "model":
      return { type: "model" };
    case "code_cell":
      return {
        type: "code_cell",
        code_cell_id: knownCell(
          state,
          thread.thread_id,
          requester.runtime_cell_id,
        ),
      };
  }
}

/** The objects that an invocation refers to. */
interface InvocationTargets {
  readonly terminal: TerminalStart | null;
  /** The cell that it waits for. */
  readonly cell: CellRecord | undefined;
}

function readInvocation(
  state: ReducerState,
  event: ToolCallStarted,
  thread: ThreadRecord,
): InvocationTargets {
  const ref = event.invocation_payload;
  const writes = event.kind.type === "write_stdin";
  const isRead = writes || !state.rules.resolvesWaits;
  const document = ref === null || !isRead ? null : state.openComplete(ref);
  if (ref === null || document === null) {
    return { terminal: null, cell: undefined };
  }
  return {
    terminal: writes ? readStdinInvocation(ref, document) : null,
    cell: state.rules.resolvesWaits
      ? undefined
      : findAwaitedCell(state, thread, document),
  };
}

function newCall(
  event: ToolCallStarted,
  { thread }: ThreadRecord,
  requester: ToolCallRequester,
  { at, seq, turnId }: EventContext,
): Mutable<ToolCall> {
  return {
    tool_call_id: event.tool_call_id,
    mcp_call_id: null,
    model_visible_call_id: event.model_visible_call_id,
    code_mode_runtime_tool_id: event.code_mode_runtime_tool_id,
    thread_id: thread.thread_id,
    started_by_codex_turn_id: turnId,
    execution: {
      started_at_unix_ms: at,
      started_seq: seq,
      ended_at_unix_ms: null,
      ended_seq: null,
      status: "running",
    },
    requester,
    kind: event.kind,
    model_visible_call_item_ids: [],
    model_visible_output_item_ids: [],
    terminal_operation_id: null,
    summary: event.summary,
    raw_invocation_payload_id: event.invocation_payload?.raw_payload_id ?? null,
    raw_result_payload_id: null,
    raw_runtime_payload_ids: [],
  };
}

/** Links a new tool call with items of its thread; items of others are linked when shown again. */
function linkKnownItems(state: ReducerState, tool: ToolRecord): void {
  const callId = tool.call.model_visible_call_id;
  if (callId === null) return;
  const find = (part: "call" | "output") =>
    state.itemsInCall(tool.thread, callId, (kind) => partInCall(kind) === part);
  for (const record of find("call")) addCallItem(tool, record);
  linkResponses(tool);
  for (const record of find("output")) addOutputItem(tool, record);
  observeOperation(tool);
  for (const record of state.itemsWithCallId(callId)) {
    const { thread_id } = record.item;
    if (thread_id !== tool.call.thread_id) state.markForRelink(record);
  }
}

/** Handles `mcp_tool_call_correlation_assigned`. */
export function mcpToolCallCorrelationAssigned(
  state: ReducerState,
  event: McpToolCallCorrelationAssigned,
  { threadId }: EventContext,
): void {
  const { tool_call_id, mcp_call_id } = event;
  const { call } = state.tools.known(tool_call_id, threadId);
  if (call.mcp_call_id !== null) {
    throw new ReplayError(
      "duplicate_correlation",
      `tool call ${quote(tool_call_id)} has MCP call ${
        quote(call.mcp_call_id)
      } already`,
      { tool_call_id, mcp_call_id },
    );
  }
  call.mcp_call_id = mcp_call_id;
}

/** Handles `tool_call_ended`. A repeated end overwrites the first. */
export function toolCallEnded(
  state: ReducerState,
  event: ToolCallEnded,
  context: EventContext,
): void {
  const tool = state.tools.known(event.tool_call_id, context.threadId);
  const { call, operation } = tool;
  const ref = event.result_payload;
  // The runtime has more exact data about the terminal than the result for the caller.
  const endOperation =
    operation === null || call.raw_runtime_payload_ids.length > 0
      ? undefined
      : prepareKnownEnd(state, operation, ref, event.status, context);
  call.execution.ended_at_unix_ms = context.at;
  call.execution.ended_seq = context.seq;
  call.execution.status = event.status;
  call.raw_result_payload_id = ref?.raw_payload_id ?? null;
  endOperation?.();
  if (ref !== null) carryResult(state, tool, ref);
}

/** Prepares the end of an operation; a result that cannot be read is unknown. */
function prepareKnownEnd(
  state: ReducerState,
  operation: OperationRecord,
  ref: RawPayloadRef | null,
  status: ExecutionStatus,
  context: EventContext,
): Commit {
  const prepare = (document: PayloadDocument | null) =>
    prepareOperationEnd(
      state,
      operation,
      ref === null ? null : { ref, document },
      status,
      context,
    );
  const known = state.faults.attempt(
    () => prepare(ref === null ? null : state.openComplete(ref)),
    undefined,
    context,
    "the result of the terminal operation",
  );
  return known ?? prepare(null);
}
