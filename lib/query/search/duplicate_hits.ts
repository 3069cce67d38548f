/**
 * Which text of a payload an object of the graph already has: the item that a request carries, the
 * tool call that a result belongs to.
 *
 * @module
 */

import type { RawPayloadId, ThreadId } from "../../format/ids.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { GraphLinks } from "../evidence/links/graph_links.ts";
import type { ObjectKey } from "../../graph/codec/reference.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import type { TraceSession } from "../session/session.ts";

/** A shorter text may occur anywhere without being a copy. */
const MIN_COPY_LENGTH = 24;

/** An object that holds what is searched for. */
interface HitOwner {
  readonly key: ObjectKey;
  readonly texts: string[];
}

/** The objects of the graph with a hit, to find out which hits of payloads are copies of theirs. */
export class HitOwners {
  readonly #trace: RolloutTrace;
  readonly #links: GraphLinks;
  readonly #owners: Map<string, HitOwner> = new Map();
  /** By thread, the object with exactly a text. */
  readonly #exact: Map<ThreadId | null, Map<string, HitOwner>> = new Map();
  /** Items by the request that carried them first. */
  #carried: Map<string, ObjectKey[]> | undefined;
  readonly #warmups: ReadonlyMap<RawPayloadId, ObjectKey>;

  /** Looks up in `links` what belongs to a payload; the graph itself names no warm-up context. */
  constructor(session: TraceSession, links: GraphLinks) {
    this.#trace = session.trace;
    this.#links = links;
    this.#warmups = warmupsOf(session);
  }

  /** Takes an object with a text of it in which something was found. */
  add(key: ObjectKey, thread: ThreadId | null, text: string): void {
    const { kind, id } = key;
    const known = this.#owners.get(keyOf(key));
    const owner = known ?? { key: { kind, id }, texts: [] };
    owner.texts.push(text);
    if (known === undefined) this.#owners.set(keyOf(key), owner);
    const exact = this.#exact.get(thread) ?? new Map<string, HitOwner>();
    this.#exact.set(thread, exact);
    if (!exact.has(text)) exact.set(text, owner);
  }

  /**
   * Returns the owner of each text of a payload: an object of the payload that contains the
   * complete text, or an object of its thread with exactly the same text.
   */
  of(
    payload: RawPayloadId,
    thread: ThreadId | null,
  ): (text: string) => ObjectKey | undefined {
    let family: HitOwner[] | undefined;
    return (text) => {
      family ??= this.#familyOf(payload);
      const near = family.find(({ texts }) => texts.includes(text)) ??
        family.find(({ texts }) => texts.some((each) => each.includes(text)));
      if (near !== undefined) return near.key;
      return text.length < MIN_COPY_LENGTH
        ? undefined
        : this.#exact.get(thread)?.get(text)?.key;
    };
  }

  #familyOf(payload: RawPayloadId): HitOwner[] {
    const family = new Map<string, HitOwner>();
    const add = (key: ObjectKey) => {
      const name = keyOf(key);
      const owner = this.#owners.get(name);
      if (owner !== undefined) family.set(name, owner);
    };
    for (const { from, role } of this.#links.to("payload", payload)) {
      const isRequest = role === "request_payload" ||
        role === "prepared_prompt_payload";
      for (const each of this.#membersOf(from, isRequest)) add(each);
    }
    const call = this.#warmups.get(payload);
    if (call !== undefined) {
      for (const each of this.#membersOf(call, true)) add(each);
    }
    return [...family.values()];
  }

  /** An object of a payload, and the other objects of the same payload. */
  *#membersOf(owner: ObjectKey, isRequest: boolean): Generator<ObjectKey> {
    const trace = this.#trace;
    yield owner;
    switch (owner.kind) {
      case "inference_call":
        for (const item of this.#itemsOfCall(owner.id, isRequest)) {
          yield* this.#withTools(item);
        }
        return;
      case "compaction_request": {
        const id = trace.compaction_requests.get(owner.id)?.compaction_id ?? "";
        yield* items(trace.compactions.get(id)?.replacement_item_ids);
        return;
      }
      case "compaction":
        yield* items(trace.compactions.get(owner.id)?.replacement_item_ids);
        return;
      case "tool_call":
        yield* this.#partsOfTool(owner.id);
        return;
      case "terminal_operation": {
        const tool = trace.terminal_operations.get(owner.id)?.tool_call_id;
        if (tool === undefined) return;
        yield { kind: "tool_call", id: tool };
        yield* this.#partsOfTool(tool);
        return;
      }
      case "code_cell": {
        const cell = trace.code_cells.get(owner.id);
        yield* items(cell?.output_item_ids);
        return;
      }
      default:
        return;
    }
  }

  #itemsOfCall(call: string, isRequest: boolean): Iterable<ObjectKey> {
    if (!isRequest) {
      return items(this.#trace.inference_calls.get(call)?.response_item_ids);
    }
    this.#carried ??= this.#itemsByRequest();
    return this.#carried.get(call) ?? [];
  }

  /** An item with the tools that it calls, or that answer in it. */
  *#withTools(item: ObjectKey): Generator<ObjectKey> {
    yield item;
    for (const { from, role } of this.#links.to(item.kind, item.id)) {
      if (role !== "call_item" && role !== "output_item") continue;
      yield from;
    }
  }

  *#partsOfTool(id: string): Generator<ObjectKey> {
    const tool = this.#trace.tool_calls.get(id);
    if (tool === undefined) return;
    yield* items(tool.model_visible_call_item_ids);
    yield* items(tool.model_visible_output_item_ids);
    const { terminal_operation_id: operation, started_code_cell_id: cell } =
      tool;
    if (operation !== null) yield { kind: "terminal_operation", id: operation };
    if (cell !== undefined) yield { kind: "code_cell", id: cell };
  }

  #itemsByRequest(): Map<string, ObjectKey[]> {
    const found = new Map<string, ObjectKey[]>();
    for (const { key } of this.#owners.values()) {
      if (key.kind !== "item") continue;
      const { first } = this.#links.carriers.requests(key.id);
      if (first === null) continue;
      const { inference_call_id: call } = first;
      const known = found.get(call);
      if (known === undefined) found.set(call, [key]);
      else known.push(key);
    }
    return found;
  }
}

/** The requests whose input is in a warm-up context, by the payload of that. */
function warmupsOf(session: TraceSession): Map<RawPayloadId, ObjectKey> {
  const found = new Map<RawPayloadId, ObjectKey>();
  for (const [id, call] of session.trace.inference_calls) {
    const effective = effectiveRequest(session, call);
    if (effective.isWarmup) {
      found.set(effective.id, { kind: "inference_call", id });
    }
  }
  return found;
}

function* items(ids: Iterable<string> = []): Generator<ObjectKey> {
  for (const id of ids) yield { kind: "item", id };
}

function keyOf({ kind, id }: ObjectKey): string {
  return `${kind} ${id}`;
}
