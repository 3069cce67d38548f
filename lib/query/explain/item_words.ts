/**
 * What an item is, in a few words, and how it begins.
 *
 * @module
 */

import type { ConversationItem } from "../../graph/conversation.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import type { ObjectKey } from "../../graph/codec/reference.ts";
import { calledName } from "../session/names/tool_name.ts";
import { makersOf } from "../evidence/links/outputs.ts";
import { getProvenance } from "../evidence/links/provenance.ts";
import { excerptOf, quoted, withText } from "./excerpt.ts";
import type { Scene } from "./scene.ts";

/** What an item is, and the beginning of what it says. */
export function itemWords(scene: Scene, item: ConversationItem): string {
  return withText(nameOf(scene, item), excerptOf(scene.trace, item));
}

function nameOf(scene: Scene, item: ConversationItem): string {
  switch (item.kind) {
    case "message":
      return messageWords(item);
    case "reasoning":
      return "reasoning";
    case "function_call":
    case "custom_tool_call":
      return `call of ${calledTool(scene, item)}`;
    case "function_call_output":
    case "custom_tool_call_output":
      return `${outputWord(scene, item)} of ${calledTool(scene, item)}`;
    case "compaction_marker":
      return "mark of a compaction";
  }
}

/** What a cell sends by itself is no output of the call. */
function outputWord({ trace, links }: Scene, item: ConversationItem): string {
  return getProvenance(trace, links, item) === "cell_notification"
    ? "notify()"
    : "output";
}

function messageWords(item: ConversationItem): string {
  const { agent_message: address, role, channel } = item;
  if (address !== undefined) {
    return `message from ${address.author} to ${address.recipient}`;
  }
  return channel === null ? `${role} message` : `${role} message, ${channel}`;
}

/** The tool that an item calls or answers; its call id where no tool call is known. */
function calledTool(scene: Scene, item: ConversationItem): string {
  for (const { from, role } of scene.links.to("item", item.item_id)) {
    if (role === "source_item") return "exec";
    const name = role === "call_item" ? nameOfMaker(scene, from) : null;
    if (name !== null) return name;
  }
  for (const maker of makersOf(scene.links, item)) {
    const name = nameOfMaker(scene, maker);
    if (name !== null) return name;
  }
  return item.call_id === null ? "an unknown tool" : quoted(item.call_id, 60);
}

function nameOfMaker({ trace }: Scene, { kind, id }: ObjectKey): string | null {
  if (kind === "code_cell") return "exec";
  const tool = trace.tool_calls.get(id);
  return tool === undefined ? null : nameOfCall(tool);
}

/** As the model called it; a patch in the command of a shell runs as another tool. */
function nameOfCall(tool: ToolCall): string {
  const name = calledName(tool);
  const { type } = tool.kind;
  return type === "apply_patch" && !name.endsWith(type)
    ? `${name}, ran as ${type}`
    : name;
}
