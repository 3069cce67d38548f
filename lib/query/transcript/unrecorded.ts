/**
 * What the models of a thread saw and said and the recorder's limits left out, in order.
 *
 * @module
 */

import { compared } from "../../format/integers.ts";
import type { ThreadId } from "../../format/ids.ts";
import type { RawPayloadRef } from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { callsOfThread } from "../session/thread_calls.ts";
import { ItemCarriers } from "../evidence/links/item_carriers.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { lostItems } from "../evidence/recorded/listed_items.ts";
import type { Session } from "../session/session.ts";
import type { TranscriptUnrecorded } from "./answer.ts";

/** A piece that says what was not recorded, and the event that names it. */
interface Unrecorded {
  readonly seq: Integer;
  readonly entry: TranscriptUnrecorded;
}

/** Puts pieces that were not recorded between the items of a thread. */
export class UnrecordedEntries {
  readonly #session: Session;
  readonly #pending: Unrecorded[];
  #answered: ReadonlyMap<string, Integer> | undefined;
  #carriers: ItemCarriers | undefined;

  /** Finds what is missing of a thread. */
  constructor(session: Session, thread: ThreadId) {
    this.#session = session;
    this.#pending = unrecordedIn(session, thread);
  }

  /** The pieces that come before an item. */
  *before(item: string): Generator<TranscriptUnrecorded, void> {
    if (this.#pending.length === 0) return;
    const seq = this.#firstSeen(item);
    while (this.#pending.length > 0) {
      const next = this.#pending[0];
      if (next === undefined || compared(next.seq, seq) >= 0) return;
      this.#pending.shift();
      yield next.entry;
    }
  }

  /** The pieces that are left. */
  *rest(): Generator<TranscriptUnrecorded, void> {
    for (const { entry } of this.#pending.splice(0)) yield entry;
  }

  /** The event by which an item was said or first sent. */
  #firstSeen(id: string): Integer {
    const { trace } = this.#session;
    this.#answered ??= answersIn(this.#session);
    this.#carriers ??= new ItemCarriers(trace);
    return this.#answered.get(id) ??
      this.#carriers.requests(id).first?.execution.started_seq ??
      trace.conversation_items.get(id)?.accepted_seq ?? 0;
  }
}

function answersIn({ trace }: Session): Map<string, Integer> {
  const found = new Map<string, Integer>();
  for (const call of trace.inference_calls.values()) {
    for (const id of call.response_item_ids) {
      if (!found.has(id)) found.set(id, endOf(call));
    }
  }
  return found;
}

function unrecordedIn(session: Session, thread: ThreadId): Unrecorded[] {
  const { trace } = session;
  const isPartial = trace.raw_payloads.values().some(({ capture }) =>
    capture !== undefined
  );
  if (!isPartial) return [];
  // An item is stored once and named by every later request.
  const known = new Set<string>();
  return callsOfThread(trace, thread).flatMap((call) => {
    const { ref } = effectiveRequest(session, call);
    const response = trace.raw_payloads.get(call.raw_response_payload_id ?? "");
    const start = call.execution.started_seq;
    return [
      ...missingIn(session, call, ref, "request", start),
      ...missingIn(session, call, response, "response", endOf(call)),
    ].filter(({ entry: { payload } }) =>
      !known.has(payload.id) && known.add(payload.id)
    );
  });
}

/** What of a request or a response was not recorded: all of it, or items. */
function missingIn(
  session: Session,
  call: InferenceCall,
  ref: RawPayloadRef | undefined,
  what: "request" | "response",
  seq: Integer,
): Unrecorded[] {
  if (ref === undefined) return [];
  const lost = ref.capture === undefined
    ? lostItems(ref).map((item) => ({ ...item, what: "item" as const }))
    : [{ payload: ref.raw_payload_id, capture: ref.capture, what }];
  return lost.map(({ payload, capture, what }) => ({
    seq,
    entry: {
      ...unrecordedOf(session, call, what),
      payload: session.names.ref("payload", payload),
      capture,
    },
  }));
}

/** The beginning of a piece about something that was not recorded. */
export function unrecordedOf(
  { names }: Session,
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
