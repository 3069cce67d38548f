/**
 * Outputs of tool calls and code cells, those included that no request showed.
 *
 * An item that came with its receipt names the call that produced it. The call itself lists only
 * what a request showed.
 *
 * @module
 */

import type { ConversationItemId } from "../../../format/ids.ts";
import type { ConversationItem } from "../../../graph/conversation.ts";
import type { ObjectKey } from "../../../graph/codec/reference.ts";
import type { CodeCell, ToolCall } from "../../../graph/runtime.ts";
import type { GraphLinks } from "./graph_links.ts";

/** The tool calls and code cells whose output an item is. */
export function makersOf(
  links: GraphLinks,
  { item_id: id, produced_by: producers }: ConversationItem,
): ObjectKey[] {
  const makers: ObjectKey[] = links.to("item", id, "output_item")
    .map(({ from }) => from);
  for (const producer of producers) {
    const maker: ObjectKey | null = producer.type === "tool"
      ? { kind: "tool_call", id: producer.tool_call_id }
      : producer.type === "code_cell"
      ? { kind: "code_cell", id: producer.code_cell_id }
      : null;
    if (maker !== null && !makers.some((each) => isSame(each, maker))) {
      makers.push(maker);
    }
  }
  return makers;
}

/** The output items of a tool call: those that it lists, then those that name it. */
export function outputsOfTool(
  links: GraphLinks,
  { tool_call_id: id, model_visible_output_item_ids: listed }: ToolCall,
): ConversationItemId[] {
  return withNamed(links, { kind: "tool_call", id }, listed);
}

/** The output items of a code cell: those that it lists, then those that name it. */
export function outputsOfCell(
  links: GraphLinks,
  { code_cell_id: id, output_item_ids: listed }: CodeCell,
): ConversationItemId[] {
  return withNamed(links, { kind: "code_cell", id }, listed);
}

function withNamed(
  links: GraphLinks,
  { kind, id }: ObjectKey,
  listed: readonly ConversationItemId[],
): ConversationItemId[] {
  const named = links.to(kind, id, "producer")
    .filter(({ from }) => from.kind === "item" && !listed.includes(from.id))
    .map(({ from }) => from.id);
  return [...listed, ...named];
}

function isSame(one: ObjectKey, other: ObjectKey): boolean {
  return one.kind === other.kind && one.id === other.id;
}
