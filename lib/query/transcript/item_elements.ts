/**
 * The elements of payloads that items were made of.
 *
 * An item is looked for where it was first seen: in the answer of the call that produced it,
 * or in the payload that its body points to. The lists of ids in the graph follow the lists of
 * elements in the payloads, so a place is enough.
 *
 * @module
 */

import type { ConversationItemId, RawPayloadId } from "../../format/ids.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import { PayloadError } from "../../errors.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { noItemsIn } from "../session/requests/no_items.ts";
import type { TraceSession } from "../session/session.ts";
import { keepComplete, keepItems, type KeptElement } from "./element.ts";

/** An element, and the payload that holds it. */
export interface FoundElement {
  readonly element: KeptElement;
  /** Null in a session log, which has no payloads. */
  readonly payload: ObjectRef | null;
}

/** A list of elements, and the items they are. */
interface ElementList {
  /** The member with the list; `payload` where the payload itself is the only element. */
  readonly key: "input" | "output_items" | "replacement_history" | "payload";
  readonly ids: Iterable<ConversationItemId>;
  /** How many of the ids are there. */
  readonly length: number;
}

type Elements = ReadonlyMap<ConversationItemId, KeptElement>;
const NOTHING: Elements = new Map();

/** Looks elements up; keeps what the last payloads hold, for the next items. */
export class ItemElements {
  readonly #session: TraceSession;
  #lists: ReadonlyMap<RawPayloadId, ElementList> | undefined;
  /** Of the last request, and of the last payload of another kind. */
  readonly #read: Map<"request" | "other", [RawPayloadId, Elements]> =
    new Map();

  /** Looks into the payloads of a session. */
  constructor(session: TraceSession) {
    this.#session = session;
  }

  /** The element that an item was made of; `undefined` when that is not available. */
  of(item: ConversationItem): FoundElement | undefined {
    const logged = this.#session.sessionLog?.elements.get(item.item_id);
    if (logged !== undefined) return { element: logged, payload: null };
    for (const id of this.#payloadsOf(item)) {
      const element = this.#elements(id).get(item.item_id);
      if (element === undefined) continue;
      const callId = element.value["call_id"];
      if (item.call_id !== null && callId !== item.call_id) continue;
      return { element, payload: this.#session.names.ref("payload", id) };
    }
    return undefined;
  }

  #payloadsOf({ body, produced_by }: ConversationItem): RawPayloadId[] {
    const named = body.parts.flatMap((part) =>
      "raw_payload_id" in part ? part.raw_payload_id : []
    );
    const answers = produced_by.flatMap((producer) =>
      producer.type === "inference"
        ? this.#session.trace.inference_calls.get(producer.inference_call_id)
          ?.raw_response_payload_id ?? []
        : []
    );
    return [...new Set([...named, ...answers])];
  }

  #elements(id: RawPayloadId): Elements {
    this.#lists ??= listsOf(this.#session);
    const list = this.#lists.get(id);
    if (list === undefined) return NOTHING;
    const slot = list.key === "input" ? "request" : "other";
    const last = this.#read.get(slot);
    if (last?.[0] === id) return last[1];
    const elements = this.#readList(id, list);
    this.#read.set(slot, [id, elements]);
    return elements;
  }

  #readList(id: RawPayloadId, { key, ids, length }: ElementList): Elements {
    const { payloads, trace } = this.#session;
    const ref = trace.raw_payloads.get(id);
    if (payloads === null || ref === undefined) return NOTHING;
    const kept = keptFrom(() => {
      const document = payloads.open(ref);
      return key === "payload"
        ? [keepComplete({
          value: document.value,
          source: () => document.source(),
        })]
        : keepItems(
          document.elements(key) ?? [],
          noItemsIn(this.#session, ref),
        );
    });
    const elements = new Map<ConversationItemId, KeptElement>();
    // The items that a request inherits are before those that it lists itself.
    let place = kept.length - length;
    for (const item of ids) {
      const element = kept[place++];
      if (element !== undefined) elements.set(item, element);
    }
    return elements;
  }
}

function keptFrom(read: () => KeptElement[]): KeptElement[] {
  try {
    return read();
  } catch (error) {
    // The text of the graph is used instead; `check` reports the damaged payload.
    if (error instanceof PayloadError) return [];
    throw error;
  }
}

/** Every payload with a list of elements whose items the graph names. */
function listsOf(session: TraceSession): Map<RawPayloadId, ElementList> {
  const { trace, log } = session;
  const lists = receiptLists(session);
  for (const call of trace.inference_calls.values()) {
    const { request_item_ids: sent, response_item_ids: responses } = call;
    lists.set(effectiveRequest(session, call).id, {
      key: "input",
      ids: sent,
      length: sent.length,
    });
    if (call.raw_response_payload_id === null) continue;
    lists.set(call.raw_response_payload_id, {
      key: "output_items",
      ids: responses,
      length: responses.length,
    });
  }
  for (const [id, { replacement_item_ids: ids }] of trace.compactions) {
    for (const { event: { payload } } of log?.about("compaction", id) ?? []) {
      if (payload.type !== "compaction_installed") continue;
      const { raw_payload_id } = payload.checkpoint_payload;
      const key = "replacement_history";
      lists.set(raw_payload_id, { key, ids, length: ids.length });
    }
  }
  return lists;
}

/** Payloads of accepted items, which hold nothing but the item. */
function receiptLists(
  { names, log }: TraceSession,
): Map<RawPayloadId, ElementList> {
  const lists = new Map<RawPayloadId, ElementList>();
  for (const { event } of log?.events ?? []) {
    const { payload } = event;
    if (payload.type !== "history_item_accepted") continue;
    const ref = payload.agent_message_payload ?? payload.tool_output_payload;
    const item = names.ofEvents.item(payload.item_id, event.thread_id);
    if (ref === null || ref === undefined || item === undefined) continue;
    lists.set(ref.raw_payload_id, { key: "payload", ids: [item], length: 1 });
  }
  return lists;
}
