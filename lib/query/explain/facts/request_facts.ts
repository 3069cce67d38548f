/**
 * What is known about requests to models and compactions.
 *
 * @module
 */

import type { RawPayloadRef } from "../../../format/payload.ts";
import type {
  Compaction,
  InferenceCall,
  TokenUsage,
} from "../../../graph/runtime.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import {
  checkpointCapture,
  historyLengths,
  lostHistory,
} from "../../evidence/recorded/checkpoint.ts";
import { cacheLossOf } from "../../context/cache/cache_losses.ts";
import { lossReason } from "../../context/cache/difference_text.ts";
import {
  payloadObject,
  textIn,
} from "../../evidence/recorded/payload_fields.ts";
import { turnReport } from "../../evidence/recorded/recorded_settings.ts";
import { compactionEffect } from "../../context/compaction_effect.ts";
import {
  addedText,
  keptText,
  rangesText,
  sizeText,
} from "../../context/compaction_text.ts";
import type { ObjectRef } from "../../session/names/object_kind.ts";
import { effectiveRequest } from "../../evidence/recorded/effective_request.ts";
import {
  lostItems,
  mayLackItems,
} from "../../evidence/recorded/listed_items.ts";
import {
  inputLength,
  mayLackOutput,
  outputLength,
} from "../../evidence/recorded/request_lengths.ts";
import type { Fact } from "../explain_answer.ts";
import { callsWithoutOutput } from "../../../graph/unanswered_calls.ts";
import { isNewKnown, newItems, toolNote } from "../relations/request.ts";
import { requestAfter } from "../relations/compaction.ts";
import type { ExplainContext } from "../explain_context.ts";
import {
  duration,
  ifAny,
  inBytes,
  inUnixMs,
  object,
  turnStartedWith,
  value,
} from "./fact.ts";

/** Facts about a request to a model. */
export function requestFacts(context: ExplainContext, id: string): Fact[] {
  const call = context.trace.inference_calls.get(id);
  if (call === undefined) return [];
  const { session } = context;
  return [
    ...recordingOf(context, call),
    value("model", call.model),
    value("provider", call.provider_name),
    ...turnStartedWith(context, call.codex_turn_id),
    ...duration(context, "inference_call", call.execution),
    ...reason(context, id),
    value("response_id", call.response_id),
    value("upstream_request_id", call.upstream_request_id),
    value("items_sent", inputLength(session, call)),
    value(
      "items_new_in_it",
      isNewKnown(context, call) ? newItems(context, call).length : null,
    ),
    ...withoutOutput(context, call),
    value("items_answered", outputLength(session, call)),
    value(
      "tools_asked_for",
      mayLackOutput(session, call) ? null : toolsAskedFor(context, call),
    ),
    ...ifAny(
      "reasoning_effort",
      textIn(
        payloadObject(session, call.raw_request_payload_id) ?? undefined,
        "reasoning",
        "effort",
      ),
    ),
    ...tokens(call.usage),
    ...ifAny(
      "model_context_window",
      turnReport(session, call.codex_turn_id).model_context_window,
    ),
    ...cacheFacts(context, call),
  ];
}

/** Calls that were sent without an output, with how their tools ended. */
function withoutOutput(context: ExplainContext, call: InferenceCall): Fact[] {
  return callsWithoutOutput(context.trace, call).map(({ item_id: id }) => ({
    ...object(context, "sent_without_output", "item", id),
    value: toolNote(context, id),
  }));
}

/** Payloads of a request besides the request itself, and what of all was not recorded. */
function recordingOf(context: ExplainContext, call: InferenceCall): Fact[] {
  const { session, trace } = context;
  const { id, ref, isWarmup } = effectiveRequest(session, call);
  const { prepared_prompt_payload_id: prepared } = call;
  const response = trace.raw_payloads.get(call.raw_response_payload_id ?? "");
  return [
    ...prepared === undefined
      ? []
      : [object(context, "prepared_prompt", "payload", prepared)],
    ...isWarmup ? [object(context, "warmup_context", "payload", id)] : [],
    ...lostFact("request", ref),
    ...lostFact("response", response),
  ];
}

/** That a request or a response, or items of it, were not recorded; nothing where all were. */
function lostFact(what: string, ref: RawPayloadRef | undefined): Fact[] {
  if (ref === undefined || !mayLackItems(ref)) return [];
  return ref.capture === undefined
    ? [value(`${what}_items_not_recorded`, lostItems(ref).length)]
    : [value(what, unrecordedText(ref.capture))];
}

function toolsAskedFor({ links }: ExplainContext, call: InferenceCall): number {
  const ids = new Set(call.tool_call_ids_started_by_response);
  for (const item of call.response_item_ids) {
    for (const { from } of links.to("item", item, "call_item")) {
      ids.add(from.id);
    }
  }
  return ids.size;
}

/** Why it failed or was given up, in the recorder's words. */
function reason({ session }: ExplainContext, id: string): Fact[] {
  return (session.log?.about("inference_call", id) ?? []).flatMap(
    ({ event: { payload } }) => {
      switch (payload.type) {
        case "inference_failed":
          return [value("error", payload.error)];
        case "inference_cancelled":
          return [value("given_up_because", payload.reason)];
        default:
          return [];
      }
    },
  );
}

/** Cached tokens are part of the input, reasoning tokens of the output. */
function tokens(usage: TokenUsage | null): Fact[] {
  return [
    value("input_tokens", usage?.input_tokens),
    value("of_which_cached_tokens", usage?.cached_input_tokens),
    ...usage === null || usage.cache_write_input_tokens === 0
      ? []
      : [value("of_which_written_to_cache", usage.cache_write_input_tokens)],
    value("output_tokens", usage?.output_tokens),
    value("of_which_reasoning_tokens", usage?.reasoning_output_tokens),
  ];
}

/** How many tokens were sent again because the cache was lost, and what had changed first. */
function cacheFacts({ session }: ExplainContext, call: InferenceCall): Fact[] {
  const loss = cacheLossOf(session, call.inference_call_id);
  return loss === null ? [] : [
    value("cache_lost_tokens", loss.lost_tokens),
    value("cache_lost_by", lossReason(loss)),
  ];
}

/** Facts about a compaction. */
export function compactionFacts(context: ExplainContext, id: string): Fact[] {
  const compaction = context.trace.compactions.get(id);
  if (compaction === undefined) return [];
  const next = requestAfter(context, compaction);
  const capture = checkpointCapture(context.session, compaction);
  const { before, after } = historyLengths(context.session, compaction);
  const lost = lostHistory(context.session, compaction);
  return [
    value(inUnixMs("installed_at"), compaction.installed_at_unix_ms),
    value(
      "requests_for_a_summary",
      context.known(compaction.request_ids.length),
    ),
    ...capture === null ? [] : [value("checkpoint", unrecordedText(capture))],
    value("items_before", before),
    value("items_after", after),
    ...ifAny(
      "of_these_not_recorded",
      lost === null || lost.before.length + lost.after.length === 0
        ? undefined
        : lost.before.length + lost.after.length,
    ),
    ...effectFacts(context, compaction),
    object(context, "mark", "item", compaction.marker_item_id),
    object(
      context,
      "next_request",
      "inference_call",
      next?.inference_call_id,
    ),
  ];
}

/** What a compaction did to the prompt. */
function effectFacts(
  { session }: ExplainContext,
  compaction: Compaction,
): Fact[] {
  const effect = compactionEffect(session, compaction);
  const { prompt_before: before, prompt_after: after } = effect;
  return [
    fact("prompt_before", before?.call ?? null, before && sizeText(before)),
    fact("prompt_after", after?.call ?? null, after && sizeText(after)),
    ...ifAny("kept_items", keptText(effect)),
    ...ifAny("dropped_items", rangesText(effect.dropped)),
    ...effect.added.map((each) => fact("new_item", each.item, addedText(each))),
    ...ifAny(
      inBytes("sent_twice_after_it"),
      after?.repeated_bytes === 0 ? null : after?.repeated_bytes,
    ),
  ];
}

function fact(
  name: string,
  object: ObjectRef | null,
  value: string | null,
): Fact {
  return { name, unit: null, value, object };
}

/** Facts about a compaction request. */
export function summaryFacts(context: ExplainContext, id: string): Fact[] {
  const request = context.trace.compaction_requests.get(id);
  if (request === undefined) return [];
  const { compaction_id: compaction } = request;
  const installed = context.trace.compactions.has(compaction);
  const failed = (context.session.log?.about("compaction_request", id) ?? [])
    .flatMap(({ event: { payload } }) =>
      payload.type === "compaction_request_failed" ? [payload.error] : []
    );
  return [
    value("model", request.model),
    value("provider", request.provider_name),
    ...duration(context, "compaction_request", request.execution),
    ...ifAny("error", failed[0]),
    ...[
      ["request", request.raw_request_payload_id] as const,
      ["response", request.raw_response_payload_id] as const,
    ].flatMap(([what, payload]) =>
      lostFact(what, context.trace.raw_payloads.get(payload ?? ""))
    ),
    value("compaction_id", compaction),
    value("installed", installed),
    ...installed
      ? [object(context, "compaction", "compaction", compaction)]
      : [],
  ];
}
