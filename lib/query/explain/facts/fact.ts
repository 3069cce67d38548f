/**
 * Facts as they are put together: values, objects, and what is not known.
 *
 * @module
 */

import type { Integer } from "../../../format/vocabulary.ts";
import type { ExecutionWindow } from "../../../graph/session.ts";
import { durationOf, getClock } from "../../evidence/clock/clock.ts";
import {
  OBJECT_MAPS,
  type ObjectKind,
} from "../../session/names/object_kind.ts";
import type { Fact } from "../explain_answer.ts";
import type { ExplainContext } from "../explain_context.ts";
import type { PayloadCapture } from "../../../format/payload.ts";
import type { InferenceCall } from "../../../graph/runtime.ts";
import { jumpText } from "../../../text/clock_text.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import { effectiveRequest } from "../../evidence/recorded/effective_request.ts";
import { listedFromEnd } from "../../evidence/recorded/listed_items.ts";
import { itemOneLine } from "../../evidence/excerpt.ts";
import { newItems } from "../relations/request.ts";

/** The name of a fact, with the unit of its value. */
type FactName = Pick<Fact, "name" | "unit">;

export function inBytes(name: string): FactName {
  return { name: `${name}_bytes`, unit: "bytes" };
}

/** The name of a fact in milliseconds. */
export function inMs(name: string): FactName {
  return { name: `${name}_ms`, unit: "ms" };
}

/** The name of a fact in milliseconds since the Unix epoch. */
export function inUnixMs(name: string): FactName {
  return { name: `${name}_unix_ms`, unit: "unix_ms" };
}

/** A fact with a value; null where it is not known. */
export function value(
  name: string | FactName,
  value: string | Integer | boolean | null | undefined,
): Fact {
  const named = typeof name === "string" ? { name, unit: null } : name;
  return { ...named, value: value ?? null, object: null };
}

/** A fact that is an object; null where it is not known. */
export function object(
  context: ExplainContext,
  name: string,
  kind: ObjectKind,
  id: string | null | undefined,
): Fact {
  if (id === null || id === undefined) {
    return { name, unit: null, value: null, object: null };
  }
  const isRecorded = context.trace[OBJECT_MAPS[kind]].has(id);
  return {
    name,
    unit: null,
    value: isRecorded ? null : "not recorded",
    object: context.ref(kind, id),
  };
}

/** A fact that only some objects have: left out where it does not apply. */
export function ifAny(
  name: string | FactName,
  given: string | Integer | null | undefined,
): Fact[] {
  return given === null || given === undefined || given === ""
    ? []
    : [value(name, given)];
}

/**
 * How long something ran, and when it ended; both unknown where no end was recorded, the duration
 * also where the clock jumped meanwhile.
 */
export function duration(
  { session }: ExplainContext,
  kind: ObjectKind,
  window: ExecutionWindow,
): Fact[] {
  return [
    value(inUnixMs("ended_at"), window.ended_at_unix_ms),
    value(inMs("duration"), durationOf(session, kind, window)),
    ...getClock(session).jumpsIn(window).map((jump) =>
      value("clock_jump", jumpText(jump))
    ),
  ];
}

/** The request whose answer asked for a tool call, or for the cell that made it. */
export function askedInRequest(context: ExplainContext, tool: string): Fact {
  return object(
    context,
    "asked_for_in",
    "inference_call",
    requestBehind(context, tool),
  );
}

function requestBehind(
  context: ExplainContext,
  id: string,
): string | undefined {
  const { links, trace } = context;
  const tool = trace.tool_calls.get(id);
  if (tool === undefined) return undefined;
  const { requester } = tool;
  const items = requester.type === "model"
    ? tool.model_visible_call_item_ids
    : [trace.code_cells.get(requester.code_cell_id)?.source_item_id ?? ""];
  const responses = items.flatMap((item) =>
    links.to("item", item, "response_item")
  );
  const [first] = responses.length > 0
    ? responses
    : links.to("tool_call", id, "started_tool");
  return first?.from.id;
}

/** The item that the first request of a turn ended with: what a person or an agent wanted. */
export function turnStartedWith(
  context: ExplainContext,
  turn: string | null | undefined,
): Fact[] {
  if (turn === null || turn === undefined) return [];
  const { links, trace } = context;
  const first = links.to("turn", turn, "turn").find(({ from }) =>
    from.kind === "inference_call"
  );
  const call = trace.inference_calls.get(first?.from.id ?? "");
  if (call === undefined) return [];
  const lost = lastLost(context, call);
  if (lost !== null) return [value("turn_began_with", unrecordedText(lost))];
  const [id] = newItems(context, call);
  const item = trace.conversation_items.get(id ?? "");
  if (item === undefined) return [];
  const fact = object(context, "turn_began_with", "item", item.item_id);
  return [{ ...fact, value: itemOneLine(trace, item) }];
}

/** What was kept of the last item of a request, or of all of it; null when all was. */
function lastLost(
  { session }: ExplainContext,
  call: InferenceCall,
): PayloadCapture | null {
  const { ref } = effectiveRequest(session, call);
  if (ref?.capture !== undefined) return ref.capture;
  const [last] = listedFromEnd(ref, call.request_item_ids);
  return last?.type === "lost" ? last.capture : null;
}
