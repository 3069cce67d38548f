/**
 * Ends of model calls: complete, partial, late, or once more.
 *
 * @module
 */

import { newItems, payloadItems, seen } from "../items/item_lists.ts";
import { type Json, type JsonLike, obj, Raw } from "../items/json_text.ts";
import { resent } from "../items/resend.ts";
import type { CallModel, Item, Session } from "../session.ts";
import { INTEGERS } from "../items/values.ts";

function usage(s: Session): JsonLike | undefined {
  const p = s.prng;
  if (p.chance(0.4)) return p.pick([null, undefined]);
  const count = (): JsonLike =>
    p.weighted<() => JsonLike>([
      [20, () => p.int(5000)],
      [1, () => new Raw(p.pick(INTEGERS))],
      [1, () => p.pick<JsonLike>([null, "7", new Raw("1.0"), new Raw("1e3")])],
    ])();
  return {
    input_tokens: count(),
    cached_input_tokens: count(),
    cache_write_input_tokens: p.chance(0.5) ? count() : undefined,
    output_tokens: count(),
    reasoning_output_tokens: count(),
    total_tokens: 5,
  };
}

function responsePayload(
  s: Session,
  call: CallModel,
  responseId: string | null,
  items: readonly Item[],
): Json {
  return s.payload(
    "inference_response",
    obj({
      response_id: responseId,
      upstream_request_id: null,
      token_usage: usage(s),
      output_items: payloadItems(items),
      turn: call.turn.id,
    }),
  );
}

/** Output of a call: new items, or what it or another call already printed. */
function responseItems(s: Session, call: CallModel): Item[] {
  const p = s.prng;
  const thread = call.thread;
  const fresh = newItems(
    s,
    thread,
    p.weighted([[2, 0], [6, 1], [4, 2], [1, 4]]),
  );
  if (!p.chance(call.ended ? 0.6 : 0.08)) return fresh;
  const text = call.response.length > 0 ? call.response : thread.snapshot;
  const again = text.filter((item) => !item.once)
    .slice(0, 3)
    .map((item) => resent(s, thread, item));
  return p.chance(0.5) ? again : p.shuffle([...again, ...fresh]);
}

/** Notes what a response adds; a missing one adds nothing and leaves the snapshot as it is. */
function takeResponse(
  s: Session,
  call: CallModel,
  items: readonly Item[],
  ref: Json,
): void {
  const { missing, partial, dropped } = s.stored(ref);
  call.partial ||= partial;
  call.response = missing ? [] : seen(items, dropped);
  if (!missing) extendSnapshot(s, call, call.response);
}

function extendSnapshot(s: Session, call: CallModel, items: Item[]): void {
  const thread = call.thread;
  if (s.schema === 1) {
    thread.snapshot = [...thread.snapshot, ...items];
  } else if (thread.current === call && thread.pending === null) {
    thread.snapshot = [...call.request, ...items];
  }
}

function complete(s: Session, call: CallModel): void {
  const p = s.prng;
  const items = responseItems(s, call);
  const responseId = p.weighted<() => string | null>([
    [10, () => `resp-${s.fresh()}`],
    [1, () => null],
    [1, () => p.maybe(s.calls.map((c) => c.responseId)) ?? null],
  ])();
  const response_id = responseId ?? s.none();
  const upstream_request_id = p.chance(0.3) ? `req-${s.fresh()}` : s.none();
  const response_payload = responsePayload(s, call, responseId, items);
  s.emit("inference_completed", {
    inference_call_id: call.id,
    response_id,
    upstream_request_id,
    response_payload,
  }, { thread: call.thread.id, turn: call.turn.id });
  call.responseId = responseId;
  takeResponse(s, call, items, response_payload);
  call.ended = true;
}

function breakOff(s: Session, call: CallModel): void {
  const p = s.prng;
  const partial = p.chance(0.5) ? responseItems(s, call) : null;
  const failed = p.chance(0.5);
  const upstream_request_id = p.chance(0.3) ? "req-x" : s.none();
  const ref = partial === null
    ? s.none()
    : responsePayload(s, call, null, partial);
  s.emit(failed ? "inference_failed" : "inference_cancelled", {
    inference_call_id: call.id,
    upstream_request_id,
    [failed ? "error" : "reason"]: "stream dropped",
    partial_response_payload: ref,
  }, { thread: call.thread.id, turn: call.turn.id });
  call.responseId = null;
  call.ended = true;
  if (partial !== null) takeResponse(s, call, partial, ref ?? null);
}

/** An end of a call: of the last one, of an older one, or once more of an ended one. */
export function answer(s: Session): void {
  const p = s.prng;
  const open = s.calls.filter((call) => !call.ended);
  const call = p.chance(0.85) ? open.at(-1) : p.maybe(s.calls);
  if (call === undefined) return;
  if (p.chance(0.8)) complete(s, call);
  else breakOff(s, call);
}

/** An end the reference refuses. */
export function faultyAnswer(s: Session): void {
  if (!s.unusual()) return;
  const p = s.prng;
  s.emit("inference_completed", {
    inference_call_id: p.pick([s.calls[0]?.id ?? "a", "ghost"]),
    response_id: null,
    upstream_request_id: null,
    response_payload: s.payload(
      "inference_response",
      obj(p.pick<Record<string, JsonLike>>([{}, { output_items: {} }, {
        output_items: [],
        token_usage: 4,
      }])),
    ),
  });
}
