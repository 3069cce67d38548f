/**
 * Normalizes an item of the Responses API: its role, channel, kind, body and identity.
 *
 * It uses the item and the id of its payload, not the graph. The body is made in `item_body.ts`.
 *
 * @module
 */

import { quote, ReplayError } from "../../errors.ts";
import type { JsonNode } from "../../format/json/json_parse.ts";
import { canonicalJson } from "../../format/json/json_print.ts";
import { sha256Hex } from "../../format/sha256.ts";
import {
  isJsonObject,
  type JsonObject,
  type JsonValue,
  type RawElement,
} from "../../format/payload.ts";
import type {
  AgentMessageAddress,
  ConversationChannel,
  ConversationItemKind,
  ConversationPart,
  ConversationRole,
} from "../../graph/conversation.ts";
import type { UnclassifiedItem } from "./content_class.ts";
import {
  agentMessageParts,
  argumentParts,
  type BodySource,
  contentParts,
  customInputParts,
  EMPTY_CONTENT,
  exactItem,
  jsonItemParts,
  outputParts,
  reasoningParts,
  reference,
} from "./item_body.ts";
import type { PartMarkers } from "./part_markers.ts";
import type { ReduceRules } from "../rules.ts";

/** Returns the item of an element, `null` when it is not part of the conversation. */
export function normalizeItem(
  element: RawElement,
  rawPayloadId: string,
  rules: ReduceRules,
  markers: PartMarkers,
  isReceipt: boolean,
): UnclassifiedItem | null {
  const item = element.value;
  if (markers.partOf(item) !== undefined) return null;
  const type = isJsonObject(item) ? item["type"] : undefined;
  if (!isJsonObject(item) || typeof type !== "string") {
    throw new ReplayError(
      "unsupported_item",
      `a model item in payload ${quote(rawPayloadId)} has no type`,
      { raw_payload_id: rawPayloadId },
    );
  }
  if (rules.skippedItems.has(type)) return null;
  const seenBefore = markers.seen;
  markers.seen = false;
  const source: BodySource = {
    item,
    element,
    rawPayloadId,
    rules,
    markers,
    isReceipt,
  };
  const shape = shapeOf(type, source);
  const mayHaveMarkers = markers.seen;
  markers.seen ||= seenBefore;
  const id = item["id"];
  return {
    channel: null,
    agentMessage: null,
    callId: null,
    identity: null,
    ...shape,
    responsesId: rules.responsesIds && typeof id === "string" ? id : null,
    isIdlessOutput: id === undefined &&
      (type === "function_call_output" || type === "custom_tool_call_output"),
    rawPayloadId,
    mayHaveMarkers,
  };
}

/** The fields that depend on the type of an item; a missing field is null. */
interface ItemShape {
  role: ConversationRole;
  channel?: ConversationChannel | null;
  kind: ConversationItemKind;
  agentMessage?: AgentMessageAddress;
  parts: readonly ConversationPart[];
  callId?: string | null;
  identity?: string | null;
}

function shapeOf(type: string, source: BodySource): ItemShape {
  switch (type) {
    case "message":
      return message(source);
    case "agent_message":
      return agentMessage(source);
    case "reasoning":
      return reasoning(source);
    case "function_call":
      return withBody(CALL, type, argumentParts(source), "arguments", source);
    case "custom_tool_call":
      return typeof source.item["input"] === "string"
        ? withBody(CALL, type, customInputParts(source), "input", source)
        : jsonItem(CALL, type, source);
    case "tool_search_call":
    case "web_search_call":
    case "image_generation_call":
    case "local_shell_call":
      return jsonItem(CALL, "function_call", source);
    case "function_call_output":
    case "custom_tool_call_output":
      return withBody(OUTPUT, type, outputParts(source), "output", source);
    case "tool_search_output":
    case "mcp_tool_call_output":
      return jsonItem(OUTPUT, "function_call_output", source);
    case "compaction":
    case "compaction_summary":
    case "context_compaction":
      return compaction(type, source);
    default:
      return unknown(type, source);
  }
}

/** The fields that all calls, or all outputs, have in common. */
type Side = Pick<ItemShape, "role"> & { channel: ConversationChannel };
const CALL: Side = { role: "assistant", channel: "commentary" };
const OUTPUT: Side = { role: "tool", channel: "commentary" };

/** Returns a call or an output whose body is made from one key of the item. */
function withBody(
  side: Side,
  kind: ConversationItemKind,
  parts: readonly ConversationPart[],
  key: string,
  source: BodySource,
): ItemShape {
  const callId = callIdOf(source.item);
  const identified = callId !== null &&
    source.rules.identifiesByContent.has(kind);
  const identity = identified ? bodyIdentity(parts, key, source) : null;
  return { ...side, kind, parts, callId, identity };
}

/** Returns a call or an output with one JSON part. */
function jsonItem(
  side: Side,
  kind: ConversationItemKind,
  source: BodySource,
): ItemShape {
  const callId = callIdOf(source.item);
  const identified = callId !== null &&
    source.rules.identifiesByContent.has(kind);
  const identity = identified ? itemIdentity(source) : null;
  return { ...side, kind, parts: jsonItemParts(source), callId, identity };
}

function reasoning(source: BodySource): ItemShape {
  const parts = reasoningParts(source);
  const isEmpty = parts.every((part) =>
    part.type === "payload_ref" && part.label === EMPTY_CONTENT
  );
  const identity = isEmpty ? "" : null;
  return {
    role: "assistant",
    channel: "analysis",
    kind: "reasoning",
    parts,
    identity,
  };
}

/**
 * Returns an item of a type or role that the format does not define: a payload reference with the
 * type or role as its label. The reference reducer fails here.
 */
function unknown(label: string, source: BodySource): ItemShape {
  const content_sha256 = itemIdentity(source);
  return {
    role: knownRole(source.item["role"]) ?? "assistant",
    kind: "message",
    parts: [reference(label, source, content_sha256)],
    identity: content_sha256,
  };
}

function message(source: BodySource): ItemShape {
  const role = roleOf(source);
  if (role === null) {
    return unknown(`message from ${String(source.item["role"])}`, source);
  }
  return {
    role,
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

/** Returns the role of a message, null when the format does not define it. */
function roleOf(source: BodySource): ConversationRole | null {
  const { role } = source.item;
  if (typeof role !== "string") throw malformed("message without role", source);
  return knownRole(role);
}

function knownRole(role: JsonValue | undefined): ConversationRole | null {
  switch (role) {
    case "system":
    case "developer":
    case "user":
    case "assistant":
    case "tool":
      return role;
    default:
      return null;
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

// Identities. The reference reducer compares content that the graph does not hold by its payload.
// So the same picture in a tool output, sent again with the next request, is other content under
// the same call id, and the reduction fails. Here the identity of such an item is a hash of its
// content. Items that the reference can compare have no identity.

/** Keys that the API omits or changes when an item is sent again. */
const VOLATILE_KEYS: readonly string[] = ["id", "status"];

/** Returns the identity of an item with one JSON part: a hash of the item without its id. */
function itemIdentity(source: BodySource): string {
  return hash(withoutVolatileKeys(source));
}

/**
 * Returns the identity of the body of a call or an output, null when its parts have all content.
 *
 * @param key Key of the item that the body is made from.
 */
function bodyIdentity(
  parts: readonly ConversationPart[],
  key: string,
  source: BodySource,
): string | null {
  const opaque = parts.some((part) =>
    part.type === "payload_ref" && part.content_sha256 === undefined
  );
  if (!opaque) return null;
  const item = exactItem(source);
  return hash((item instanceof Map ? item.get(key) : undefined) ?? null);
}

function withoutVolatileKeys(source: BodySource): JsonNode {
  const item = exactItem(source);
  if (!(item instanceof Map)) return item;
  for (const key of VOLATILE_KEYS) item.delete(key);
  return item;
}

function hash(node: JsonNode): string {
  return sha256Hex(canonicalJson(node));
}
