/**
 * Rows of the evidence and of what follows from it: events, context growth, comparisons, failures.
 *
 * @module
 */

import { PayloadError } from "../../errors.ts";
import { getContextGrowth } from "../../query/context/context_growth.ts";
import type {
  ContextSource,
  GrowthPoint,
} from "../../query/context/context_answer.ts";
import type { GraphLinks } from "../../query/evidence/links/graph_links.ts";
import type { TraceSession } from "../../query/session/session.ts";
import type {
  ComparisonRow,
  EventRow,
  FailureRow,
  GrowthRow,
  Pointer,
} from "../report_data.ts";
import { approximateNumber, exactInteger } from "./row_context.ts";
import {
  type TextComparison,
  textComparisons,
} from "../../query/explain/comparison/compare.ts";
import type { ExplainContext } from "../../query/explain/explain_context.ts";
import type { DecodedEvent, RawTraceEventPayload } from "../../format/event.ts";
import { recordedError } from "../../query/failures/request_failures.ts";
import { objectsOf } from "../../query/session/resolve_object.ts";
import type { Failure } from "../../query/failures/failure.ts";
import type { ObjectRef } from "../../query/session/names/object_kind.ts";

/** Every source, in the order in which they are stacked: the most constant at the bottom. */
export const SOURCES: readonly ContextSource[] = [
  "request",
  "tools",
  "instructions",
  "compaction",
  "user",
  "agent_message",
  "assistant",
  "reasoning",
  "tool_call",
  "tool_output",
  "other_item",
];

/** The requests of every thread; none where the payloads are not available. */
export function growthRows(
  session: TraceSession,
  links: GraphLinks,
): GrowthRow[] {
  return [...session.trace.threads.keys()].flatMap((thread) =>
    pointsOf(session, thread, links).flatMap((point) =>
      growthRow(thread, point) ?? []
    )
  );
}

function pointsOf(
  session: TraceSession,
  thread: string,
  links: GraphLinks,
): readonly GrowthPoint[] {
  try {
    return getContextGrowth(session, thread, links)?.calls ?? [];
  } catch (error) {
    // A payload was removed since it was listed: the page has no chart then.
    if (error instanceof PayloadError) return [];
    throw error;
  }
}

/** A request on the growth of its thread; `undefined` where it was not recorded. */
function growthRow(thread: string, point: GrowthPoint): GrowthRow | undefined {
  const { input_tokens: input, cached_input_tokens: cached } = point;
  const { bytes, items, bytes_by_source: bySource } = point;
  if (bytes === null || items === null || bySource === null) return undefined;
  return {
    call_id: point.call.id,
    thread_id: thread,
    compaction_ids: point.compactions.map(({ id }) => id),
    is_incremental: point.is_incremental === true,
    bytes,
    items,
    new_elements: point.new_elements,
    new_bytes: point.new_bytes,
    dropped_items: point.dropped_items,
    input_tokens: input === null ? null : exactInteger(input),
    cached_input_tokens: cached === null ? null : exactInteger(cached),
    by_source: SOURCES.map((source) => bySource[source]),
  };
}

/** The comparisons of every tool call. */
export function comparisonRows(scene: ExplainContext): ComparisonRow[] {
  return scene.session.names.all("tool_call").flatMap((tool) =>
    textComparisons(scene, tool).map((each) => comparisonRow(tool.id, each))
  );
}

function comparisonRow(tool: string, each: TextComparison): ComparisonRow {
  return {
    tool_id: tool,
    verdict: each.verdict,
    shown_to: each.shown_to,
    sent: each.sent,
    runtime_in: each.runtime.in.map(({ kind, id }) => [kind, id] as const),
    runtime_bytes: each.runtime.bytes,
    shown_in: each.shown.in.map(({ kind, id }) => [kind, id] as const),
    shown_bytes: each.shown.bytes,
    omitted_bytes: each.omitted_bytes,
    added_bytes: each.added_bytes,
    chunks: each.chunks,
  };
}

/** Every event of the log; none where there is no log. */
export function eventRows(session: TraceSession): EventRow[] {
  return (session.log?.events ?? []).map((each) => eventRow(session, each));
}

function eventRow(session: TraceSession, decoded: DecodedEvent): EventRow {
  const { event, line, payloads } = decoded;
  return {
    seq: approximateNumber(event.seq),
    line,
    at: approximateNumber(event.wall_time_unix_ms),
    type: typeOf(event.payload),
    thread_id: event.thread_id,
    turn_id: event.codex_turn_id,
    about: objectsOf(session, decoded)
      .filter(({ kind }) => kind !== "payload")
      .map(({ kind, id }) => [kind, id] as const),
    payload_ids: payloads.map(({ raw_payload_id: id }) => id),
    error: recordedError(event.payload) ?? null,
  };
}

function typeOf(payload: RawTraceEventPayload): string {
  return payload.type === "protocol_event_observed"
    ? `${payload.type}: ${payload.event_type}`
    : payload.type;
}

/** Something that went wrong. */
export function failureRow(
  failure: Failure,
  group: number | null,
): FailureRow {
  const { seq } = failure;
  return {
    severity: failure.severity,
    kind: failure.kind,
    about: pointerOf(failure.about),
    seq: seq === null ? null : exactInteger(seq),
    at: approximateNumber(failure.at_unix_ms),
    thread_id: failure.thread?.id ?? null,
    text: failure.text,
    exit_code: failure.exit_code,
    reported_in: failure.reported_in.map(({ id }) => id),
    caused_by: pointerOf(failure.caused_by),
    retried_by: pointerOf(failure.retried_by),
    group,
  };
}

function pointerOf(ref: ObjectRef | null): Pointer | null {
  return ref === null ? null : [ref.kind, ref.id];
}
