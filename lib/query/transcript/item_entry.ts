/**
 * Items as pieces of a transcript: who speaks, what caused it, what it says.
 *
 * @module
 */

import { isJsonObject } from "../../format/payload.ts";
import type {
  ConversationItem,
  ProducerRef,
} from "../../graph/conversation.ts";
import { ToolNames } from "../context/tool_names.ts";
import { ItemCarriers } from "../evidence/links/item_carriers.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { Session } from "../session/session.ts";
import type { ItemCause, TranscriptItem, TranscriptPart } from "./answer.ts";
import { partsOfElement } from "./element_parts.ts";
import { type FoundElement, ItemElements } from "./item_elements.ts";
import { lacksSomething, partsOfItem } from "./item_parts.ts";

/** What an item is in one request. */
export interface InRequest {
  /** Its place in `input`; null when it was not sent again. */
  readonly index: number | null;
  /** Whether the request before did not have it; null when that was not recorded. */
  readonly isNew: boolean | null;
  /** The element that was sent; `undefined` when it was not sent again. */
  readonly sent: FoundElement | undefined;
}

/** Makes the pieces of one thread. */
export class ItemEntries {
  readonly #session: Session;
  readonly #elements: ItemElements;
  readonly #tools: ToolNames;
  readonly #carriers: ItemCarriers;
  readonly #edges: ReadonlyMap<string, ObjectRef[]>;

  /** Tells of items of `thread`. */
  constructor(session: Session, thread: string) {
    this.#session = session;
    this.#elements = new ItemElements(session);
    this.#tools = new ToolNames(session.trace, thread);
    this.#carriers = new ItemCarriers(session.trace);
    this.#edges = edgesByItem(session);
  }

  /** An item of the thread; with `request`, as it was sent there. */
  entry(item: ConversationItem, request?: InRequest): TranscriptItem {
    const { names } = this.#session;
    const found = request?.sent ?? this.#found(item);
    const first = this.#carriers.requests(item.item_id).first;
    return {
      type: "item",
      item: names.ref("item", item.item_id),
      index: request?.index ?? null,
      role: item.role,
      channel: item.channel,
      kind: item.kind,
      tool: this.#toolOf(item, found),
      call_id: item.call_id,
      agent_message: item.agent_message ?? null,
      turn: item.codex_turn_id === null
        ? null
        : names.ref("turn", item.codex_turn_id),
      first_seen_at_unix_ms: item.first_seen_at_unix_ms,
      first_request: first === null
        ? null
        : names.ref("inference_call", first.inference_call_id),
      is_new: request?.isNew ?? null,
      produced_by: this.#provenance(item),
      parts: this.#parts(item, found),
    };
  }

  /** The element behind an item, where it tells more than the graph. */
  #found(item: ConversationItem): FoundElement | undefined {
    const { kind } = item;
    const isCall = kind === "function_call" || kind === "custom_tool_call";
    return isCall || lacksSomething(item) ? this.#elements.of(item) : undefined;
  }

  #parts(
    item: ConversationItem,
    found: FoundElement | undefined,
  ): TranscriptPart[] {
    const known = partsOfItem(item, this.#session);
    if (found === undefined) return known;
    const parts = partsOfElement(found.element, found.payload);
    return parts.map((part, at) => {
      const hash = known[at]?.type === "payload_ref" ? known[at] : undefined;
      // In the element, what was not recorded is only a marker.
      if (hash !== undefined && hash.capture !== null) return hash;
      return part.type === "payload_ref" && hash !== undefined
        ? { ...part, content_sha256: hash.content_sha256 }
        : part;
    });
  }

  #toolOf(
    item: ConversationItem,
    found: FoundElement | undefined,
  ): string | null {
    const value = found?.element.value;
    switch (item.kind) {
      case "function_call":
      case "custom_tool_call":
        if (isJsonObject(value)) return this.#tools.ofCall(value);
        return item.call_id === null
          ? null
          : this.#tools.ofCallId(item.call_id);
      case "function_call_output":
      case "custom_tool_call_output":
        return item.call_id === null
          ? null
          : this.#tools.ofCallId(item.call_id);
      case "message":
      case "reasoning":
      case "compaction_marker":
        return null;
    }
  }

  #provenance({ item_id, produced_by }: ConversationItem): ItemCause[] {
    const told = produced_by.map((producer) => this.#cause(producer));
    const known = new Set(told.map(({ object }) => object?.id));
    const edges = (this.#edges.get(item_id) ?? [])
      .filter(({ id }) => !known.has(id))
      .map((object) => ({ type: "interaction_edge", object } as const));
    return [...told, ...edges];
  }

  #cause(producer: ProducerRef): ItemCause {
    const { names } = this.#session;
    const { type } = producer;
    switch (type) {
      case "user_input":
      case "harness":
        return { type, object: null };
      case "inference": {
        const id = producer.inference_call_id;
        return { type, object: names.ref("inference_call", id) };
      }
      case "tool":
        return { type, object: names.ref("tool_call", producer.tool_call_id) };
      case "code_cell":
        return { type, object: names.ref("code_cell", producer.code_cell_id) };
      case "interaction_edge":
        return { type, object: names.ref("edge", producer.edge_id) };
      case "compaction":
        return {
          type,
          object: names.ref("compaction", producer.compaction_id),
        };
    }
  }
}

/** The edges that brought an item to its thread. */
function edgesByItem({ trace, names }: Session): Map<string, ObjectRef[]> {
  const edges = new Map<string, ObjectRef[]>();
  for (const [id, { target }] of trace.interaction_edges) {
    if (target.type !== "conversation_item") continue;
    const ref = names.ref("edge", id);
    const known = edges.get(target.item_id);
    if (known === undefined) edges.set(target.item_id, [ref]);
    else known.push(ref);
  }
  return edges;
}
