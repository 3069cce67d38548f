/**
 * Which items may exist by a receipt, before any list of the thread shows them.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type { NormalizedItem } from "./item_record.ts";
import type { ReduceRules } from "../rules.ts";

/** Whether an item of a list may be one that exists by a receipt. */
export function isReceiptKind(
  { acceptsToolOutputs }: ReduceRules,
  { agentMessage, kind }: Pick<NormalizedItem, "agentMessage" | "kind">,
): boolean {
  return agentMessage !== null || (acceptsToolOutputs && isOutput(kind));
}

/** Whether an item of the graph is an agent message or the output of a tool. */
export function isReceiptItem(item: ConversationItem): boolean {
  return item.agent_message !== undefined || isOutput(item.kind);
}

function isOutput(kind: ConversationItem["kind"]): boolean {
  return kind === "function_call_output" || kind === "custom_tool_call_output";
}
