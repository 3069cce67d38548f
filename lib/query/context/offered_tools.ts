/**
 * The tools that a request offers to the model, and how much it should reason.
 *
 * @module
 */

import { parseExact } from "../../format/json/json_parse.ts";
import { compactJson } from "../../format/json/json_print.ts";
import {
  isJsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../../format/payload.ts";
import type { Integer } from "../../format/vocabulary.ts";
import type { InferenceCall } from "../../graph/runtime.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { mayLackItems } from "../evidence/recorded/listed_items.ts";
import { lostPayloads } from "../evidence/recorded/losses.ts";
import { textIn } from "../evidence/recorded/payload_fields.ts";
import type { PayloadReader, TraceSession } from "../session/session.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { callsOfThread } from "../session/thread_calls.ts";
import type { ToolDefinition } from "./context_answer.ts";

/** What a request asks for besides an answer to its input. */
export interface RequestOffer {
  /** Larger definitions first. */
  readonly tools: readonly ToolDefinition[];
  /** Whether these are all. */
  readonly tools_complete: boolean;
  /** Null when the request names none, or was not recorded. */
  readonly reasoning_effort: string | null;
}

/** What is unknown of a request that was not recorded. */
export const UNKNOWN_OFFER: RequestOffer = {
  tools: [],
  tools_complete: false,
  reasoning_effort: null,
};

/**
 * The tools of the member `tools` and of `additional_tools` in the input, those included that the
 * model has from requests which this one continues.
 *
 * @throws {PayloadError} If a payload that was there when the session was opened is not now.
 */
export function requestOffer(
  session: TraceSession,
  payloads: PayloadReader,
  call: InferenceCall,
): RequestOffer {
  const ref = session.trace.raw_payloads.get(call.raw_request_payload_id);
  if (ref === undefined || !isReadable(session, ref)) return UNKNOWN_OFFER;
  const document = payloads.open(ref);
  const effort = textIn(document.value, "reasoning", "effort");
  const tools = (document.elements("tools") ?? []).map((element) => {
    const definition = compactJson(parseExact(element.source()));
    return definitionOf(element.value, definition, false);
  });
  const input = inputTools(session, payloads, call);
  return {
    tools: [...tools, ...input.tools].sort((a, b) => b.bytes - a.bytes),
    tools_complete: input.isComplete,
    reasoning_effort: effort,
  };
}

/** Tools that are defined in the input of a request, and of those that it continues. */
function inputTools(
  session: TraceSession,
  payloads: PayloadReader,
  last: InferenceCall,
): { tools: ToolDefinition[]; isComplete: boolean } {
  const { trace } = session;
  const calls = callsOfThread(trace, last.thread_id);
  const tools: ToolDefinition[] = [];
  let isComplete = true;
  for (let call: InferenceCall | undefined = last; call !== undefined;) {
    const { ref } = effectiveRequest(session, call);
    if (ref === undefined || !isReadable(session, ref)) {
      return { tools, isComplete: false };
    }
    if (mayLackItems(ref)) isComplete = false;
    const previous = addTools(payloads, ref, tools);
    if (previous === null) break;
    const seq: Integer = call.execution.started_seq;
    call = calls.find(({ response_id: id, execution }) =>
      id === previous && execution.started_seq < seq
    );
    if (call === undefined) isComplete = false;
  }
  return { tools, isComplete };
}

function isReadable(session: TraceSession, ref: RawPayloadRef): boolean {
  return ref.capture === undefined &&
    !lostPayloads(session).has(ref.raw_payload_id);
}

/** Adds the tools in an input; returns the response that it continues. */
function addTools(
  payloads: PayloadReader,
  ref: RawPayloadRef,
  tools: ToolDefinition[],
): string | null {
  const document = payloads.open(ref);
  for (const { value } of document.elements("input") ?? []) {
    if (!isJsonObject(value) || value["type"] !== "additional_tools") continue;
    const { tools: list } = value;
    for (const each of Array.isArray(list) ? list : []) {
      tools.push(definitionOf(each, JSON.stringify(each), true));
    }
  }
  return textIn(document.value, "previous_response_id");
}

function definitionOf(
  value: JsonValue,
  definition: string,
  isInInput: boolean,
): ToolDefinition {
  return {
    name: textIn(value, "name") ?? textIn(value, "type"),
    description: textIn(value, "description"),
    definition,
    is_in_input: isInInput,
    bytes: utf8Length(definition),
  };
}
