/**
 * Links an observed item with the tool call, the code cell and the message that it belongs to.
 *
 * Observing an item again changes nothing, unless something else changed in between. Whatever may
 * cause such a change marks the items, see `ReducerState.markForRelink`.
 *
 * @module
 */

import type { ConversationItemKind } from "../../graph/conversation.ts";
import { deliverItem } from "../agents/delivery.ts";
import { linkCellItem } from "./cell_links.ts";
import { observeOperation } from "./terminal.ts";
import type {
  CallPart,
  InferenceRecord,
  ItemRecord,
} from "../state/item_record.ts";
import type { ReducerState } from "../state/reducer_state.ts";
import type { ToolRecord } from "../state/tool_table.ts";

/** Returns whether an item is a call or the output of one; `null` when it is neither. */
export function partInCall(
  kind: ConversationItemKind,
): "call" | "output" | null {
  switch (kind) {
    case "function_call":
    case "custom_tool_call":
      return "call";
    case "function_call_output":
    case "custom_tool_call_output":
      return "output";
    case "message":
    case "reasoning":
    case "compaction_marker":
      return null;
  }
}

/** Links an observed item with its tool call. */
function linkToolItem(
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
 * Sets the tool call that produced the item of a receipt. The tool call lists the item later: when
 * a list of the thread shows it, or when the tool call starts after it.
 */
function produceReceipt(state: ReducerState, record: ItemRecord): void {
  const { call_id } = record.item;
  const tool = call_id === null || record.hasReusedCallId
    ? undefined
    : state.tools.byCallId(call_id);
  if (tool === undefined) return;
  const { tool_call_id } = tool.call;
  record.addProducer({ type: "tool", tool_call_id });
}

/** Adds an item that requests the tool call. */
export function addCallItem(tool: ToolRecord, record: ItemRecord): void {
  tool.observedSinceMark.add(record);
  if (tool.callItems.has(record)) return;
  tool.callItems.add(record);
  tool.call.model_visible_call_item_ids.push(record.item.item_id);
  for (const inference of record.responseOf) {
    addUnlinkedResponse(tool, record, inference);
  }
}

function addUnlinkedResponse(
  tool: ToolRecord,
  record: ItemRecord,
  inference: InferenceRecord,
): void {
  const known = tool.unlinkedResponses.get(record);
  if (known === undefined) {
    tool.unlinkedResponses.set(record, new Set([inference]));
  } else known.add(inference);
}

/** Adds an output item of the tool call, which is also a producer of the item. */
export function addOutputItem(tool: ToolRecord, record: ItemRecord): void {
  if (tool.outputItems.has(record)) return;
  tool.outputItems.add(record);
  tool.call.model_visible_output_item_ids.push(record.item.item_id);
  const { tool_call_id } = tool.call;
  record.addProducer({ type: "tool", tool_call_id });
}

/** Lists the tool call in every LLM request whose stored response has one of its call items. */
export function linkResponses(tool: ToolRecord): void {
  if (tool.unlinkedResponses.size === 0) return;
  for (const [record, inferences] of tool.unlinkedResponses) {
    for (const inference of inferences) {
      // Another response may have replaced this one since.
      if (!record.responseOf.has(inference)) continue;
      if (tool.startedBy.has(inference)) continue;
      tool.startedBy.add(inference);
      inference.call.tool_call_ids_started_by_response.push(
        tool.call.tool_call_id,
      );
    }
  }
  tool.unlinkedResponses.clear();
}

/**
 * Prepares the links from a response that was just stored to the tool calls that it started. They
 * are completed when one of the call items is observed again, not before.
 */
export function linkResponseTools(
  state: ReducerState,
  inference: InferenceRecord,
): void {
  for (const record of inference.response) {
    const { item } = record;
    if (record.hasReusedCallId) continue;
    if (item.call_id === null || partInCall(item.kind) !== "call") continue;
    const tool = state.tools.byCallId(item.call_id);
    if (tool === undefined || tool.startedBy.has(inference)) continue;
    if (tool.callItems.has(record)) {
      addUnlinkedResponse(tool, record, inference);
    }
    for (const observed of tool.observedSinceMark) {
      state.markForRelink(observed);
    }
    tool.observedSinceMark.clear();
  }
}

/**
 * Links an observed item with its tool call, its code cell, and the message that it delivers.
 *
 * @param shown Kind and call id in the list, if they differ from those of the item.
 */
export function linkItem(
  state: ReducerState,
  record: ItemRecord,
  shown: CallPart = record.item,
): void {
  if (shown.call_id !== null && !record.hasReusedCallId) {
    linkToolItem(state, record, shown);
    linkCellItem(state, record, shown);
  }
  deliverItem(state, record);
}

/**
 * Links an item that a receipt created: with the tool call that produced it, and with the message
 * that it delivers. The other links follow when a list shows it.
 */
export function linkReceipt(state: ReducerState, record: ItemRecord): void {
  produceReceipt(state, record);
  deliverItem(state, record);
}
