/**
 * Two requests compared, of one session or of two.
 *
 * @module
 */

import type { InferenceCallId } from "../../format/ids.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { durationOf, gapBetween } from "../evidence/clock/clock.ts";
import { isRequestLost } from "../evidence/recorded/losses.ts";
import { responseCapture } from "../evidence/recorded/captures.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { lostItems } from "../evidence/recorded/listed_items.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  ConversationDiff,
  MembersDiff,
  RequestDiff,
  RequestSide,
  SessionDiffOptions,
} from "./diff_answer.ts";
import { itemLists } from "./item_lists.ts";
import { differInIdsOnly } from "./normalize_volatile.ts";
import { diffConversations, type ItemList } from "./conversation_diff.ts";
import { ReplacedItems } from "./replaced_items.ts";
import { ItemContents } from "../evidence/recorded/item_contents.ts";
import {
  diffMembers,
  type ReadablePayload,
} from "../evidence/recorded/member_changes.ts";

/**
 * What two requests have in common, and what only one of them has.
 *
 * Conversations are compared item by item: an item is the same if it is the same item of the
 * graph, or if its content is equal, as after a compaction. An incremental request is compared with
 * the complete input that it continues.
 * Everything else that was sent is compared value by value.
 *
 * @returns `undefined` where the graph holds no such request.
 */
export function diffRequests(
  session: TraceSession,
  a: InferenceCallId,
  b: InferenceCallId,
): RequestDiff | undefined {
  const { trace } = session;
  const first = trace.inference_calls.get(a);
  const second = trace.inference_calls.get(b);
  if (first === undefined || second === undefined) return undefined;
  const contents = new ItemContents(session);
  const sides = [sideOf(session, first), sideOf(session, second)] as const;
  const isKnown = sides.every(({ items }) => items !== null);
  const replaced = new ReplacedItems(session, first, second);
  const conversation = isKnown
    ? diffConversations(
      ...listsOf(
        [...first.request_item_ids],
        [...second.request_item_ids],
        contents,
        replaced,
      ),
    )
    : null;
  const members = membersOf(session, first, second);
  return {
    type: "requests",
    same: isSame(sides, conversation, members),
    a: sides[0],
    b: sides[1],
    gap_ms: gapBetween(session, first, second),
    compactions: replaced.countIn(session, conversation),
    conversation,
    members,
  };
}

/** A request of a session. */
export interface RequestOfSession {
  /** The session. */
  readonly session: TraceSession;
  /** Id of the request. */
  readonly call: InferenceCallId;
}

/**
 * What two requests of two sessions have in common, and what only one of them has. Items are
 * compared as by `diffSessions`; elsewhere, too, ids and times make no difference unless `exact`.
 *
 * @returns `undefined` where a graph holds no such request.
 */
export function diffRequestsOfSessions(
  one: RequestOfSession,
  other: RequestOfSession,
  options: SessionDiffOptions = {},
): RequestDiff | undefined {
  const a = one.session.trace.inference_calls.get(one.call);
  const b = other.session.trace.inference_calls.get(other.call);
  if (a === undefined || b === undefined) return undefined;
  const sides = [sideOf(one.session, a), sideOf(other.session, b)] as const;
  const lists = itemLists(one.session, other.session, options);
  const conversation = sides.every(({ items }) => items !== null)
    ? diffConversations(
      lists[0]([...a.request_item_ids]),
      lists[1]([...b.request_item_ids]),
    )
    : null;
  const first = readable(one.session, a);
  const second = readable(other.session, b);
  const members = first === null || second === null ? null : diffMembers(
    first,
    second,
    options.exact === true ? undefined : differInIdsOnly,
  );
  return {
    type: "requests",
    same: isSame(sides, conversation, members),
    a: sides[0],
    b: sides[1],
    compactions: [],
    conversation,
    members,
    gap_ms: null,
  };
}

/** Whether nothing differs; null where that is unknown. */
function isSame(
  sides: readonly RequestSide[],
  conversation: ConversationDiff | null,
  members: MembersDiff | null,
): boolean | null {
  if (members !== null && members.changes.length > 0) return false;
  if (conversation !== null && conversation.hunks.length > 0) return false;
  return conversation === null ||
      sides.some(({ unrecorded_items: lost }) => lost > 0)
    ? null
    : true;
}

/** The request of the same thread that was sent before `id`; `undefined` for the first. */
export function getPreviousRequest(
  { trace }: TraceSession,
  id: InferenceCallId,
): InferenceCallId | undefined {
  const call = trace.inference_calls.get(id);
  if (call === undefined) return undefined;
  let latest: InferenceCall | undefined;
  for (const each of trace.inference_calls.values()) {
    const { started_seq: seq } = each.execution;
    const isEarlier = each.thread_id === call.thread_id &&
      seq < call.execution.started_seq;
    if (isEarlier && (latest?.execution.started_seq ?? -1) < seq) latest = each;
  }
  return latest?.inference_call_id;
}

/** The contents of an item that both have are not compared. */
function listsOf(
  a: readonly string[],
  b: readonly string[],
  contents: ItemContents,
  replaced: ReplacedItems,
): [ItemList, ItemList] {
  const [inFirst, inSecond] = [new Set(a), new Set(b)];
  const keyOf = (id: string) => {
    const item = contents.item(id);
    const isShared = inFirst.has(id) && inSecond.has(id);
    return isShared || item === undefined ? id : contents.exactKey(item);
  };
  const listOf = (ids: readonly string[]): ItemList => ({
    ids,
    keys: ids.map(keyOf),
    slot: (item) => slotOf(item) + replaced.slot(item.item_id),
    contents,
  });
  return [listOf(a), listOf(b)];
}

/** Within one session an item answers the same call, or none. */
function slotOf(
  { kind, role, channel, call_id: call }: ConversationItem,
): string {
  return JSON.stringify([kind, role, channel, call]);
}

/** The payload of a request; null where it is not available. */
function readable(
  { trace, payloads }: TraceSession,
  { raw_request_payload_id: id }: InferenceCall,
): ReadablePayload | null {
  const ref = trace.raw_payloads.get(id);
  return payloads === null || ref === undefined ? null : { payloads, ref };
}

function membersOf(
  session: TraceSession,
  a: InferenceCall,
  b: InferenceCall,
): MembersDiff | null {
  const first = readable(session, a);
  const second = readable(session, b);
  return first === null || second === null ? null : diffMembers(first, second);
}

/** A request, as a side of a comparison. */
export function sideOf(
  session: TraceSession,
  call: InferenceCall,
): RequestSide {
  const { names } = session;
  const { execution } = call;
  const { id, ref, isWarmup } = effectiveRequest(session, call);
  return {
    bundle: session.place,
    call: names.ref("inference_call", call.inference_call_id),
    thread: names.ref("thread", call.thread_id),
    turn: names.ref("turn", call.codex_turn_id),
    payload: names.ref("payload", call.raw_request_payload_id),
    warmup_payload: isWarmup ? names.ref("payload", id) : null,
    request_capture: ref?.capture ?? null,
    items: ref?.capture === undefined && !isRequestLost(session, call)
      ? call.request_item_ids.length
      : null,
    unrecorded_items: ref === undefined ? 0 : lostItems(ref).length,
    response_capture: responseCapture(session, call),
    model: call.model,
    outcome: getOutcomes(session).of({
      kind: "inference_call",
      id: call.inference_call_id,
    }),
    status: execution.status,
    started_seq: execution.started_seq,
    duration_ms: durationOf(session, "inference_call", execution),
    usage: call.usage,
  };
}
