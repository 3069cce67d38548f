/**
 * Requests: full, incremental, with changed history.
 *
 * @module
 */

import { answer, faultyAnswer } from "./answer_steps.ts";
import { newItems, payloadItems, repeated, seen } from "../items/item_lists.ts";
import { type Json, type JsonLike, Obj, obj } from "../items/json_text.ts";
import { type Evidence, requestEvidence } from "./prompt_steps.ts";
import type { CallModel, Item, Session, ThreadModel } from "../session.ts";
import { anyThread, anyTurn, type Step } from "./step.ts";
import { anyJson } from "../items/values.ts";

/** Body of a request; what surrounds its input differs as it does in real requests. */
function requestBody(
  s: Session,
  input: readonly Item[],
  previous: string | null,
): Obj {
  const p = s.prng;
  const link: [string, Json][] = previous !== null
    ? [["previous_response_id", previous]]
    : p.pick<[string, Json][]>([[], [], [["previous_response_id", null]], [
      ["previous_response_id", 3],
    ]]);
  const ahead = p.chance(0.3);
  // Of a repeated key the last value counts, wherever it is.
  const decoy: [string, Json][] = p.chance(0.03)
    ? [["input", p.pick<Json>([[], 5, payloadItems(input).slice(1)])]]
    : [];
  const metadata = p.shuffle<[string, Json]>([["a", 1], ["b", "x"], [
    "c",
    null,
  ]]);
  return new Obj([
    ["model", "gpt-x"],
    ["instructions", "do [it], {well}"],
    ...ahead ? link : [],
    ...decoy,
    ["input", payloadItems(input)],
    ["tools", [obj({ type: "function", name: "exec_command" })]],
    ...ahead ? [] : link,
    ["client_metadata", new Obj(metadata)],
  ]);
}

function beginCall(
  s: Session,
  thread: ThreadModel,
  input: readonly Item[],
  previous: string | null,
): { call: CallModel; evidence: Evidence } {
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
  const model = p.pick(["gpt-x", "gpt-y"]);
  const body = requestBody(s, input, previous);
  const evidence = requestEvidence(s, thread, input, body);
  s.emit("inference_started", {
    inference_call_id: call.id,
    thread_id: thread.id,
    codex_turn_id: turn.id,
    model,
    provider_name: "mock",
    ...evidence.fields,
  }, p.chance(0.9) ? { thread: thread.id, turn: turn.id } : {});
  thread.calls.push(call);
  s.calls.push(call);
  thread.current = call;
  call.partial = s.stored(evidence.request).partial;
  return { call, evidence };
}

/** A request that repeats the complete history. */
export function fullRequest(s: Session): void {
  const p = s.prng;
  const thread = anyThread(s);
  const history = thread.pending ?? thread.snapshot;
  const kept = history.slice(-s.profile.history);
  const input = [
    ...repeated(s, thread, kept),
    ...newItems(s, thread, p.weighted([[3, 0], [6, 1], [4, 2], [2, 4]])),
  ];
  const { call, evidence } = beginCall(s, thread, input, null);
  const { missing, dropped } = s.stored(evidence.effective);
  if (missing) return;
  call.request = seen(input, dropped);
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

/** A request that sends only what is new since an earlier response. */
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
  if (rest.some((item) => item.volatile || item.once) && !s.unusual()) return;
  const delta = [
    ...(s.unusual() ? [] : rest),
    ...newItems(s, thread, p.weighted([[1, 0], [5, 1], [3, 2]])),
  ];
  const previous = s.unusual() ? "resp-ghost" : responseId;
  const { call: next, evidence } = beginCall(s, thread, delta, previous);
  const { missing, dropped } = s.stored(evidence.effective);
  if (missing) return;
  next.request = [...prefix, ...seen(delta, dropped)];
  thread.snapshot = next.request;
}

function faultyEvidence(s: Session, body: Json): Record<string, JsonLike> {
  const request_payload = s.payload("inference_request", body);
  if (s.schema < 3) return { request_payload };
  const prepared = s.payload("prepared_prompt", anyJson(s.prng));
  const warmup = s.prng.chance(0.3)
    ? { warmup_context_payload: s.payload("warmup_context", body) }
    : {};
  return { request_payload, prepared_prompt_payload: prepared, ...warmup };
}

function faultyCall(s: Session): void {
  if (!s.unusual()) return;
  const p = s.prng;
  const thread = anyThread(s);
  const body = p.pick<Record<string, JsonLike> | Json[]>([
    {},
    { input: {} },
    { input: null },
    [],
    { input: [] },
  ]);
  s.emit("inference_started", {
    inference_call_id: p.pick([s.calls[0]?.id ?? "a", `inf-${s.fresh()}`]),
    thread_id: p.pick([thread.id, "ghost"]),
    codex_turn_id: p.pick([...thread.turns.map((t) => t.id), "ghost"]),
    model: "m",
    provider_name: "p",
    ...faultyEvidence(s, Array.isArray(body) ? [] : obj(body)),
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
