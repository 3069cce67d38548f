/**
 * The complete contents of items, and the keys by which items of two sessions are compared.
 *
 * @module
 */

import { PayloadError } from "../../../errors.ts";
import type { ConversationItemId, RawPayloadId } from "../../../format/ids.ts";
import { isJsonObject, type JsonValue } from "../../../format/payload.ts";
import type {
  ConversationItem,
  ConversationPart,
} from "../../../graph/conversation.ts";
import { captureText } from "../../../text/capture_text.ts";
import { captureOfPart } from "./captures.ts";
import type { TraceSession } from "../../session/session.ts";
import { excerpt } from "../excerpt.ts";
import { toolLabels } from "../../session/names/tool_name.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";

/** What the graph cuts ends with this. */
const CUT = "...";
/** And has at least so many characters: it is cut at 240 bytes. */
const MIN_CUT = 60;

/** An item of a list. */
export interface ItemSummary {
  /** The item. */
  readonly item: ObjectRef;
  /** Its place in its list, counted from 1. */
  readonly position: number;
  /** Who speaks. */
  readonly role: string;
  /** What the item is. */
  readonly item_kind: string;
  /** The tool that is called or answers; null for other items, and where it is unknown. */
  readonly tool: string | null;
  /** Its text, truncated. */
  readonly excerpt: string;
  /** Characters of its full text. */
  readonly length: number;
}

/** Replaces what differs between two texts that are otherwise equal: ids and times. */
export interface TextNormalizer {
  /** Returns the text of a part of an item without them. */
  text(item: ConversationItem, part: number, text: string): string;
}

/** The key by which two items have the same content. */
export type KeyOfItem = (id: ConversationItemId) => string | undefined;

/** Reads the items of a session. */
export class ItemContents {
  readonly #session: TraceSession;
  readonly #tools: ReadonlyMap<string, string>;
  /** The calls in the payload that was read last. */
  #read: {
    readonly id: RawPayloadId;
    readonly calls: ReadonlyMap<string, string>;
  } | undefined;

  /** Reads payloads only where the graph has truncated the content of an item. */
  constructor(session: TraceSession) {
    this.#session = session;
    const tools = new Map<string, string>();
    for (const tool of session.trace.tool_calls.values()) {
      const { model_visible_call_id: call, thread_id: thread } = tool;
      const { tool: name, requested_tool: asked } = toolLabels(tool);
      if (call !== null) tools.set(callKey(thread, call), asked ?? name);
    }
    this.#tools = tools;
  }

  item(id: string): ConversationItem | undefined {
    return this.#session.trace.conversation_items.get(id);
  }

  /** The complete text of an item, normalized on request. */
  text(item: ConversationItem, normalized?: TextNormalizer): string {
    return item.body.parts
      .map((part) => this.#partText(item, part))
      .map((text, index) => normalized?.text(item, index, text) ?? text)
      .filter((text) => text !== "").join("\n");
  }

  /**
   * The key of an item among those of the same session: its content, and the call that it makes
   * or answers.
   */
  exactKey(item: ConversationItem): string {
    const encoded = item.body.parts.flatMap((part) => {
      if (part.type === "encoded") return part.value;
      // What was not recorded is the same where it is the same payload.
      const capture = captureOfPart(this.#session.trace, part);
      return capture !== null && part.type === "payload_ref"
        ? part.raw_payload_id
        : [];
    });
    return JSON.stringify([this.key(item), item.call_id, encoded]);
  }

  /**
   * The key of an item among those of two sessions: its content without ids and times. Of content
   * that is encrypted or not in the graph, only its type. `withTool` is false where the other
   * session does not know the tool, or this one: a fork inherits calls that it did not run.
   */
  key(
    item: ConversationItem,
    normalized?: TextNormalizer,
    withTool: boolean = true,
  ): string {
    const { kind, role, channel, agent_message: address } = item;
    const parts = item.body.parts.map((part, index) => {
      switch (part.type) {
        case "encoded":
          return ["encoded", part.label];
        case "payload_ref": {
          const capture = captureOfPart(this.#session.trace, part);
          const hash = part.content_sha256 ?? "";
          return capture === null
            ? ["payload_ref", part.label, hash]
            : ["payload_ref", part.label, hash, captureText(capture)];
        }
        case "code":
          return ["code", part.language, part.source];
        default: {
          const text = this.#partText(item, part);
          return [part.type, normalized?.text(item, index, text) ?? text];
        }
      }
    });
    return JSON.stringify([
      kind,
      role,
      channel,
      address?.author ?? null,
      address?.recipient ?? null,
      withTool ? this.tool(item) : null,
      parts,
    ]);
  }

  /**
   * How much of the content of an item is known: `encrypted` where the rest is encrypted, `partial`
   * where it was truncated, or its payload is not available.
   */
  knowledge(item: ConversationItem): "complete" | "encrypted" | "partial" {
    const { parts } = item.body;
    const isCut = parts.some((part) => {
      if (part.type === "payload_ref") return part.content_sha256 === undefined;
      return part.type === "json" && part.summary.endsWith(CUT) &&
        part.summary.length >= MIN_CUT &&
        this.#partText(item, part) === part.summary;
    });
    if (isCut) return "partial";
    return parts.some(({ type }) => type === "encoded")
      ? "encrypted"
      : "complete";
  }

  summary(item: ConversationItem, position: number): ItemSummary {
    const text = this.text(item);
    return {
      item: this.#session.names.ref("item", item.item_id),
      position,
      role: item.role,
      item_kind: item.kind,
      tool: this.tool(item),
      excerpt: excerpt(text),
      length: text.length,
    };
  }

  /** The tool that an item calls, or whose output it is; null where it is unknown. */
  tool({ call_id: call, thread_id: thread }: ConversationItem): string | null {
    return call === null
      ? null
      : this.#tools.get(callKey(thread, call)) ?? null;
  }

  #partText(item: ConversationItem, part: ConversationPart): string {
    switch (part.type) {
      case "text":
      case "summary":
        return part.text;
      case "code":
        return part.source;
      case "encoded":
        return `(${part.label})`;
      case "payload_ref": {
        const capture = captureOfPart(this.#session.trace, part);
        return capture === null
          ? `(${part.label})`
          : `(${part.label} ${captureText(capture)})`;
      }
      case "json":
        return this.#completeJson(item, part.summary, part.raw_payload_id);
    }
  }

  /** The complete JSON of a part that the graph has truncated, where its payload is available. */
  #completeJson(
    { call_id: call, kind }: ConversationItem,
    summary: string,
    id: RawPayloadId,
  ): string {
    if (!summary.endsWith(CUT) || call === null) return summary;
    if (this.#read?.id !== id) {
      this.#read = { id, calls: callsIn(this.#session, id) };
    }
    return this.#read.calls.get(callKey(kind, call)) ?? summary;
  }
}

/** What calls and outputs of a request or of an answer hold, by kind and call. */
function callsIn(
  { trace, payloads }: TraceSession,
  id: RawPayloadId,
): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const ref = trace.raw_payloads.get(id);
  if (ref === undefined || payloads === null) return found;
  let value: JsonValue;
  try {
    value = payloads.open(ref).value;
  } catch (error) {
    // The diagnostics of the reduction report unreadable payloads already.
    if (error instanceof PayloadError) return found;
    throw error;
  }
  if (!isJsonObject(value)) return found;
  // The payload of an accepted item is the item itself.
  for (const list of [value["output_items"], value["input"], [value]]) {
    for (const element of Array.isArray(list) ? list : []) {
      if (!isJsonObject(element)) continue;
      const { type, call_id: call } = element;
      const content = element["arguments"] ?? element["output"];
      if (typeof call !== "string" || content === undefined) continue;
      const text = typeof content === "string"
        ? content
        : JSON.stringify(content);
      found.set(callKey(String(type), call), text);
    }
  }
  return found;
}

function callKey(space: string, call: string): string {
  return `${space} ${call}`;
}

/** Returns the keys of items; nothing is read before the first call. */
export function itemKeys(session: TraceSession): KeyOfItem {
  let contents: ItemContents | undefined;
  return (id) => {
    contents ??= new ItemContents(session);
    const item = contents.item(id);
    return item === undefined ? undefined : contents.exactKey(item);
  };
}
