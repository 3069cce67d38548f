/**
 * Exactly the input of one request, element by element.
 *
 * @module
 */

import type { Compaction, InferenceCall } from "../../graph/inference.ts";
import { callsOf } from "../context/calls_of.ts";
import type { ObjectRef } from "../names/object_kind.ts";
import type { Session } from "../session/session.ts";
import type { TranscriptEntry, TranscriptHead } from "./answer.ts";
import { compactionEntry } from "./compaction_entry.ts";
import { isNoItem, keepItems, type KeptElement } from "./element.ts";
import { ItemEntries } from "./item_entry.ts";
import type { OpenTranscript } from "./transcript_of.ts";

type ThreadHead = Pick<
  TranscriptHead,
  "thread" | "agent_path" | "other_threads"
>;

/** A request as it was sent. */
interface SentRequest {
  readonly instructions: string | null;
  readonly elements: readonly KeptElement[];
}

/** The input of a call's request; without payloads, the items that the graph names. */
export function openRequestTranscript(
  session: Session,
  call: InferenceCall,
  head: ThreadHead,
): OpenTranscript {
  const { names } = session;
  const before = previousOf(session, call);
  const old = new Set(before?.request_item_ids ?? []);
  const ids = [...call.request_item_ids];
  const now = new Set(ids);
  const sent = sentBy(session, call);
  const listed = sent?.elements.filter(({ value }) => !isNoItem(value)).length;
  const inherited = listed === undefined ? 0 : ids.length - listed;
  return {
    head: {
      ...head,
      items: ids.length,
      request: {
        call: names.ref("inference_call", call.inference_call_id),
        turn: names.ref("turn", call.codex_turn_id),
        payload: names.ref("payload", call.raw_request_payload_id),
        model: call.model,
        previous_call: before === undefined
          ? null
          : names.ref("inference_call", before.inference_call_id),
        new_items: ids.filter((id) => !old.has(id)).length,
        dropped_items: [...old].filter((id) => !now.has(id)).length,
        inherited_items: inherited,
      },
    },
    entries: () => entriesOf(session, call, { sent, old, inherited }),
  };
}

function* entriesOf(
  session: Session,
  call: InferenceCall,
  { sent, old, inherited }: {
    sent: SentRequest | undefined;
    old: ReadonlySet<string>;
    inherited: number;
  },
): Iterable<TranscriptEntry> {
  const { names, trace } = session;
  const payload = names.ref("payload", call.raw_request_payload_id);
  if (typeof sent?.instructions === "string") {
    yield { type: "instructions", text: sent.instructions };
  }
  const compaction = compactionBefore(session, call);
  if (compaction !== undefined) yield compactionEntry(session, compaction);
  const entries = new ItemEntries(session, call.thread_id);
  let index = -inherited;
  for (const id of call.request_item_ids) {
    for (; isAside(sent, index); index++) yield aside(sent, index);
    const item = trace.conversation_items.get(id);
    const element = sent?.elements[index];
    const isSent = sent === undefined ? null : index >= 0;
    if (item !== undefined) {
      yield entries.entry(item, {
        index: isSent ? index : null,
        isNew: !old.has(id),
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
  return element !== undefined && isNoItem(element.value);
}

function aside(sent: SentRequest | undefined, index: number): TranscriptEntry {
  const element = sent?.elements[index];
  const { type } = element?.value ?? {};
  return {
    type: "aside",
    index,
    label: typeof type === "string" ? type : "element",
    json: element?.source ?? JSON.stringify(element?.value ?? null),
  };
}

function sentBy(
  { payloads, trace }: Session,
  call: InferenceCall,
): SentRequest | undefined {
  const ref = trace.raw_payloads.get(call.raw_request_payload_id);
  if (payloads === null || ref === undefined) return undefined;
  const document = payloads.open(ref);
  const instructions = document.member("instructions")?.value;
  return {
    instructions: typeof instructions === "string" ? instructions : null,
    elements: keepItems(document.elements("input") ?? [], true),
  };
}

function previousOf(
  { trace }: Session,
  call: InferenceCall,
): InferenceCall | undefined {
  const calls = callsOf(trace, call.thread_id);
  return calls[calls.indexOf(call) - 1];
}

/** The last compaction of the thread whose new history the request carries. */
function compactionBefore(
  { trace }: Session,
  call: InferenceCall,
): Compaction | undefined {
  // A graph that was read from a file holds them in the order of their ids.
  const own = [...trace.compactions.values()]
    .filter(({ thread_id }) => thread_id === call.thread_id)
    .sort((a, b) => a.installed_at_unix_ms < b.installed_at_unix_ms ? -1 : 1);
  if (own.length === 0) return undefined;
  const carried = new Set(call.request_item_ids);
  return own.findLast(({ replacement_item_ids: came }) =>
    came.some((id) => carried.has(id))
  );
}
