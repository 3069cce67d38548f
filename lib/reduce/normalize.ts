/**
 * One Responses-API item → one normalised item: which role, channel, kind and body it has.
 *
 * It knows the item and the id of the payload it stands in, not the graph. Bodies are made in
 * `normalize_body.ts`.
 *
 * @module
 */

import { quote, ReplayError } from "../errors.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RawElement,
} from "../format/payload.ts";
import type {
  AgentMessageAddress,
  ConversationChannel,
  ConversationItemKind,
  ConversationPart,
  ConversationRole,
} from "../graph/conversation.ts";
import type { UnclassedItem } from "./content_class.ts";
import {
  agentMessageParts,
  argumentParts,
  type BodySource,
  contentParts,
  customInputParts,
  outputParts,
  reasoningParts,
  wholeItemParts,
} from "./normalize_body.ts";
import type { Rules } from "./rules.ts";

/** Normalises one element, or gives `null` for an element that is no part of the conversation. */
export function normalizeItem(
  element: RawElement,
  rawPayloadId: string,
  rules: Rules,
): UnclassedItem | null {
  const item = element.value;
  const type = isJsonObject(item) ? item["type"] : undefined;
  if (!isJsonObject(item) || typeof type !== "string") {
    throw new ReplayError(
      "unsupported_item",
      `a model item in payload ${quote(rawPayloadId)} has no type`,
      { raw_payload_id: rawPayloadId },
    );
  }
  if (type === "additional_tools") return null;
  const source: BodySource = { item, element, rawPayloadId, rules };
  const shape = shapeOf(type, source);
  const id = item["id"];
  return {
    channel: null,
    agentMessage: null,
    callId: null,
    ...shape,
    responsesId: rules.responsesIds && typeof id === "string" ? id : null,
  };
}

/** What depends on an item's type; what is left out is null. */
interface ItemShape {
  role: ConversationRole;
  channel?: ConversationChannel | null;
  kind: ConversationItemKind;
  agentMessage?: AgentMessageAddress;
  parts: readonly ConversationPart[];
  callId?: string | null;
}

function shapeOf(type: string, source: BodySource): ItemShape {
  switch (type) {
    case "message":
      return message(source);
    case "agent_message":
      return agentMessage(source);
    case "reasoning":
      return {
        role: "assistant",
        channel: "analysis",
        kind: "reasoning",
        parts: reasoningParts(source),
      };
    case "function_call":
      return call("function_call", argumentParts(source), source);
    case "custom_tool_call":
      return call("custom_tool_call", customInputParts(source), source);
    case "tool_search_call":
    case "web_search_call":
    case "image_generation_call":
    case "local_shell_call":
      return call("function_call", wholeItemParts(source), source);
    case "function_call_output":
      return output("function_call_output", outputParts(source), source);
    case "custom_tool_call_output":
      return output("custom_tool_call_output", outputParts(source), source);
    case "tool_search_output":
    case "mcp_tool_call_output":
      return output("function_call_output", wholeItemParts(source), source);
    case "compaction":
    case "compaction_summary":
    case "context_compaction":
      return compaction(type, source);
    default:
      throw new ReplayError(
        "unsupported_item",
        `item type ${quote(type)} in payload ${
          quote(source.rawPayloadId)
        } is not supported`,
        { raw_payload_id: source.rawPayloadId, item_type: type },
      );
  }
}

function call(
  kind: ConversationItemKind,
  parts: readonly ConversationPart[],
  source: BodySource,
): ItemShape {
  return {
    role: "assistant",
    channel: "commentary",
    kind,
    parts,
    callId: callIdOf(source.item),
  };
}

function output(
  kind: ConversationItemKind,
  parts: readonly ConversationPart[],
  source: BodySource,
): ItemShape {
  return {
    role: "tool",
    channel: "commentary",
    kind,
    parts,
    callId: callIdOf(source.item),
  };
}

function message(source: BodySource): ItemShape {
  return {
    role: roleOf(source),
    channel: channelOf(source.item["phase"]),
    kind: "message",
    parts: contentParts("content", source),
  };
}

function agentMessage(source: BodySource): ItemShape {
  const { author, recipient } = source.item;
  if (typeof author !== "string" || typeof recipient !== "string") {
    throw malformed("agent_message without author or recipient", source);
  }
  return {
    role: "assistant",
    channel: "analysis",
    kind: "message",
    agentMessage: { author, recipient },
    parts: agentMessageParts(source),
  };
}

function compaction(type: string, source: BodySource): ItemShape {
  const value = source.item["encrypted_content"];
  if (typeof value !== "string") {
    throw malformed(`${type} without encrypted_content`, source);
  }
  return {
    role: "assistant",
    channel: "summary",
    kind: "message",
    parts: [{ type: "encoded", label: "encrypted_content", value }],
  };
}

function roleOf(source: BodySource): ConversationRole {
  const role = source.item["role"];
  switch (role) {
    case "system":
    case "developer":
    case "user":
    case "assistant":
    case "tool":
      return role;
    default:
      throw malformed(
        typeof role === "string"
          ? `message with role ${quote(role)}`
          : "message without role",
        source,
      );
  }
}

function channelOf(phase: JsonValue | undefined): ConversationChannel | null {
  switch (phase) {
    case "commentary":
      return "commentary";
    case "final_answer":
      return "final";
    case "summary":
      return "summary";
    default:
      return null;
  }
}

function callIdOf(item: JsonObject): string | null {
  const callId = item["call_id"];
  return typeof callId === "string" ? callId : null;
}

function malformed(what: string, source: BodySource): ReplayError {
  return new ReplayError(
    "unsupported_item",
    `${what} in payload ${quote(source.rawPayloadId)} is not supported`,
    { raw_payload_id: source.rawPayloadId },
  );
}
