/**
 * What a tool call has to do with items and responses: the items that ask for it, its outputs,
 * and the responses that started it.
 *
 * @module
 */

import { type CallPart, partInCall } from "./call_items.ts";
import type { ItemRecord } from "../conversation/item_record.ts";
import type { InferenceRecord } from "../records.ts";
import type { ReducerState } from "../state.ts";
import { observeOperation } from "./terminal.ts";
import type { ToolRecord } from "./tool_table.ts";

/** Links an item that was just seen with the tool call it belongs to. */
export function linkToolItem(
  state: ReducerState,
  record: ItemRecord,
  { call_id, kind }: CallPart,
): void {
  if (call_id === null) return;
  const part = partInCall(kind);
  const tool = part === null ? undefined : state.tools.byCallId(call_id);
  if (tool === undefined) return;
  if (part === "call") {
    addCallItem(tool, record);
    linkResponses(tool);
  } else addOutputItem(tool, record);
  observeOperation(tool);
}

/**
 * Names the tool call that produced a receipt. The tool's own list gets the item when a list of
 * the thread shows it, or when the tool starts after it.
 */
export function produceReceipt(state: ReducerState, record: ItemRecord): void {
  const { call_id } = record.item;
  const tool = call_id === null ? undefined : state.tools.byCallId(call_id);
  if (tool === undefined) return;
  const { tool_call_id } = tool.call;
  record.addProducer({ type: "tool", tool_call_id });
}

/** Adds an item that asks for the call. */
export function addCallItem(tool: ToolRecord, record: ItemRecord): void {
  tool.unmarked.add(record);
  if (tool.callItems.has(record)) return;
  tool.callItems.add(record);
  tool.call.model_visible_call_item_ids.push(record.item.item_id);
  for (const inference of record.responseOf) unsettle(tool, record, inference);
}

function unsettle(
  tool: ToolRecord,
  record: ItemRecord,
  inference: InferenceRecord,
): void {
  const known = tool.unsettled.get(record);
  if (known === undefined) tool.unsettled.set(record, new Set([inference]));
  else known.add(inference);
}

/** Adds an item that brings the call's output, which the tool thus produced. */
export function addOutputItem(tool: ToolRecord, record: ItemRecord): void {
  if (tool.outputItems.has(record)) return;
  tool.outputItems.add(record);
  tool.call.model_visible_output_item_ids.push(record.item.item_id);
  const { tool_call_id } = tool.call;
  record.addProducer({ type: "tool", tool_call_id });
}

/** Lists the tool in every inference call whose stored response holds one of its call items. */
export function linkResponses(tool: ToolRecord): void {
  if (tool.unsettled.size === 0) return;
  for (const [record, inferences] of tool.unsettled) {
    for (const inference of inferences) {
      // The response may have been replaced meanwhile.
      if (!record.responseOf.has(inference)) continue;
      if (tool.startedBy.has(inference)) continue;
      tool.startedBy.add(inference);
      inference.call.tool_call_ids_started_by_response.push(
        tool.call.tool_call_id,
      );
    }
  }
  tool.unsettled.clear();
}

/**
 * Takes note of a response that was just stored: tools that it started are listed with it when
 * one of their call items is seen the next time, and not before.
 */
export function responseStored(
  state: ReducerState,
  inference: InferenceRecord,
): void {
  for (const record of inference.response) {
    const { item } = record;
    if (item.call_id === null || partInCall(item.kind) !== "call") continue;
    const tool = state.tools.byCallId(item.call_id);
    if (tool === undefined || tool.startedBy.has(inference)) continue;
    if (tool.callItems.has(record)) unsettle(tool, record, inference);
    for (const sighted of tool.unmarked) state.lookAgain(sighted);
    tool.unmarked.clear();
  }
}
