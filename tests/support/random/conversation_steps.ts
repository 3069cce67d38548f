/**
 * Requests and responses: full, incremental, late, repeated, partial, with changed history.
 *
 * @module
 */

import { faultyItem } from "./faulty_items.ts";
import { newItem } from "./items.ts";
import { type Json, type JsonLike, obj, Raw } from "./json_text.ts";
import { resent } from "./resend.ts";
import type { CallModel, Item, Session, ThreadModel } from "./session.ts";
import { anyThread, anyTurn, type Step } from "./step.ts";
import { INTEGERS } from "./values.ts";

const MOST_ITEMS = 12;

function newItems(s: Session, thread: ThreadModel, count: number): Item[] {
  const items = Array.from({ length: count }, () => newItem(s, thread));
  if (s.odd()) items.push(faultyItem(s, thread));
  return items;
}

/** The history as the next request repeats it, perhaps changed in the middle. */
export function repeated(
  s: Session,
  thread: ThreadModel,
  history: readonly Item[],
): Item[] {
  const p = s.prng;
  const items = history
    .filter((item) => !item.once || s.odd())
    .map((item) => resent(s, thread, item));
  if (items.length === 0 || !p.chance(s.profile.mutateHistory)) return items;
  for (let n = p.between(1, 3); n > 0; n--) changeHistory(s, thread, items);
  return items;
}

function changeHistory(s: Session, thread: ThreadModel, items: Item[]): void {
  const p = s.prng;
  const at = p.int(items.length + 1);
  p.pick([
    () => items.splice(at, 1),
    () => items.splice(at, p.between(1, 3)),
    () => items.splice(at, 0, newItem(s, thread)),
    () => items.splice(at, 0, ...items.slice(at, at + 1)),
    () => items.splice(at, 0, ...items.splice(p.int(items.length), 1)),
    () => items.reverse(),
  ])();
}

function payloadItems(items: readonly Item[]): Json[] {
  return items.map((item) => item.json);
}

function seen(items: readonly Item[]): Item[] {
  return items.filter((item) => !item.skipped);
}

function beginCall(
  s: Session,
  thread: ThreadModel,
  input: readonly Item[],
  previous: string | null,
): CallModel {
  const p = s.prng;
  const turn = anyTurn(s, thread);
  const call: CallModel = {
    id: p.chance(0.1) ? p.uuid() : `inf-${p.hex(3)}-${s.fresh()}`,
    thread,
    turn,
    request: [],
    response: [],
    responseId: null,
    ended: false,
  };
  const body: Record<string, JsonLike | undefined> = { model: "gpt-x" };
  const link = previous ??
    p.pick<Json | undefined>([undefined, undefined, undefined, null, 3]);
  if (p.chance(0.5)) body.previous_response_id = link;
  body.input = payloadItems(input);
  body.tools = [];
  if (!("previous_response_id" in body)) body.previous_response_id = link;
  s.emit("inference_started", {
    inference_call_id: call.id,
    thread_id: thread.id,
    codex_turn_id: turn.id,
    model: p.pick(["gpt-x", "gpt-y"]),
    provider_name: "mock",
    request_payload: s.payload("inference_request", obj(body)),
  }, p.chance(0.9) ? { thread: thread.id, turn: turn.id } : {});
  thread.calls.push(call);
  s.calls.push(call);
  thread.current = call;
  return call;
}

/** A request that repeats the whole history. */
export function fullRequest(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const history = thread.pending ?? thread.snapshot;
  const kept = history.slice(-MOST_ITEMS);
  const input = [
    ...repeated(s, thread, kept),
    ...newItems(s, thread, p.weighted([[3, 0], [6, 1], [4, 2], [2, 4]])),
  ];
  const call = beginCall(s, thread, input, null);
  call.request = seen(input);
  thread.snapshot = call.request;
  thread.pending = null;
}

/** The call that a previous_response_id finds: the first by id of those with the response. */
function callOf(
  thread: ThreadModel,
  responseId: string,
): CallModel | undefined {
  return thread.calls
    .filter((call) => call.responseId === responseId)
    .sort((a, b) => (a.id < b.id ? -1 : 1))[0];
}

/** A request that says only what is new since an earlier response. */
function incrementalRequest(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const answered = thread.calls.filter((call) => call.responseId !== null);
  const chosen = p.chance(0.8) ? answered.at(-1) : p.maybe(answered);
  const responseId = chosen?.responseId;
  if (responseId === null || responseId === undefined) return;
  const call = callOf(thread, responseId);
  if (call === undefined) return;
  const prefix = [...call.request, ...call.response];
  const rest = thread.snapshot.slice(prefix.length);
  if (rest.some((item) => item.volatile || item.once) && !s.odd()) return;
  const delta = [
    ...(s.odd() ? [] : rest),
    ...newItems(s, thread, p.weighted([[1, 0], [5, 1], [3, 2]])),
  ];
  const next = beginCall(s, thread, delta, s.odd() ? "resp-ghost" : responseId);
  next.request = [...prefix, ...seen(delta)];
  thread.snapshot = next.request;
}

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

/** Output of a call: new items, or what it or another call already said. */
function responseItems(s: Session, call: CallModel): Item[] {
  const p = s.prng;
  const thread = call.thread;
  const fresh = newItems(
    s,
    thread,
    p.weighted([[2, 0], [6, 1], [4, 2], [1, 4]]),
  );
  if (!p.chance(call.ended ? 0.6 : 0.08)) return fresh;
  const said = call.response.length > 0 ? call.response : thread.snapshot;
  const again = said.filter((item) => !item.once)
    .slice(0, 3)
    .map((item) => resent(s, thread, item));
  return p.chance(0.5) ? again : p.shuffle([...again, ...fresh]);
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
  s.emit("inference_completed", {
    inference_call_id: call.id,
    response_id: responseId ?? s.none(),
    upstream_request_id: p.chance(0.3) ? `req-${s.fresh()}` : s.none(),
    response_payload: responsePayload(s, call, responseId, items),
  }, { thread: call.thread.id, turn: call.turn.id });
  call.responseId = responseId;
  call.response = seen(items);
  extendSnapshot(s, call, call.response);
  call.ended = true;
}

function breakOff(s: Session, call: CallModel): void {
  const p = s.prng;
  const partial = p.chance(0.5) ? responseItems(s, call) : null;
  const failed = p.chance(0.5);
  s.emit(failed ? "inference_failed" : "inference_cancelled", {
    inference_call_id: call.id,
    upstream_request_id: p.chance(0.3) ? "req-x" : s.none(),
    [failed ? "error" : "reason"]: "stream dropped",
    partial_response_payload: partial === null
      ? s.none()
      : responsePayload(s, call, null, partial),
  }, { thread: call.thread.id, turn: call.turn.id });
  call.responseId = null;
  call.ended = true;
  if (partial === null) return;
  call.response = seen(partial);
  extendSnapshot(s, call, call.response);
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

function faultyCall(s: Session): void {
  if (!s.odd()) return;
  const p = s.prng;
  const thread = anyThread(s);
  const body = p.pick<JsonLike>([{}, { input: {} }, { input: null }, [], {
    input: [],
  }]);
  s.emit("inference_started", {
    inference_call_id: p.pick([s.calls[0]?.id ?? "a", `inf-${s.fresh()}`]),
    thread_id: p.pick([thread.id, "ghost"]),
    codex_turn_id: p.pick([...thread.turns.map((t) => t.id), "ghost"]),
    model: "m",
    provider_name: "p",
    request_payload: s.payload(
      "inference_request",
      Array.isArray(body) ? [] : obj(body as Record<string, JsonLike>),
    ),
  });
}

function faultyAnswer(s: Session): void {
  if (!s.odd()) return;
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

/** The steps of this concept. */
export const CONVERSATION_STEPS: readonly Step[] = [
  { family: "conversation", weight: 6, run: fullRequest },
  { family: "conversation", weight: 3, run: incrementalRequest },
  { family: "conversation", weight: 7, run: answer },
  { family: "conversation", weight: 0.5, run: faultyCall },
  { family: "conversation", weight: 0.5, run: faultyAnswer },
];
