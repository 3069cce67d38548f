/**
 * What schema 3 records of a request beside its body: the prompt it was made from, the context
 * of a warm-up, the ids of tool outputs that were left out.
 *
 * @module
 */

import { payloadItems } from "../items/item_lists.ts";
import { type Json, type JsonLike, Obj, obj } from "../items/json_text.ts";
import type { Item, Session, ThreadModel } from "../session.ts";
import { anyJson } from "../items/values.ts";

/** A request as the events name it. */
export interface Evidence {
  /** The references and lists of `inference_started`. */
  fields: { readonly [key: string]: JsonLike | undefined };
  /** The reference whose payload the reducer reads. */
  effective: Obj;
  /** The reference that decides whether the request is partial. */
  request: Obj;
}

/** The evidence of a request; what schemas before 3 record is the body alone. */
export function requestEvidence(
  s: Session,
  thread: ThreadModel,
  input: readonly Item[],
  body: Obj,
): Evidence {
  if (s.schema < 3) {
    const request = s.payload("inference_request", body);
    return {
      fields: { request_payload: request },
      effective: request,
      request,
    };
  }
  const p = s.prng;
  const isWarm = p.chance(0.12);
  const kind = s.unusual() ? "protocol_event" : "inference_request";
  const sent = isWarm ? afterWarmup(s, input, body) : body;
  const request = s.payload(kind, sent, "items");
  const prepared = s.payload(
    s.unusual() ? "inference_request" : "prepared_prompt",
    prompt(s, input),
  );
  const warmup = isWarm
    ? s.payload(
      s.unusual() ? "prepared_prompt" : "warmup_context",
      new Obj(body.entries.filter(([key]) => key !== "tools")),
      "items",
    )
    : undefined;
  const effective = warmup ?? request;
  return {
    fields: {
      request_payload: request,
      prepared_prompt_payload: prepared,
      warmup_context_payload: warmup ?? (p.chance(0.1) ? null : undefined),
      stripped_tool_output_ids: strippedIds(s, thread, input, effective),
    },
    effective,
    request,
  };
}

/** The body of a request that continues a warm-up. It is never read, so it may be anything. */
function afterWarmup(s: Session, input: readonly Item[], body: Obj): Obj {
  const p = s.prng;
  const rest = payloadItems(input).slice(p.int(input.length + 1));
  return p.weighted<() => Obj>([
    [
      6,
      () =>
        body.with("input", rest).with("previous_response_id", "resp-warm-up"),
    ],
    [1, () => body],
    [1, () => obj({ input: anyJson(p), previous_response_id: anyJson(p) })],
  ])();
}

/** The prompt behind a request. It is never read. */
function prompt(s: Session, input: readonly Item[]): Json {
  const p = s.prng;
  if (p.chance(0.03)) return anyJson(p);
  return obj({
    input: payloadItems(input),
    tools: [],
    parallel_tool_calls: p.chance(0.5),
    base_instructions: { text: "do it well" },
    output_schema: null,
  });
}

const OUTPUTS: ReadonlySet<Json> = new Set([
  "function_call_output",
  "custom_tool_call_output",
]);

/** Ids of outputs that have none in the payload, with their places. */
function strippedIds(
  s: Session,
  thread: ThreadModel,
  input: readonly Item[],
  effective: Obj,
): JsonLike | undefined {
  const p = s.prng;
  const { missing, dropped } = s.stored(effective);
  const pairs: [number, string][] = [];
  for (const [at, item] of input.entries()) {
    const fits = item.json instanceof Obj && !dropped.has(item.json) &&
      OUTPUTS.has(item.json.get("type") ?? null) &&
      !item.json.entries.some(([key]) => key === "id");
    if (!fits || !p.chance(item.stripped === undefined ? 0.05 : 0.9)) continue;
    const id = item.stripped ?? strippedId(s, thread);
    pairs.push([at, id]);
    if (!thread.byId.has(id)) thread.byId.set(id, item);
  }
  if (missing && p.chance(0.3)) pairs.push([p.int(9), "of nothing"]);
  else if (s.unusual()) pairs.push([p.int(input.length + 1), "unusual-out"]);
  if (pairs.length === 0) return p.chance(0.05) ? [] : undefined;
  return p.chance(0.5) ? pairs : p.shuffle(pairs);
}

function strippedId(s: Session, thread: ThreadModel): string {
  const p = s.prng;
  return p.weighted<() => string | undefined>([
    [3, () => `unusual-out-${s.fresh()}`],
    [2, () => p.maybe([...thread.receiptIds])],
    [1, () => p.maybe([...thread.byId.keys()])],
  ])() ?? "unusual-out";
}
