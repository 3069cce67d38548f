/**
 * The first prompt and the last answer of a session, from its payloads.
 *
 * @module
 */

import type { RawRef } from "../../support/log_oracle.ts";
import { isRawComplete } from "../../support/request_oracle.ts";
import { factName, type Facts, type Value } from "./fact.ts";
import type { Raw, RawSession } from "./raw_session.ts";

/** Adds the prompt and the answer; what the recorder's limits cut makes both unknown. */
export function addTextFacts(facts: Facts, raw: RawSession): void {
  facts.set(factName("session", "", "prompt"), promptOf(raw));
  facts.set(factName("session", "", "answer"), answerOf(raw));
}

function promptOf(raw: RawSession): Value {
  const [first] = raw.all("call").filter(({ thread }) => thread === raw.root);
  if (first === undefined) return null;
  const { request_payload: sent, warmup_context_payload: warmup } =
    first.start.payload;
  return lastText(raw, warmup ?? sent, "input", "user") ?? null;
}

/** The text of the root's last response that has one. */
function answerOf(raw: RawSession): Value {
  const own = new Set(
    raw.all("call").filter(({ thread }) => thread === raw.root)
      .map(({ id }) => id),
  );
  for (const { payload } of raw.events.toReversed()) {
    if (!own.has(payload.inference_call_id)) continue;
    const ref = payload.response_payload ?? payload.partial_response_payload;
    if (ref === null || ref === undefined) continue;
    const text = lastText(raw, ref, "output_items", "assistant");
    if (text !== undefined) return text ?? reportedAnswer(raw);
  }
  return null;
}

/** The answer that the end of the root's last turn repeats. */
function reportedAnswer(raw: RawSession): Value {
  const ends = raw.events.filter(({ payload }) =>
    payload.event_type === "turn_complete"
  ).map(({ payload }) => raw.payload(payload.event_payload));
  const own = ends.findLast((body) =>
    raw.runs.get(`turn ${body?.turn_id}`)?.thread === raw.root
  );
  return own?.last_agent_message ?? null;
}

/** The last message of a role in a payload; null where it was not recorded, undefined without any. */
function lastText(
  raw: RawSession,
  ref: RawRef,
  key: string,
  role: string,
): string | null | undefined {
  const body = raw.payload(ref);
  if (body === null) return null;
  for (const item of (body[key] ?? []).toReversed()) {
    if (item.$trace_unavailable !== undefined) return null;
    const isMessage = item.type === "message" || item.type === undefined;
    if (!isMessage || item.role !== role) continue;
    const texts = (Array.isArray(item.content) ? item.content : [])
      .map((part: Raw) => part.text);
    if (texts.some((text: Raw) => typeof text === "object" && text !== null)) {
      return isRawComplete(ref) ? undefined : null;
    }
    const text = texts.filter((each: Raw) => typeof each === "string")
      .join("\n");
    if (text.trim() !== "") return text;
  }
  return undefined;
}
