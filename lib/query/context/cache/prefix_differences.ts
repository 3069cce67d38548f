/**
 * What differs in the part of a prompt that an earlier request had sent, too.
 *
 * A provider's cache serves a prompt up to the first difference. What only follows the earlier prompt
 * is none, and neither are ids of items and what a request carries for transport alone.
 *
 * @module
 */

import { PayloadError } from "../../../errors.ts";
import { parseExact } from "../../../format/json/json_parse.ts";
import { canonicalJson } from "../../../format/json/json_print.ts";
import { isJsonObject } from "../../../format/payload.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { PartMarkers } from "../../../reduce/items/part_markers.ts";
import { changesOfMember } from "../../evidence/recorded/member_changes.ts";
import { effectiveRequest } from "../../evidence/recorded/effective_request.ts";
import { itemKeys } from "../../evidence/recorded/item_contents.ts";
import { mayLackItems } from "../../evidence/recorded/listed_items.ts";
import { noItemsIn } from "../../session/requests/no_items.ts";
import { textIn } from "../../evidence/recorded/payload_fields.ts";
import { isRequestLost } from "../../evidence/recorded/losses.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import type { TraceSession } from "../../session/session.ts";
import type { PrefixDifference } from "./cache_answer.ts";
import { InputElement } from "./input_element.ts";
import { haveSamePrefix } from "./same_prefix.ts";

/** What differs, and whether that is all. */
export interface PrefixDifferences {
  /** In the order of the prompt. */
  readonly differences: readonly PrefixDifference[];
  /** Whether both requests were recorded completely. */
  readonly isComplete: boolean;
}

/** Members that are no part of the prompt, or that another comparison covers. */
const IGNORED: ReadonlySet<string> = new Set([
  "background",
  "client_metadata",
  "generate",
  "include",
  "input",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "model",
  "previous_response_id",
  "safety_identifier",
  "store",
  "stream",
  "stream_options",
  "type",
  "user",
]);

/** What elements of the same content have in common; most others differ in it. */
const LABEL_KEYS = ["type", "role", "name", "call_id"];

/** A request, as it is compared. */
interface ReadRequest {
  /** Its members, as written; null where they were not recorded. */
  readonly members: ReadonlyMap<string, string> | null;
  /** Its input; null where it was not recorded, or is not sent completely. */
  readonly input: readonly InputElement[] | null;
}

/** Compares requests of one thread with earlier ones. */
export class PrefixComparer {
  readonly #session: TraceSession;
  /** The request that was read last: it is often the earlier one of the next comparison. */
  #last: { readonly call: InferenceCall; readonly read: ReadRequest } | null =
    null;

  /** Reads nothing yet. */
  constructor(session: TraceSession) {
    this.#session = session;
  }

  /** What differs in `call` before the part that follows what `before` had sent. */
  compare(
    before: InferenceCall,
    call: InferenceCall,
    compaction: ObjectRef | null,
  ): PrefixDifferences {
    if (haveSamePrefix(this.#session, before, call, IGNORED)) {
      return { differences: modelDifferences(before, call), isComplete: true };
    }
    const first = this.#read(before);
    const second = this.#read(call);
    const values = first.members === null || second.members === null
      ? null
      : valueDifferences(first.members, second.members);
    const input = first.input === null || second.input === null
      ? this.#itemDifference(before, call, compaction)
      : inputDifference(first.input, second.input, compaction);
    return {
      differences: [
        ...modelDifferences(before, call),
        ...values ?? [],
        ...input ?? [],
      ],
      isComplete: values !== null && input !== null,
    };
  }

  #read(call: InferenceCall): ReadRequest {
    if (this.#last?.call === call) return this.#last.read;
    const read = {
      members: membersOf(this.#session, call),
      input: inputOf(this.#session, call),
    };
    this.#last = { call, read };
    return read;
  }

  /** The first item that differs by the graph, which has inherited items, too; null if unknown. */
  #itemDifference(
    before: InferenceCall,
    call: InferenceCall,
    compaction: ObjectRef | null,
  ): PrefixDifference[] | null {
    const session = this.#session;
    const isKnown = [before, call].every((each) =>
      !isRequestLost(session, each) &&
      !mayLackItems(effectiveRequest(session, each).ref)
    );
    if (!isKnown) return null;
    const keyOf = itemKeys(session);
    const listOf = (each: InferenceCall): InputElement[] =>
      Array.from(each.request_item_ids, (id) =>
        new InputElement({
          type: null,
          item: () => session.names.ref("item", id),
          lost: null,
          identity: id,
          label: "",
          source: () => keyOf(id) ?? JSON.stringify(id),
        }));
    return inputDifference(listOf(before), listOf(call), compaction);
  }
}

function modelDifferences(
  a: InferenceCall,
  b: InferenceCall,
): PrefixDifference[] {
  const pairs = [
    { what: "model" as const, a: a.model, b: b.model },
    { what: "provider" as const, a: a.provider_name, b: b.provider_name },
  ];
  return pairs.filter((pair) => pair.a !== pair.b);
}

function valueDifferences(
  a: ReadonlyMap<string, string>,
  b: ReadonlyMap<string, string>,
): PrefixDifference[] {
  return [...new Set([...b.keys(), ...a.keys()])].flatMap(
    (key): PrefixDifference[] => {
      const [before, after] = [a.get(key), b.get(key)];
      if (before === after) return [];
      if (isReordered(before, after)) {
        const [a, b] = [before ?? null, after ?? null];
        return [{ what: "value", path: [key], change: "reordered", a, b }];
      }
      return changesOfMember(key, before, after)
        .map((each) => ({ what: "value", ...each }));
    },
  );
}

/** Whether two lists have the same elements in another order. */
function isReordered(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const [first, second] = [parseExact(a), parseExact(b)];
  if (!Array.isArray(first) || !Array.isArray(second)) return false;
  const [before, after] = [first, second].map((list) =>
    list.map(canonicalJson)
  );
  return before !== undefined && after !== undefined &&
    before.join() !== after.join() &&
    before.toSorted().join() === after.toSorted().join();
}

/** The first element that differs; null where it may be one that was not recorded. */
function inputDifference(
  a: readonly InputElement[],
  b: readonly InputElement[],
  compaction: ObjectRef | null,
): PrefixDifference[] | null {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const [before, after] = [a[at], b[at]];
    if (before === undefined || after === undefined) break;
    if (before.lost !== null && before.lost === after.lost) continue;
    if (before.isSameAs(after)) continue;
    if (before.source === null || after.source === null) return null;
    return [{
      what: "item",
      position: at + 1,
      change: changeAt(a, b, before, after),
      element_type: before.type,
      a: before.item,
      b: after.item,
      compaction,
    }];
  }
  return [];
}

/** What happened where `before` was and `after` is. */
function changeAt(
  a: readonly InputElement[],
  b: readonly InputElement[],
  before: InputElement,
  after: InputElement,
): "inserted" | "removed" | "rewritten" {
  if (b.some((each) => before.isSameAs(each))) return "inserted";
  return a.some((each) => each.isSameAs(after)) ? "removed" : "rewritten";
}

/** Everything but the input of a request, as sent; null where it was not recorded. */
function membersOf(
  { trace, payloads }: TraceSession,
  call: InferenceCall,
): ReadonlyMap<string, string> | null {
  const ref = trace.raw_payloads.get(call.raw_request_payload_id);
  if (payloads === null || ref === undefined) return null;
  if (ref.capture !== undefined) return null;
  return readOr(null, () => {
    const document = payloads.open(ref);
    if (!isJsonObject(document.value)) return null;
    const found = new Map<string, string>();
    for (const key of Object.keys(document.value)) {
      const source = IGNORED.has(key)
        ? undefined
        : document.member(key)?.source();
      if (source !== undefined) found.set(key, source);
    }
    return found;
  });
}

/** The input of a request; null where it was not recorded, or continues an earlier response. */
function inputOf(
  session: TraceSession,
  call: InferenceCall,
): InputElement[] | null {
  const { ref } = effectiveRequest(session, call);
  const { payloads, names } = session;
  if (payloads === null || ref === undefined) return null;
  if (ref.capture !== undefined) return null;
  return readOr(null, () => {
    const document = payloads.open(ref);
    const { value } = document;
    const previous = isJsonObject(value) ? value["previous_response_id"] : null;
    const list = document.elements("input");
    if (list === undefined || typeof previous === "string") return null;
    const isNoItem = noItemsIn(session, ref);
    const markers = new PartMarkers(ref);
    let items = 0;
    return list.map((element): InputElement => {
      const { value } = element;
      const lost = markers.partOf(value) ?? null;
      const source = lost === null ? element.source() : null;
      const hasItem = lost === null && !isNoItem(value);
      const id = hasItem ? call.request_item_ids.at(items++) : undefined;
      return new InputElement({
        type: lost === null ? textIn(value, "type") : null,
        item: () => id === undefined ? null : names.ref("item", id),
        lost,
        identity: null,
        label: LABEL_KEYS.map((key) => textIn(value, key) ?? "").join(),
        source: () => source,
      });
    });
  });
}

function readOr<T>(other: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    // The diagnostics of the reduction report unreadable payloads already.
    if (error instanceof PayloadError) return other;
    throw error;
  }
}
