/**
 * The counts of two sessions, one beside the other; the counts themselves are those of `show`.
 *
 * @module
 */

import {
  recordingFactsOf,
  responseCapture,
} from "../evidence/recorded/captures.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { mayLackItems } from "../evidence/recorded/listed_items.ts";
import type { Session } from "../session/session.ts";
import type { ShowAnswer } from "../show/show_answer.ts";
import type { Measure, MeasurePair, SessionSide, ToolPair } from "./answer.ts";

/** A session with what `show` tells of it. */
export interface Shown {
  readonly session: Session;
  readonly show: ShowAnswer;
}

/** Every measure of both sessions. */
export function measurePairs(a: Shown, b: Shown): MeasurePair[] {
  const first = measuresOf(a);
  const second = measuresOf(b);
  return MEASURES.map((measure) => ({
    measure,
    a: first[measure],
    b: second[measure],
  }));
}

/** Calls of tools in both sessions: the most called first, then by name. */
export function toolPairs(a: Shown, b: Shown): ToolPair[] {
  const first = new Map(a.show.tools.map((use) => [use.tool, use]));
  const second = new Map(b.show.tools.map((use) => [use.tool, use]));
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((tool) => ({
      tool,
      calls_a: first.get(tool)?.calls ?? 0,
      calls_b: second.get(tool)?.calls ?? 0,
      failed_a: first.get(tool)?.failed ?? 0,
      failed_b: second.get(tool)?.failed ?? 0,
    }))
    .sort((x, y) =>
      y.calls_a + y.calls_b - x.calls_a - x.calls_b ||
      (x.tool < y.tool ? -1 : 1)
    );
}

/** Which session a side is, and how it ended. */
export function sideOf({ session, show }: Shown): SessionSide {
  const { identity, completeness, models, first_error } = show;
  return {
    bundle: session.place,
    trace_id: identity.trace_id,
    schema_version: identity.schema_version,
    status: identity.status,
    models: [...new Set(models.map(({ model }) => model))],
    skipped_events: completeness.skipped_events,
    recording: recordingFactsOf(session.trace),
    first_error,
  };
}

/** Every measure, in the order in which they are told. */
const MEASURES: readonly Measure[] = [
  "duration_ms",
  "turns",
  "calls",
  "failed_calls",
  "input_tokens",
  "cached_input_tokens",
  "output_tokens",
  "reasoning_output_tokens",
  "tool_calls",
  "failed_tool_calls",
  "code_cells",
  "compactions",
  "threads",
  "items",
];

function measuresOf(
  { session, show }: Shown,
): Readonly<Record<Measure, MeasurePair["a"]>> {
  const { trace } = session;
  const { tokens, tools, models } = show;
  // What a sum of tokens lacks is unknown, where responses were not recorded.
  const areTokensKnown = trace.inference_calls.values().every((call) =>
    responseCapture(session, call) === null
  );
  const ifKnown = <T>(value: T) => areTokensKnown ? value : null;
  const sum = (counts: readonly number[]) =>
    counts.reduce((total, each) => total + each, 0);
  return {
    duration_ms: show.identity.duration_ms,
    turns: show.turns.length,
    calls: sum(models.map(({ calls }) => calls)),
    failed_calls: sum(models.map(({ failed_calls }) => failed_calls)),
    input_tokens: ifKnown(tokens.input_tokens),
    cached_input_tokens: ifKnown(tokens.cached_input_tokens),
    output_tokens: ifKnown(tokens.output_tokens),
    reasoning_output_tokens: ifKnown(tokens.reasoning_output_tokens),
    tool_calls: sum(tools.map(({ calls }) => calls)),
    failed_tool_calls: sum(tools.map(({ failed }) => failed)),
    code_cells: show.code_cells.cells,
    compactions: show.compactions.filter(({ installed }) => installed).length,
    threads: show.threads.length,
    items: mayLackAny(session) ? null : trace.conversation_items.size,
  };
}

/** Whether there may have been more items than were recorded. */
function mayLackAny(session: Session): boolean {
  const { trace } = session;
  return trace.inference_calls.values().some((call) =>
    mayLackItems(effectiveRequest(session, call).ref) ||
    mayLackItems(trace.raw_payloads.get(call.raw_response_payload_id ?? ""))
  );
}
