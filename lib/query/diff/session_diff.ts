/**
 * Two sessions compared.
 *
 * @module
 */

import type { TraceSession } from "../session/session.ts";
import { summarize } from "../show/show.ts";
import type {
  Measure,
  MeasurePair,
  SessionComparison,
  SessionDiff,
  SessionDiffOptions,
  SessionSide,
  ThreadPair,
  ToolPair,
} from "./diff_answer.ts";
import { diffConversations } from "./conversation_diff.ts";
import { itemLists } from "./item_lists.ts";
import { threadPairs } from "./thread_pairs.ts";
import { compareTurns, type ShownSession } from "./turns/compare_turns.ts";
import {
  recordingFactsOf,
  responseCapture,
} from "../evidence/recorded/captures.ts";
import { effectiveRequest } from "../evidence/recorded/effective_request.ts";
import { mayLackItems } from "../evidence/recorded/listed_items.ts";
import {
  type KnownCount,
  knownCount,
  lostEvidence,
} from "../evidence/known_count.ts";

/**
 * Where the conversations of two sessions diverge, and the measures of both.
 *
 * Items are the same if role, channel, content and tool are equal. Ids and times are ignored, both
 * of the items and where Codex writes them into a text, unless `exact` is set; everything else
 * counts, such as another name of a folder. Of encrypted content, only its presence counts.
 * Threads are compared that have the same path in their trees of agents; of several, in order.
 */
export function diffSessions(
  a: TraceSession,
  b: TraceSession,
  options: SessionDiffOptions = {},
): SessionDiff {
  const compared = compareSessions(a, b, options);
  const threads = conversationsOf(a, b, options);
  const isPartial = [compared.a, compared.b].some((side) =>
    side.recording.truncated_payloads + side.recording.omitted_payloads > 0 ||
    !side.is_complete
  );
  const hasNoDifference = hasSameMeasures(compared) &&
    threads.every(({ conversation }) => conversation?.hunks.length === 0) &&
    compared.turns.threads.every(({ turns }) =>
      turns.every(({ same }) => same !== false)
    );
  return {
    type: "sessions",
    same: hasNoDifference && isPartial ? null : hasNoDifference,
    ...compared,
    threads,
  };
}

/**
 * Two sessions side by side: measures, tools, and the turns, aligned by their prompts, with the
 * steps in them. What is not known of one session is never equal to the other.
 */
export function compareSessions(
  a: TraceSession,
  b: TraceSession,
  options: SessionDiffOptions = {},
): SessionComparison {
  const shownA = { session: a, show: summarize(a) };
  const shownB = { session: b, show: summarize(b) };
  return {
    a: sideOf(shownA),
    b: sideOf(shownB),
    measures: measurePairs(shownA, shownB),
    tools: toolPairs(shownA, shownB),
    turns: compareTurns(shownA, shownB, options),
  };
}

function hasSameMeasures(
  { a, b, measures, tools }: SessionComparison,
): boolean {
  return a.status === b.status && a.outcome === b.outcome &&
    measures.every((each) =>
      each.measure === "duration_ms" || each.a === each.b
    ) &&
    tools.every((each) =>
      each.calls_a === each.calls_b && each.failed_a === each.failed_b
    ) &&
    JSON.stringify(a.models) === JSON.stringify(b.models);
}

/** The conversations of the threads that both have, or one. */
function conversationsOf(
  a: TraceSession,
  b: TraceSession,
  options: SessionDiffOptions,
): ThreadPair[] {
  const lists = itemLists(a, b, options);
  return threadPairs(a, b).map(({ agent_path, a: one, b: other }) => ({
    agent_path,
    a: one === undefined ? null : a.names.ref("thread", one.thread_id),
    b: other === undefined ? null : b.names.ref("thread", other.thread_id),
    conversation: one === undefined || other === undefined
      ? null
      : diffConversations(
        lists[0](one.conversation_item_ids),
        lists[1](other.conversation_item_ids),
      ),
  }));
}

/** Every measure of both sessions. */
function measurePairs(a: ShownSession, b: ShownSession): MeasurePair[] {
  const first = measuresOf(a);
  const second = measuresOf(b);
  return MEASURES.map((measure) => ({
    measure,
    a: first[measure],
    b: second[measure],
  }));
}

/** Calls of tools in both sessions: the most called first, then by name. */
function toolPairs(a: ShownSession, b: ShownSession): ToolPair[] {
  const first = new Map(a.show.tools.map((use) => [use.tool, use]));
  const second = new Map(b.show.tools.map((use) => [use.tool, use]));
  const noneOf = ({ session }: ShownSession) => {
    const count = knownCount(0, lostEvidence(session).events);
    return { calls: count, failed: count };
  };
  const [noneA, noneB] = [noneOf(a), noneOf(b)];
  return [...new Set([...first.keys(), ...second.keys()])]
    .map((tool) => {
      const ofA = first.get(tool) ?? noneA;
      const ofB = second.get(tool) ?? noneB;
      return {
        tool,
        calls_a: ofA.calls,
        calls_b: ofB.calls,
        failed_a: ofA.failed,
        failed_b: ofB.failed,
      };
    })
    .sort((x, y) =>
      callsOf(y) - callsOf(x) ||
      (x.tool < y.tool ? -1 : 1)
    );
}

function callsOf({ calls_a: a, calls_b: b }: ToolPair): number {
  return (a ?? 0) + (b ?? 0);
}

/** Which session a side is, and how it ended. */
function sideOf({ session, show }: ShownSession): SessionSide {
  const { identity, completeness, models, first_error } = show;
  const { trace_id, schema_version } = session.trace;
  return {
    bundle: session.place,
    trace_id,
    schema_version,
    outcome: identity.outcome,
    status: identity.status,
    models: [...new Set(models.map(({ model }) => model))],
    skipped_events: completeness.skipped_events,
    recording: recordingFactsOf(session.trace),
    is_complete: completeness.is_complete,
    first_error,
    changed_files: show.changed_files?.files.map(({ path }) => path) ?? null,
  };
}

/** Every measure, in the order of the answer. */
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
  "errors",
  "code_cells",
  "compactions",
  "threads",
  "items",
];

function measuresOf(
  { session, show }: ShownSession,
): Readonly<Record<Measure, MeasurePair["a"]>> {
  const { trace } = session;
  const { tokens, tools, models } = show;
  // What a sum of tokens lacks is unknown, where responses were not recorded.
  const areTokensKnown = trace.inference_calls.values().every((call) =>
    responseCapture(session, call) === null
  );
  const ifKnown = <T>(value: T) => areTokensKnown ? value : null;
  const sum = (counts: readonly KnownCount[]) =>
    counts.reduce<KnownCount>(
      (total, each) => total === null || each === null ? null : total + each,
      0,
    );
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
    errors: knownCount(
      show.failures.filter(({ severity }) => severity === "error").length,
      lostEvidence(session).any,
    ),
    code_cells: show.code_cells.cells,
    compactions: show.compactions.filter(({ installed }) => installed).length,
    threads: show.threads.length,
    items: mayLackAny(session) ? null : trace.conversation_items.size,
  };
}

/** Whether there may have been more items than were recorded. */
function mayLackAny(session: TraceSession): boolean {
  const { trace } = session;
  return trace.inference_calls.values().some((call) =>
    mayLackItems(effectiveRequest(session, call).ref) ||
    mayLackItems(trace.raw_payloads.get(call.raw_response_payload_id ?? ""))
  );
}
