/**
 * What the models of a thread received and wrote and the recorder's limits left out, in order.
 *
 * @module
 */

import { compareValues } from "../../format/integers.ts";
import type {
  ConversationItemId,
  RawPayloadId,
  ThreadId,
} from "../../format/ids.ts";
import type { PayloadCapture, RawPayloadRef } from "../../format/payload.ts";
import type { Integer, UnixMs } from "../../format/vocabulary.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { callsOfThread } from "../session/thread_calls.ts";
import { ItemCarriers } from "../evidence/links/item_carriers.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import {
  type ItemIds,
  listedFromEnd,
  mayLackItems,
} from "../evidence/recorded/listed_items.ts";
import { lostPayloads } from "../evidence/recorded/losses.ts";
import type { TraceSession } from "../session/session.ts";
import type { TranscriptUnrecorded } from "./transcript_answer.ts";

/** An entry for what was not recorded, and the event that names it. */
interface Unrecorded {
  readonly seq: Integer;
  /** The item behind it in the same list; undefined when it is the last or the list is unknown. */
  readonly next: ConversationItemId | undefined;
  readonly entry: TranscriptUnrecorded;
}

/** Puts pieces that were not recorded between the items of a thread. */
export class UnrecordedEntries {
  readonly #session: TraceSession;
  readonly #calls: readonly InferenceCall[];
  readonly #pending: Unrecorded[];
  #answered: ReadonlyMap<string, Integer> | undefined;
  #carriers: ItemCarriers | undefined;

  /** Finds what is missing of a thread. */
  constructor(session: TraceSession, thread: ThreadId) {
    this.#session = session;
    this.#calls = callsOfThread(session.trace, thread);
    this.#pending = unrecordedIn(session, this.#calls);
  }

  /** The entries before an item. */
  *before(item: string): Generator<TranscriptUnrecorded, void> {
    if (this.#pending.length === 0) return;
    const seq = this.#firstSeen(item);
    while (this.#pending.length > 0) {
      const next = this.#pending[0];
      if (next === undefined) return;
      const order = compareValues(next.seq, seq);
      if (order > 0 || (order === 0 && next.next !== item)) return;
      this.#pending.shift();
      yield order === 0 ? this.#inTurnOf(item, next.entry) : next.entry;
    }
  }

  /** A piece in the turn of the item behind it: a request may repeat both from a compaction. */
  #inTurnOf(id: string, entry: TranscriptUnrecorded): TranscriptUnrecorded {
    const { names, trace } = this.#session;
    const turn = trace.conversation_items.get(id)?.codex_turn_id ?? null;
    return turn === null ? entry : { ...entry, turn: names.ref("turn", turn) };
  }

  /** The pieces that are left. */
  *rest(): Generator<TranscriptUnrecorded, void> {
    for (const { entry } of this.#pending.splice(0)) yield entry;
  }

  /** The event by which an item was received or first sent; else one that followed it. */
  #firstSeen(id: string): Integer {
    const { trace } = this.#session;
    const item = trace.conversation_items.get(id);
    this.#answered ??= answersIn(this.#session);
    this.#carriers ??= new ItemCarriers(trace);
    return this.#answered.get(id) ??
      this.#carriers.requests(id).first?.execution.started_seq ??
      item?.accepted_seq ?? this.#requestAfter(item?.first_seen_at_unix_ms);
  }

  /** The first request of the thread after a moment. */
  #requestAfter(at: UnixMs | undefined): Integer {
    const next = this.#calls.find(({ execution }) =>
      at !== undefined && compareValues(execution.started_at_unix_ms, at) > 0
    );
    return next?.execution.started_seq ?? Infinity;
  }
}

/** Of each session. Questions ask for one thread after the other: to search for each is quadratic. */
const ANSWERS: WeakMap<TraceSession, ReadonlyMap<string, Integer>> =
  new WeakMap();
const PARTIAL: WeakMap<TraceSession, boolean> = new WeakMap();

function answersIn(session: TraceSession): ReadonlyMap<string, Integer> {
  const known = ANSWERS.get(session);
  if (known !== undefined) return known;
  const { trace } = session;
  const found = new Map<string, Integer>();
  ANSWERS.set(session, found);
  for (const call of trace.inference_calls.values()) {
    for (const id of call.response_item_ids) {
      if (!found.has(id)) found.set(id, endOf(call));
    }
  }
  return found;
}

/** Whether any payload was lost, or not recorded completely. */
function isPartial(session: TraceSession): boolean {
  const known = PARTIAL.get(session);
  if (known !== undefined) return known;
  const partial = lostPayloads(session).size > 0 ||
    session.trace.raw_payloads.values().some(({ capture }) =>
      capture !== undefined
    );
  PARTIAL.set(session, partial);
  return partial;
}

function unrecordedIn(
  session: TraceSession,
  calls: readonly InferenceCall[],
): Unrecorded[] {
  if (calls.length === 0 || !isPartial(session)) return [];
  const { trace } = session;
  // An item is stored once and named by every later request.
  const known = new Set<string>();
  return calls.flatMap((call) => {
    const { ref } = effectiveRequest(session, call);
    const response = trace.raw_payloads.get(call.raw_response_payload_id ?? "");
    return [
      ...missingIn(session, call, {
        what: "request",
        ref,
        ids: call.request_item_ids,
        seq: call.execution.started_seq,
      }),
      ...missingIn(session, call, {
        what: "response",
        ref: response,
        ids: call.response_item_ids,
        seq: endOf(call),
      }),
    ].filter(({ entry: { payload } }) =>
      !known.has(payload.id) && known.add(payload.id)
    );
  });
}

/** What of a request or a response was not recorded: all of it, or items. */
function missingIn(
  session: TraceSession,
  call: InferenceCall,
  { what, ref, ids, seq }: {
    readonly what: "request" | "response";
    readonly ref: RawPayloadRef | undefined;
    readonly ids: ItemIds;
    readonly seq: Integer;
  },
): Unrecorded[] {
  const error = lostPayloads(session).get(ref?.raw_payload_id ?? "") ?? null;
  const isLost = error !== null && ids.length === 0;
  if (ref === undefined || !isLost && !mayLackItems(ref)) return [];
  const piece = (
    kind: TranscriptUnrecorded["part"],
    id: RawPayloadId,
    capture: PayloadCapture | null,
    next?: ConversationItemId,
  ): Unrecorded => ({
    seq,
    next,
    entry: {
      ...unrecordedOf(session, call, kind),
      payload: session.names.ref("payload", id),
      capture,
      error: capture === null ? error : null,
    },
  });
  if (isLost) return [piece(what, ref.raw_payload_id, null)];
  if (ref.capture !== undefined) {
    return [piece(what, ref.raw_payload_id, ref.capture)];
  }
  const found: Unrecorded[] = [];
  let next: ConversationItemId | undefined;
  for (const each of listedFromEnd(ref, ids)) {
    if (each.type === "item") next = each.id;
    else found.push(piece("item", each.payload, each.capture, next));
  }
  return found.toReversed();
}

/** The beginning of a piece about something that was not recorded. */
export function unrecordedOf(
  { names }: TraceSession,
  call: InferenceCall,
  part: TranscriptUnrecorded["part"],
): Pick<TranscriptUnrecorded, "type" | "part" | "call" | "turn"> {
  return {
    type: "unrecorded",
    part,
    call: names.ref("inference_call", call.inference_call_id),
    turn: names.ref("turn", call.codex_turn_id),
  };
}

function endOf({ execution }: InferenceCall): Integer {
  return execution.ended_seq ?? execution.started_seq;
}
