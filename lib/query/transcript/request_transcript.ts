/**
 * Exactly the input of one request, element by element.
 *
 * @module
 */

import { callsWithoutOutput } from "../../graph/unanswered_calls.ts";
import type { Compaction, InferenceCall } from "../../graph/runtime.ts";
import { callsOfThread } from "../session/thread_calls.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  OpenTranscript,
  TranscriptEntry,
  TranscriptHead,
  TranscriptUnrecorded,
} from "./transcript_answer.ts";
import { isJsonObject, type PayloadDocument } from "../../format/payload.ts";
import {
  type EffectiveRequest,
  effectiveRequest,
} from "../evidence/recorded/effective_request.ts";
import { areComparable } from "../evidence/recorded/listed_items.ts";
import { type IsNoItem, noItemsIn } from "../session/requests/no_items.ts";
import { PartMarkers } from "../../reduce/items/part_markers.ts";
import { compactionEntry, ItemEntries } from "./item_entries.ts";
import { isRequestLost, lostPayloads } from "../evidence/recorded/losses.ts";
import { keepAll, type KeptElement } from "./element.ts";
import { unrecordedOf } from "./unrecorded.ts";

type ThreadHead = Omit<TranscriptHead, "request" | "items">;

/** A request as it was sent. */
interface SentRequest {
  readonly instructions: string | null;
  readonly elements: readonly KeptElement[];
  readonly isNoItem: IsNoItem;
  /** The entry of an element that was not recorded. */
  readonly unrecorded: (element: KeptElement) => TranscriptUnrecorded | null;
}

/** The input of a call's request; without payloads, the items that the graph names. */
export function openRequestTranscript(
  session: TraceSession,
  call: InferenceCall,
  head: ThreadHead,
): OpenTranscript {
  const { names } = session;
  const before = previousOf(session, call);
  const effective = effectiveRequest(session, call);
  const error = isRequestLost(session, call)
    ? lostPayloads(session).get(effective.id) ?? null
    : null;
  const isKnown = !isRequestLost(session, call) &&
    (before === undefined || !isRequestLost(session, before)) &&
    areComparable(
      effective.ref,
      before && effectiveRequest(session, before).ref,
    );
  const old = new Set(before?.request_item_ids ?? []);
  const ids = [...call.request_item_ids];
  const now = new Set(ids);
  const sent = sentBy(session, call, effective);
  const listed = sent?.elements.filter(({ value }) => !sent.isNoItem(value))
    .length;
  const inherited = listed === undefined ? 0 : ids.length - listed;
  return {
    head: {
      ...head,
      items: ids.length,
      request: {
        call: names.ref("inference_call", call.inference_call_id),
        turn: names.ref("turn", call.codex_turn_id),
        payload: names.ref("payload", effective.id),
        capture: effective.ref?.capture ?? null,
        error,
        is_warmup: effective.isWarmup,
        model: call.model,
        previous_call: before === undefined
          ? null
          : names.ref("inference_call", before.inference_call_id),
        new_items: isKnown ? ids.filter((id) => !old.has(id)).length : null,
        dropped_items: isKnown
          ? [...old].filter((id) => !now.has(id)).length
          : null,
        inherited_items: inherited,
      },
    },
    entries: () =>
      entriesOf(session, call, { sent, effective, old, isKnown, inherited }),
  };
}

function* entriesOf(
  session: TraceSession,
  call: InferenceCall,
  { sent, effective, old, isKnown, inherited }: {
    sent: SentRequest | undefined;
    effective: EffectiveRequest;
    old: ReadonlySet<string>;
    isKnown: boolean;
    inherited: number;
  },
): Iterable<TranscriptEntry> {
  const { names, trace } = session;
  const payload = names.ref("payload", effective.id);
  const capture = effective.ref?.capture ?? null;
  const error = lostPayloads(session).get(effective.id) ?? null;
  if (capture !== null || error !== null) {
    yield {
      ...unrecordedOf(session, call, "request"),
      payload,
      capture,
      error,
    };
    return;
  }
  if (typeof sent?.instructions === "string") {
    yield { type: "instructions", text: sent.instructions };
  }
  const compaction = compactionBefore(session, call);
  if (compaction !== undefined) yield compactionEntry(session, compaction);
  const entries = new ItemEntries(session, call.thread_id);
  const unanswered = new Set(
    callsWithoutOutput(trace, call).map(({ item_id }) => item_id),
  );
  let index = -inherited;
  for (const id of call.request_item_ids) {
    for (; isAside(sent, index); index++) yield aside(sent, index);
    const item = trace.conversation_items.get(id);
    const element = sent?.elements[index];
    const isSent = sent === undefined ? null : index >= 0;
    if (item !== undefined) {
      yield entries.entry(item, {
        call,
        lacksOutput: unanswered.has(id),
        index: isSent ? index : null,
        isNew: !isKnown && !old.has(id) ? null : !old.has(id),
        sent: element && found(element, payload),
      });
    }
    index++;
  }
  for (; isAside(sent, index); index++) yield aside(sent, index);
}

function found(element: KeptElement, payload: ObjectRef) {
  return { element, payload };
}

function isAside(sent: SentRequest | undefined, index: number): boolean {
  const element = sent?.elements[index];
  return element !== undefined && sent?.isNoItem(element.value) === true;
}

function aside(sent: SentRequest | undefined, index: number): TranscriptEntry {
  const element = sent?.elements[index];
  const unrecorded = element && sent?.unrecorded(element);
  if (unrecorded !== undefined && unrecorded !== null) return unrecorded;
  const { type } = element?.value ?? {};
  return {
    type: "other_element",
    index,
    label: typeof type === "string" ? type : "element",
    json: element?.source ?? JSON.stringify(element?.value ?? null),
  };
}

function sentBy(
  session: TraceSession,
  call: InferenceCall,
  { ref, isWarmup }: EffectiveRequest,
): SentRequest | undefined {
  const { payloads, trace } = session;
  const isLost = ref === undefined ||
    lostPayloads(session).has(ref.raw_payload_id);
  if (payloads === null || isLost || ref.capture !== undefined) {
    return undefined;
  }
  // A payload is valid until the next one is opened.
  const wire = isWarmup ? instructionsOnWire(session, call) : undefined;
  const document = payloads.open(ref);
  const markers = new PartMarkers(ref);
  return {
    instructions: wire === undefined ? instructionsIn(document) : wire,
    elements: keepAll(document.elements("input") ?? []),
    isNoItem: noItemsIn(session, ref),
    unrecorded: ({ value }) => {
      const id = markers.partOf(value);
      const capture = trace.raw_payloads.get(id ?? "")?.capture;
      return id === undefined || capture === undefined ? null : {
        ...unrecordedOf(session, call, "item"),
        payload: session.names.ref("payload", id),
        capture,
        error: null,
      };
    },
  };
}

/** Instructions of a request whose input is in a payload of its own. */
function instructionsOnWire(
  { payloads, trace }: TraceSession,
  { raw_request_payload_id: id }: InferenceCall,
): string | null {
  const ref = trace.raw_payloads.get(id);
  return payloads === null || ref === undefined || ref.capture !== undefined
    ? null
    : instructionsIn(payloads.open(ref));
}

function instructionsIn({ value }: PayloadDocument): string | null {
  const instructions = isJsonObject(value) ? value["instructions"] : null;
  return typeof instructions === "string" ? instructions : null;
}

function previousOf(
  { trace }: TraceSession,
  call: InferenceCall,
): InferenceCall | undefined {
  const calls = callsOfThread(trace, call.thread_id);
  return calls[calls.indexOf(call) - 1];
}

/** The last compaction of the thread whose new history the request carries. */
function compactionBefore(
  { trace }: TraceSession,
  call: InferenceCall,
): Compaction | undefined {
  // A graph that was read from a file holds them in the order of their ids.
  const own = [...trace.compactions.values()]
    .filter(({ thread_id }) => thread_id === call.thread_id)
    .sort((a, b) => a.installed_at_unix_ms < b.installed_at_unix_ms ? -1 : 1);
  if (own.length === 0) return undefined;
  const carried = new Set(call.request_item_ids);
  return own.findLast(({ replacement_item_ids: ids }) =>
    ids.some((id) => carried.has(id))
  );
}
