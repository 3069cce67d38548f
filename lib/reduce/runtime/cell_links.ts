/**
 * Links of a code cell: its output items, its nested tool calls, the tool calls that wait for it,
 * and the tool call that started it.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { CodeCellWaitTargetResolved } from "../../format/event.ts";
import { parseExact } from "../../format/json/json_parse.ts";
import { compareUtf8 } from "../../format/json/utf8_order.ts";
import type { PayloadDocument } from "../../format/payload.ts";
import { valueUnder } from "../decode_payload.ts";
import type { CellRecord } from "../state/code_cell_table.ts";
import type { CallPart, ItemRecord } from "../state/item_record.ts";
import type { EventContext, ThreadRecord } from "../state/records.ts";
import type { ReducerState } from "../state/reducer_state.ts";
import type { ToolRecord } from "../state/tool_table.ts";

/** Links a cell that just started with earlier items and tool calls. */
export function linkCell(state: ReducerState, record: CellRecord): void {
  const { cell } = record;
  const callId = cell.model_visible_call_id;
  const isOutput = (kind: string) => kind === "custom_tool_call_output";
  for (const item of state.itemsInCall(record.thread, callId, isOutput)) {
    addOutput(record, item);
  }
  for (const item of state.itemsWithCallId(callId)) {
    // Items of other threads are linked when a list shows them again.
    if (isOutput(item.item.kind) && !record.outputItems.has(item)) {
      state.markForRelink(item);
    }
  }
  cell.nested_tool_call_ids = state.tools.requestedBy(cell.code_cell_id)
    .map((tool) => tool.call.tool_call_id)
    .sort(compareUtf8);
  const tool = state.tools.byCallId(callId);
  if (tool !== undefined) linkStartedCell(state, tool);
}

/** Links an observed item with the cell whose output it is. */
export function linkCellItem(
  state: ReducerState,
  record: ItemRecord,
  { call_id, kind }: CallPart,
): void {
  const { thread_id } = record.item;
  if (call_id === null) return;
  if (kind === "custom_tool_call") {
    state.cells.sourceObserved(call_id, thread_id);
  } else if (kind === "custom_tool_call_output") {
    const cell = state.cells.byCallId(call_id);
    if (cell !== undefined) addOutput(cell, record);
  }
}

function addOutput(cell: CellRecord, record: ItemRecord): void {
  if (cell.outputItems.has(record)) return;
  cell.outputItems.add(record);
  cell.cell.output_item_ids.push(record.item.item_id);
  const { code_cell_id } = cell.cell;
  record.addProducer({ type: "code_cell", code_cell_id });
}

/** Links a tool call that just started with the cell that requested it. */
export function linkNestedTool(state: ReducerState, tool: ToolRecord): void {
  const { requester, tool_call_id } = tool.call;
  if (requester.type !== "code_cell") return;
  const cell = state.cells.get(requester.code_cell_id);
  cell?.cell.nested_tool_call_ids.push(tool_call_id);
}

/**
 * Sets the cell that a call of `exec` started, if the schema has this link. The link is removed if
 * the runtime reports another kind of tool.
 */
export function linkStartedCell(state: ReducerState, tool: ToolRecord): void {
  if (!state.rules.linksExecToCell) return;
  const { call } = tool;
  const cell = startedCell(state, tool);
  if (cell !== undefined) call.started_code_cell_id = cell.cell.code_cell_id;
  else delete call.started_code_cell_id;
}

function startedCell(
  state: ReducerState,
  { call, thread }: ToolRecord,
): CellRecord | undefined {
  const { kind, requester, model_visible_call_id } = call;
  if (kind.type !== "other" || kind.name !== "exec") return undefined;
  if (requester.type !== "model" || model_visible_call_id === null) {
    return undefined;
  }
  const cell = state.cells.byCallId(model_visible_call_id);
  if (cell?.thread !== thread) return undefined;
  const turn = call.started_by_codex_turn_id;
  return turn === null || turn === cell.cell.codex_turn_id ? cell : undefined;
}

/**
 * Returns the cell that an invocation of `wait` waits for; `undefined` when the thread has no such
 * cell, when it has not started, or when the arguments name no cell. A model may send invalid
 * arguments, and other tools may have the name `wait`. The reference reducer fails on these.
 */
export function findAwaitedCell(
  state: ReducerState,
  thread: ThreadRecord,
  { value }: PayloadDocument,
): CellRecord | undefined {
  if (valueUnder(value, "tool_name") !== "wait") return undefined;
  const args = valueUnder(valueUnder(value, "payload"), "arguments");
  const cellId = typeof args === "string" ? cellIdIn(args) : undefined;
  if (cellId === undefined) return undefined;
  const id = state.cells.idByRuntimeId(thread.thread.thread_id, cellId);
  return id === undefined ? undefined : state.cells.get(id);
}

function cellIdIn(args: string): string | undefined {
  try {
    const cellId = valueUnder(parseExact(args), "cell_id");
    return typeof cellId === "string" ? cellId : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * Handles `code_cell_wait_target_resolved`. A cell that is not known at this event is never linked.
 * Since schema 3.
 */
export function codeCellWaitTargetResolved(
  state: ReducerState,
  event: CodeCellWaitTargetResolved,
  { threadId, turnId }: EventContext,
): void {
  const { tool_call_id, runtime_cell_id } = event;
  if (threadId === null || turnId === null) {
    throw new ReplayError(
      "missing_context",
      "the event names no thread or no turn",
      { tool_call_id },
    );
  }
  const { call } = state.tools.known(tool_call_id, threadId);
  if (
    call.thread_id !== threadId || call.started_by_codex_turn_id !== turnId
  ) {
    throw new ReplayError(
      "thread_mismatch",
      `tool call ${
        quote(tool_call_id)
      } waits in another thread or turn than it was started in`,
      { tool_call_id, thread_id: threadId, codex_turn_id: turnId },
    );
  }
  if (call.resolved_wait_runtime_cell_id !== undefined) {
    throw new ReplayError(
      "duplicate_wait_target",
      `tool call ${quote(tool_call_id)} waits for runtime cell ${
        quote(call.resolved_wait_runtime_cell_id)
      } already`,
      { tool_call_id, runtime_cell_id },
    );
  }
  call.resolved_wait_runtime_cell_id = runtime_cell_id;
  const id = state.cells.idByRuntimeId(threadId, runtime_cell_id);
  if (id === undefined) return;
  const waiting = state.cells.get(id)?.cell.wait_tool_call_ids ??
    state.cells.queued(id)?.waitToolCallIds;
  waiting?.push(tool_call_id);
}
