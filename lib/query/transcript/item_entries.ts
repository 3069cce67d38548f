/**
 * Items as entries of a transcript: role, causes, content.
 *
 * @module
 */

import { isJsonObject } from "../../format/payload.ts";
import type {
  ConversationItem,
  ConversationPart,
  ProducerRef,
} from "../../graph/conversation.ts";
import { ToolNames } from "../context/tool_names.ts";
import {
  isNotification,
  reportedAgents,
} from "../evidence/links/reported_agents.ts";
import { ItemCarriers } from "../evidence/links/item_carriers.ts";
import { inheritedItems } from "../evidence/links/inherited_history.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  ItemCause,
  TranscriptCompaction,
  TranscriptItem,
  TranscriptPart,
} from "./transcript_answer.ts";
import { partsOfElement } from "./element.ts";
import { type FoundElement, ItemElements } from "./item_elements.ts";
import type { RawPayloadId } from "../../format/ids.ts";
import type { Compaction, InferenceCall } from "../../graph/runtime.ts";
import { unansweredCalls } from "../../graph/unanswered_calls.ts";
import {
  checkpointCapture,
  lostHistory,
} from "../evidence/recorded/checkpoint.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { captureOfPart } from "../evidence/recorded/captures.ts";

/** What an item is in one request. */
export interface InRequest {
  /** Its place in `input`; null when it was not sent again. */
  readonly index: number | null;
  /** Whether the request before did not have it; null when that was not recorded. */
  readonly isNew: boolean | null;
  /** Whether it is a call without an output in the request. */
  readonly lacksOutput: boolean;
  /** The request. */
  readonly call: InferenceCall;
  /** The element that was sent; `undefined` when it was not sent again. */
  readonly sent: FoundElement | undefined;
}

/** Makes the pieces of one thread. */
export class ItemEntries {
  readonly #session: TraceSession;
  readonly #elements: ItemElements;
  readonly #tools: ToolNames;
  readonly #lookups: Lookups;

  /** Makes entries of items of `thread`. */
  constructor(session: TraceSession, thread: string) {
    this.#session = session;
    this.#elements = new ItemElements(session);
    this.#tools = new ToolNames(session.trace, thread);
    this.#lookups = lookupsOf(session);
  }

  /** An item of the thread; with `request`, as it was sent there. */
  entry(item: ConversationItem, request?: InRequest): TranscriptItem {
    const { names } = this.#session;
    const found = request?.sent ?? this.#found(item);
    const first = this.#lookups.carriers.requests(item.item_id).first;
    const isInherited = inheritedItems(this.#session).has(item.item_id);
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
      turn: item.codex_turn_id === null || isInherited
        ? null
        : names.ref("turn", item.codex_turn_id),
      is_inherited: isInherited,
      first_seen_at_unix_ms: item.first_seen_at_unix_ms,
      first_request: first === null
        ? null
        : names.ref("inference_call", first.inference_call_id),
      is_new: request?.isNew ?? null,
      is_accepted: true,
      lacks_output_in: this.#lacksOutputIn(item, request),
      produced_by: this.#provenance(item),
      parts: this.#parts(item, found),
    };
  }

  #lacksOutputIn(
    { item_id: id }: ConversationItem,
    request: InRequest | undefined,
  ): ObjectRef | null {
    const { names } = this.#session;
    const call = request === undefined
      ? this.#lookups.unanswered.get(id)
      : request.lacksOutput
      ? request.call
      : undefined;
    return call === undefined
      ? null
      : names.ref("inference_call", call.inference_call_id);
  }

  /** The element behind an item, where it has more than the graph. */
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

  #provenance(item: ConversationItem): ItemCause[] {
    const { item_id, produced_by } = item;
    const causes = produced_by.map((producer) => this.#cause(producer));
    const known = new Set(causes.map(({ object }) => object?.id));
    const edges = (this.#lookups.edges.get(item_id) ?? [])
      .filter(({ id }) => !known.has(id))
      .map((object) => ({ type: "interaction_edge", object } as const));
    if (causes.length + edges.length > 0) return [...causes, ...edges];
    const { names, trace } = this.#session;
    return isNotification(item)
      ? reportedAgents(trace, item).map((id): ItemCause => ({
        type: "agent",
        object: names.ref("thread", id),
      }))
      : [];
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

/** What the entries of all threads are looked up in: a session may have thousands. */
interface Lookups {
  /** The requests that carried an item. */
  readonly carriers: ItemCarriers;
  /** The edges that brought an item to its thread. */
  readonly edges: ReadonlyMap<string, readonly ObjectRef[]>;
  /** The first request that carried a call without an output, by the item of the call. */
  readonly unanswered: ReadonlyMap<string, InferenceCall>;
}

const LOOKUPS: WeakMap<TraceSession, Lookups> = new WeakMap();

function lookupsOf(session: TraceSession): Lookups {
  const known = LOOKUPS.get(session);
  if (known !== undefined) return known;
  const { trace } = session;
  const made = {
    carriers: new ItemCarriers(trace),
    edges: edgesByItem(session),
    unanswered: new Map(
      unansweredCalls(trace).map(({ item, call }) => [item.item_id, call]),
    ),
  };
  LOOKUPS.set(session, made);
  return made;
}

/** The edges that brought an item to its thread. */
function edgesByItem({ trace, names }: TraceSession): Map<string, ObjectRef[]> {
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

/** A compaction as a piece of a transcript. */
export function compactionEntry(
  session: TraceSession,
  compaction: Compaction,
): TranscriptCompaction {
  const { names } = session;
  const replacement = compaction.replacement_item_ids;
  const stayed = new Set(replacement);
  const went = [...compaction.input_item_ids].filter((id) => !stayed.has(id));
  const lost = lostHistory(session, compaction);
  const stays = (id: RawPayloadId) => lost?.after.includes(id) === true;
  return {
    type: "compaction",
    compaction: names.ref("compaction", compaction.compaction_id),
    marker: names.ref("item", compaction.marker_item_id),
    turn: names.ref("turn", compaction.codex_turn_id),
    installed_at_unix_ms: compaction.installed_at_unix_ms,
    requests: compaction.request_ids.map((id) =>
      names.ref("compaction_request", id)
    ),
    capture: checkpointCapture(session, compaction),
    unrecorded_replaced_items: lost &&
      lost.before.filter((id) => !stays(id)).length,
    unrecorded_replacement_items: lost && lost.after.length,
    replaced_items: went.map((id) => names.ref("item", id)),
    replacement_items: replacement.map((id) => names.ref("item", id)),
  };
}

/** Bytes from which on the graph cuts JSON and puts {@linkcode CUT} at the end. */
const CUT_FROM = 240;
const CUT = "...";

/** The parts of an item, with JSON cut where the graph cut it. */
function partsOfItem(
  { body }: ConversationItem,
  session: TraceSession,
): TranscriptPart[] {
  return body.parts.map((part) => partOf(part, session));
}

/** Whether the payload has more than the graph. */
function lacksSomething({ body }: ConversationItem): boolean {
  return body.parts.some((part) =>
    part.type === "payload_ref" || part.type === "json" && isCut(part.summary)
  );
}

function partOf(
  part: ConversationPart,
  { names, trace, sessionLog }: TraceSession,
): TranscriptPart {
  const payloadOf = (id: RawPayloadId) =>
    sessionLog === undefined ? names.ref("payload", id) : null;
  switch (part.type) {
    case "text":
    case "summary":
    case "encoded":
      return part;
    case "code":
      return { type: "code", language: part.language, text: part.source };
    case "json":
      return {
        type: "json",
        json: part.summary,
        is_truncated: isCut(part.summary),
        payload: payloadOf(part.raw_payload_id),
      };
    case "payload_ref":
      return {
        type: "payload_ref",
        label: part.label,
        media_type: null,
        bytes: null,
        content_sha256: part.content_sha256 ?? null,
        payload: payloadOf(part.raw_payload_id),
        capture: captureOfPart(trace, part),
      };
  }
}

function isCut(summary: string): boolean {
  if (!summary.endsWith(CUT) || summary.length * 3 < CUT_FROM) return false;
  const bytes = utf8Length(summary) - CUT.length;
  // A character of up to four bytes is not split.
  return bytes <= CUT_FROM && bytes > CUT_FROM - 4;
}
