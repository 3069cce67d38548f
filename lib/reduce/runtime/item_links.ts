/**
 * What a tool call has to do with items and responses: the items that ask for it, its outputs,
 * and the responses that started it.
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

/** Whether an item asks for a call, or brings its output; `null` when it is neither. */
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
  if (tool.unlinkedResponses.size === 0) return;
  for (const [record, inferences] of tool.unlinkedResponses) {
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
  tool.unlinkedResponses.clear();
}

/**
 * Takes note of a response that was just stored: tools that it started are listed with it when
 * one of their call items is seen the next time, and not before.
 */
export function linkResponseTools(
  state: ReducerState,
  inference: InferenceRecord,
): void {
  for (const record of inference.response) {
    const { item } = record;
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
 * Links an item with the tool call, the code cell and the agent's message it belongs to.
 *
 * @param shown The kind and call id under which a list shows it, where these are not its own.
 */
export function linkItem(
  state: ReducerState,
  record: ItemRecord,
  shown: CallPart = record.item,
): void {
  if (shown.call_id !== null) {
    linkToolItem(state, record, shown);
    linkCellItem(state, record, shown);
  }
  deliverItem(state, record);
}

/**
 * Links an item that a receipt made: with the tool call that produced it, and with the message it
 * delivers. All other links follow when a list shows it.
 */
export function linkReceipt(state: ReducerState, record: ItemRecord): void {
  produceReceipt(state, record);
  deliverItem(state, record);
}
