/**
 * The first prompt of a session, and its last answer.
 *
 * @module
 */

import { payloadObject, textIn } from "./recorded/payload_fields.ts";
import { hidesEvents } from "../../bundle/log/fault_policy.ts";
import { compareValues } from "../../format/integers.ts";
import type { PayloadCapture } from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { callsOfThread } from "../session/thread_calls.ts";
import { inheritedItems } from "./links/inherited_history.ts";
import { ItemCarriers } from "./links/item_carriers.ts";
import { captureOfPart, responseCapture } from "./recorded/captures.ts";
import { effectiveRequest } from "./recorded/effective_request.ts";
import { isResponseLost, isStartLost, lossesOf } from "./recorded/losses.ts";
import { threadItems } from "./recorded/thread_items.ts";
import { listedFromEnd } from "./recorded/listed_items.ts";
import type { TraceSession } from "../session/session.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";

/** The text of an item. */
export interface ItemText {
  /** The item; null where only the end of a turn repeats its text: the item itself was lost. */
  readonly item: ObjectRef | null;
  /** Its text. */
  readonly text: string;
  /** Whether the history of the thread has it; null without an item. */
  readonly is_accepted: boolean | null;
}

/** A text, as far as it was recorded. */
export interface RecordedText {
  /** The text; null when there is none, or when nothing of it was recorded. */
  readonly item: ItemText | null;
  /** What was kept of the payload with the text, or of one with a part of it; null when all was. */
  readonly capture: PayloadCapture | null;
}

const NOTHING: RecordedText = { item: null, capture: null };

/**
 * The prompt of the first turn: the last user message in the first request of the root.
 *
 * Codex adds messages about the environment in the user's role as well, but
 * before the prompt. It is unknown where an earlier request may be lost.
 */
export function firstPrompt(session: TraceSession): RecordedText {
  const { trace, sessionLog } = session;
  if (sessionLog !== undefined) return loggedPrompt(session, sessionLog.prompt);
  const isComplete = lossesOf(session).is_complete;
  let turn: string | undefined;
  for (const call of trace.inference_calls.values()) {
    if (call.thread_id !== trace.root_thread_id) continue;
    if (turn !== undefined && turn !== call.codex_turn_id) return NOTHING;
    if (isRequestLostBefore(session, call)) return NOTHING;
    const { ref } = effectiveRequest(session, call);
    const capture = ref?.capture;
    if (capture !== undefined) return { item: null, capture };
    for (const each of listedFromEnd(ref, call.request_item_ids)) {
      if (each.type === "lost") return { item: null, capture: each.capture };
      const found = textOfRole(session, each.id, "user");
      if (found !== null) return found;
    }
    // A request whose payload was lost: a later one of its turn repeats the prompt.
    if (call.request_item_ids.length > 0 || isComplete) return NOTHING;
    turn = call.codex_turn_id;
  }
  return NOTHING;
}

/** The prompt in a session log; unknown where a line before it cannot be read. */
function loggedPrompt(
  session: TraceSession,
  id: string | null,
): RecordedText {
  if (id === null) return NOTHING;
  const { accepted_seq: seq = 0 } = session.trace.conversation_items.get(id) ??
    {};
  const isUnknown = session.diagnostics.some(({ seq: lost }) =>
    lost !== null && lost < seq
  );
  return isUnknown ? NOTHING : textOfRole(session, id, "user") ?? NOTHING;
}

/**
 * Whether events were lost since the root started: its first request may be one of them, but for
 * those of an unknown type.
 */
function isRequestLostBefore(
  session: TraceSession,
  { execution }: InferenceCall,
): boolean {
  const { trace, log, diagnostics } = session;
  const root = trace.threads.get(trace.root_thread_id)?.execution;
  const from = root === undefined || isStartLost(session, "thread", root)
    ? 0
    : log?.at(root.started_seq)?.line ?? 0;
  const to = log?.at(execution.started_seq)?.line ?? 0;
  return diagnostics.some((each) =>
    hidesEvents(each) && each.code !== "unknown_event_type" &&
    each.line !== null && each.line > from && each.line <= to
  );
}

/**
 * The last message of the root's model. After a later response that was not recorded, it is
 * unknown.
 */
export function lastAnswer(session: TraceSession): RecordedText {
  const { trace } = session;
  const lost = lastLost(session);
  const reported = lastReported(session);
  const inherited = inheritedItems(session);
  for (const each of threadItems(trace, trace.root_thread_id).toReversed()) {
    const found = textOfRole(session, each.id, "assistant");
    // What an earlier session answered, or a compaction wrote, is no answer of this one.
    if (found === null || inherited.has(each.id)) continue;
    if (isOfCompaction(trace, each.id)) continue;
    const seen = firstSeen(session, each.id);
    if (lost !== undefined && compareValues(seen, lost.seq) <= 0) {
      return reported ?? { item: null, capture: lost.capture };
    }
    if (isResponseLostAfter(session, seen)) return reported ?? NOTHING;
    // A later turn reports an answer that the graph does not have.
    const isOld = reported !== null &&
      isLostSince(session, seen, reported.seq) &&
      reported.item?.text !== found.item?.text;
    return isOld ? reported : withAcceptance(found, each.isAccepted);
  }
  return reported ?? { item: null, capture: lost?.capture ?? null };
}

/** Whether only a compaction is known to have brought an item into the history. */
function isOfCompaction(
  { compactions, inference_calls: calls }: RolloutTrace,
  id: string,
): boolean {
  return compactions.values().some((each) =>
    each.replacement_item_ids.includes(id) &&
    ![...each.input_item_ids].includes(id)
  ) && !calls.values().some((each) => each.response_item_ids.includes(id));
}

/** The answer that Codex reported with the end of the root's last turn; null without one. */
function lastReported(
  session: TraceSession,
): RecordedText & { readonly seq: Integer } | null {
  const { log, trace } = session;
  for (const { event, payloads } of log?.events.toReversed() ?? []) {
    const { payload } = event;
    if (payload.type !== "protocol_event_observed") continue;
    const { event_type: type } = payload;
    if (type !== "task_complete" && type !== "turn_complete") continue;
    const body = payloadObject(session, payloads[0]?.raw_payload_id);
    // One that was lost may be of the root: what an earlier one reports is not the last then.
    if (body === null && event.thread_id === null) return null;
    const turn = textIn(body ?? undefined, "turn_id");
    const thread = turn === null
      ? event.thread_id
      : trace.codex_turns.get(turn)?.thread_id ?? null;
    if (thread !== trace.root_thread_id) continue;
    const text = textIn(body ?? undefined, "last_agent_message");
    if (text === null) return null;
    return {
      item: { item: null, text, is_accepted: null },
      capture: null,
      seq: event.seq,
    };
  }
  return null;
}

/** Whether the response of an LLM request of the root between two events is unknown. */
function isLostSince(
  { trace, diagnostics }: TraceSession,
  since: Integer,
  until: Integer,
): boolean {
  const isLossy = diagnostics.some(({ severity }) => severity === "loss");
  return isLossy &&
    (trace.inference_calls.values().some((call) =>
      call.thread_id === trace.root_thread_id &&
      call.response_item_ids.length === 0 &&
      compareValues(endOf(call), since) > 0 &&
      compareValues(endOf(call), until) < 0
    ) ||
      diagnostics.some(({ seq, severity, more_lines: more = 0 }) =>
        severity === "loss" && seq !== null &&
        (more > 0 ||
          compareValues(seq, since) > 0 && compareValues(seq, until) < 0)
      ));
}

/** Whether a response of the root after an event was lost: it may have been the last answer. */
function isResponseLostAfter(session: TraceSession, seq: Integer): boolean {
  const { trace, diagnostics } = session;
  return callsOfThread(trace, trace.root_thread_id).some((call) =>
    compareValues(endOf(call), seq) > 0 && isResponseLost(session, call)
  ) ||
    diagnostics.some((each) =>
      each.severity === "loss" && each.seq !== null &&
      (each.more_lines !== undefined || compareValues(each.seq, seq) > 0) &&
      (each.event_type === null || each.event_type === "inference_completed")
    );
}

function withAcceptance(
  found: RecordedText,
  isAccepted: boolean,
): RecordedText {
  if (found.item === null) return found;
  return { ...found, item: { ...found.item, is_accepted: isAccepted } };
}

/** What of the root's responses was not recorded last, unless a known text follows it. */
function lastLost(
  session: TraceSession,
): { capture: PayloadCapture; seq: Integer } | undefined {
  const { trace } = session;
  for (const call of callsOfThread(trace, trace.root_thread_id).toReversed()) {
    const capture = responseCapture(session, call);
    if (capture !== null) return { capture, seq: endOf(call) };
    const ref = trace.raw_payloads.get(call.raw_response_payload_id ?? "");
    for (const each of listedFromEnd(ref, call.response_item_ids)) {
      if (each.type === "lost") {
        return { capture: each.capture, seq: endOf(call) };
      }
      if (textOfRole(session, each.id, "assistant") !== null) return undefined;
    }
  }
  return undefined;
}

/** The event by which an item was first received or sent; 0 where none is known. */
function firstSeen(
  { trace, sessionLog }: TraceSession,
  id: string,
): Integer {
  if (sessionLog !== undefined) {
    return trace.conversation_items.get(id)?.accepted_seq ?? 0;
  }
  for (const call of trace.inference_calls.values()) {
    if (call.response_item_ids.includes(id)) return endOf(call);
  }
  const { first } = new ItemCarriers(trace).requests(id);
  return first?.execution.started_seq ?? 0;
}

function endOf({ execution }: InferenceCall): Integer {
  return execution.ended_seq ?? execution.started_seq;
}

function textOfRole(
  { trace, names }: TraceSession,
  id: string,
  role: ConversationItem["role"],
): RecordedText | null {
  const item = trace.conversation_items.get(id);
  if (
    item?.role !== role || item.kind !== "message" ||
    item.agent_message !== undefined
  ) return null;
  const { parts } = item.body;
  const text = parts
    .flatMap((part) => part.type === "text" ? [part.text] : [])
    .join("\n");
  const capture = parts.map((part) => captureOfPart(trace, part))
    .find((each) => each !== null) ?? null;
  if (text.trim() === "") return capture && { item: null, capture };
  return {
    item: {
      item: names.ref("item", item.item_id),
      text,
      is_accepted: true,
    },
    capture,
  };
}
