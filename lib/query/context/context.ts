/**
 * The prompt of one request, by source.
 *
 * @module
 */

import { itemKeys } from "../evidence/recorded/item_contents.ts";
import { callsWithoutOutput } from "../../graph/unanswered_calls.ts";
import type { InferenceCallId } from "../../format/ids.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { captureOf } from "../evidence/recorded/captures.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { lostPayloads } from "../evidence/recorded/losses.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  ContextAnswer,
  ContextElement,
  ContextPart,
  InheritedContext,
} from "./context_answer.ts";
import { turnReport } from "../evidence/recorded/recorded_settings.ts";
import { repeatedTexts } from "./repeated_texts.ts";
import { requestOffer, UNKNOWN_OFFER } from "./offered_tools.ts";
import { callsOfThread } from "../session/thread_calls.ts";
import {
  baselineOf,
  figuresOf,
  noveltyOf,
  UNKNOWN_NOVELTY,
} from "./novelty.ts";
import {
  type Prompt,
  type PromptElement,
  PromptReader,
  punctuationOf,
} from "./prompt.ts";
import { CONTEXT_SOURCES, sourceOfMember } from "./element_source.ts";
import { cacheLossOf } from "./cache/cache_losses.ts";

const MAX_LARGEST = 10;

/**
 * The prompt of a call, by source: items, bytes as sent, and what is new since the request of
 * the thread before it.
 *
 * @param call Id of the inference call.
 * @returns `null` when the graph has no such call, or its payload is not available. Where the
 * recorder left it out, `request_capture` is set; where it was lost, `request_error`.
 * @throws {PayloadError} If a payload that was there when the session was opened is not now.
 */
export function getContext(
  session: TraceSession,
  call: InferenceCallId,
): ContextAnswer | null {
  const found = session.trace.inference_calls.get(call);
  const { payloads } = session;
  if (found === undefined || payloads === null) return null;
  const calls = callsOfThread(session.trace, found.thread_id);
  const index = calls.indexOf(found);
  const previous = calls[index - 1];
  const reader = new PromptReader(session, payloads, found.thread_id);
  const read = previous && reader.read(previous);
  const before = previous && read &&
    baselineOf(read, previous.request_item_ids);
  const prompt = reader.read(found);
  reader.close();
  const head = {
    ...headOf(session, found),
    ordinal: index + 1,
    previous_call: previous === undefined
      ? null
      : session.names.ref("inference_call", previous.inference_call_id),
  };
  if (prompt === undefined) {
    return head.request_capture === null && head.request_error === null
      ? null
      : { ...head, ...UNRECORDED };
  }
  const novelty = noveltyOf(
    prompt,
    found.request_item_ids,
    before,
    itemKeys(session),
  );
  // Nothing is known of what a request before had that was not recorded.
  const isKnown = previous === undefined || before !== undefined;
  const fresh = isKnown ? new Set(novelty.fresh) : null;
  return {
    ...head,
    inherited: inheritedBy(session, found, prompt),
    items: found.request_item_ids.length,
    calls_without_output: callsWithoutOutput(session.trace, found)
      .map(({ item_id: id }) => session.names.ref("item", id)),
    repeated_texts: repeatedTexts(session, payloads, found, prompt),
    ...sizesOf(prompt),
    ...isKnown ? figuresOf(novelty) : UNKNOWN_NOVELTY,
    parts: partsOf(prompt, fresh),
    largest: largestOf(session, found, prompt, fresh),
    ...requestOffer(session, payloads, found),
  };
}

/** What is unknown of a request that was not recorded. */
const UNRECORDED = {
  inherited: null,
  items: null,
  repeated_texts: [],
  calls_without_output: [],
  unrecorded_items: null,
  bytes: null,
  input_bytes: null,
  elements: null,
  ...UNKNOWN_NOVELTY,
  parts: [],
  largest: [],
  ...UNKNOWN_OFFER,
};

function headOf(session: TraceSession, call: InferenceCall) {
  const { names, trace } = session;
  const { id, ref, isWarmup } = effectiveRequest(session, call);
  const request = names.ref("payload", call.raw_request_payload_id);
  const payload = names.ref("payload", id);
  return {
    call: names.ref("inference_call", call.inference_call_id),
    thread: names.ref("thread", call.thread_id),
    turn: names.ref("turn", call.codex_turn_id),
    payload,
    request_capture: ref?.capture ?? null,
    request_error: lostPayloads(session).get(id) ?? null,
    response_capture: captureOf(trace, call.raw_response_payload_id),
    response_error:
      lostPayloads(session).get(call.raw_response_payload_id ?? "") ?? null,
    model: call.model,
    warmup: isWarmup ? { payload, request_payload: request } : null,
    usage: call.usage,
    ...windowOf(session, call),
    cache_loss: cacheLossOf(session, call.inference_call_id),
  };
}

function windowOf(
  session: TraceSession,
  { codex_turn_id: turn }: InferenceCall,
) {
  const { model_context_window } = turnReport(session, turn);
  return { model_context_window };
}

function inheritedBy(
  { names, trace }: TraceSession,
  { thread_id }: InferenceCall,
  { previousResponseId, inherited }: Prompt,
): InheritedContext | null {
  if (previousResponseId === null) return null;
  const answered = callsOfThread(trace, thread_id)
    .find(({ response_id }) => response_id === previousResponseId);
  return {
    previous_response_id: previousResponseId,
    call: answered === undefined
      ? null
      : names.ref("inference_call", answered.inference_call_id),
    items: inherited,
  };
}

function sizesOf(prompt: Prompt) {
  const { elements, members } = prompt;
  const inputBytes = sumOf(elements);
  const others = members.reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    bytes: inputBytes + others + punctuationOf(prompt),
    input_bytes: inputBytes,
    elements: elements.length,
    unrecorded_items: elements.filter(({ isLost }) => isLost).length,
  };
}

function partsOf(
  prompt: Prompt,
  fresh: ReadonlySet<PromptElement> | null,
): ContextPart[] {
  const parts = new Map<string, Mutable<ContextPart>>();
  const part = ({ source, name }: Pick<ContextPart, "source" | "name">) => {
    const key = `${source} ${name ?? ""}`;
    const found = parts.get(key) ?? {
      source,
      name,
      elements: 0,
      bytes: 0,
      new_elements: fresh === null ? null : 0,
      new_bytes: fresh === null ? null : 0,
    };
    parts.set(key, found);
    return found;
  };
  for (const element of prompt.elements) {
    const found = part(element);
    found.elements++;
    found.bytes += element.bytes;
    if (fresh?.has(element) !== true) continue;
    found.new_elements = (found.new_elements ?? 0) + 1;
    found.new_bytes = (found.new_bytes ?? 0) + element.bytes;
  }
  for (const { key, bytes } of prompt.members) {
    part(sourceOfMember(key)).bytes += bytes;
  }
  part({ source: "request", name: null }).bytes += punctuationOf(prompt);
  return [...parts.values()].sort((a, b) =>
    CONTEXT_SOURCES.indexOf(a.source) - CONTEXT_SOURCES.indexOf(b.source) ||
    b.bytes - a.bytes
  );
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

function largestOf(
  { names }: TraceSession,
  call: InferenceCall,
  { elements, members, inherited }: Prompt,
  fresh: ReadonlySet<PromptElement> | null,
): ContextElement[] {
  const pieces: ContextElement[] = elements.map((element, index) => {
    const { source, name, bytes, position, text } = element;
    const id = text === null
      ? call.request_item_ids.at(inherited + position)
      : undefined;
    const item = id === undefined ? null : names.ref("item", id);
    const is_new = fresh?.has(element) ?? null;
    return { index, item, source, name, bytes, is_new };
  });
  for (const { key, bytes } of members) {
    const named = sourceOfMember(key);
    pieces.push({ index: null, item: null, ...named, bytes, is_new: null });
  }
  return pieces.sort((a, b) => b.bytes - a.bytes).slice(0, MAX_LARGEST);
}

function sumOf(elements: readonly PromptElement[]): number {
  return elements.reduce((sum, { bytes }) => sum + bytes, 0);
}
