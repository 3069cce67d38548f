/**
 * The question `show`: a session on one screen.
 *
 * @module
 */

import { repeatedCalls } from "./repeated_calls.ts";
import { textIn } from "../evidence/recorded/payload_fields.ts";
import { rootMetadata } from "../evidence/root_metadata.ts";
import { lineagesOf, UNKNOWN_LINEAGE } from "../evidence/recorded/lineage.ts";
import { agentsWithoutResult } from "../evidence/links/undelivered.ts";
import { inheritedItemCount } from "../evidence/links/inherited_history.ts";
import { errorGroups } from "../failures/error_groups.ts";
import { getClock, sessionDuration } from "../evidence/clock/clock.ts";
import { getFailures, getFirstError } from "../failures/failures.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import { failedToolIds } from "../failures/tool_failures.ts";
import { CostCounter, type PriceTable } from "../stats/measures/cost.ts";
import {
  forEachRun,
  type TimeSplit,
  TimeSplitter,
} from "../stats/measures/time_split.ts";
import { lostEvidence } from "../evidence/known_count.ts";
import { lossesOf } from "../evidence/recorded/losses.ts";
import { changedFiles } from "./changed_files.ts";
import { contextWindowUse } from "../context/context_window.ts";
import { getCacheUse } from "../context/cache/cache_losses.ts";
import {
  isRecordingComplete,
  recordingFactsOf,
} from "../evidence/recorded/captures.ts";
import type { TraceSession } from "../session/session.ts";
import { suggestionsOf } from "./suggestions.ts";
import {
  activitiesOf,
  cellStats,
  compactionRows,
  droppedRows,
  edgeStats,
  modelStats,
  terminalStats,
  threadRows,
  toolStats,
  turnRows,
} from "./rows.ts";
import { firstPrompt, lastAnswer } from "../evidence/prompt_and_answer.ts";
import type {
  Completeness,
  SessionIdentity,
  ShowAnswer,
  ShownSessionLog,
} from "./show_answer.ts";

/** How a session is shown. */
export interface ShowOptions {
  /** The user's prices; without any, nothing has a cost. */
  readonly prices?: PriceTable | null;
}

/** A session on one screen: who ran, what it took, what went wrong, what to ask next. */
export function summarize(
  session: TraceSession,
  { prices = null }: ShowOptions = {},
): ShowAnswer {
  const failures = getFailures(session);
  const failedTools = failedToolIds(session);
  const activities = activitiesOf(session, failedTools);
  const first = getFirstError(failures);
  const prompt = firstPrompt(session);
  const answer = lastAnswer(session);
  return {
    identity: identityOf(session),
    completeness: completenessOf(session),
    clock_jumps: getClock(session).jumps,
    prompt: prompt.item,
    prompt_capture: prompt.capture,
    answer: answer.item,
    answer_capture: answer.capture,
    models: modelStats(session),
    threads: threadRows(session, activities),
    turns: turnRows(session, activities),
    tokens: activities.all.tokens,
    context_window: contextWindowUse(session),
    cache: getCacheUse(session),
    cost: costOf(session, prices),
    time: timeOf(session),
    tools: toolStats(session, failedTools),
    changed_files: changedFiles(session),
    repeated_calls: repeatedCalls(session, prices),
    code_cells: cellStats(session),
    terminals: terminalStats(session),
    compactions: compactionRows(session),
    dropped_items: droppedRows(session),
    edges: edgeStats(session),
    agents_without_result: agentsWithoutResult(session).map((id) =>
      session.names.ref("thread", id)
    ),
    failures,
    error_groups: errorGroups(failures),
    first_error: first,
    session_log: sessionLogOf(session),
    suggestions: suggestionsOf(session, failures, first),
  };
}

/** What a session is: its ids, its outcome, when and where it ran. */
export function identityOf(session: TraceSession): SessionIdentity {
  const { trace, sessionLog } = session;
  const { root_thread_id: root } = trace;
  const isRecorded = sessionLog === undefined;
  const metadata = rootMetadata(session);
  const duration = sessionDuration(session);
  return {
    trace_id: isRecorded ? trace.trace_id : null,
    rollout_id: trace.rollout_id,
    schema_version: isRecorded ? trace.schema_version : null,
    bundle_schema_version: isRecorded
      ? session.bundleSchema ?? trace.schema_version
      : null,
    outcome: getOutcomes(session).session,
    status: trace.status,
    started_at_unix_ms: trace.started_at_unix_ms,
    ended_at_unix_ms: trace.ended_at_unix_ms,
    duration_ms: duration === null ? null : Number(duration),
    session_source: textIn(metadata, "session_source"),
    ...lineagesOf(session).get(root) ?? UNKNOWN_LINEAGE,
    inherited_items: inheritedItemCount(session, root),
    cwd: textIn(metadata, "cwd"),
  };
}

function sessionLogOf(
  { sessionLog, extent }: TraceSession,
): ShownSessionLog | null {
  if (sessionLog === undefined) return null;
  const { cli_version, model_provider, unknown_lines, logs } = sessionLog;
  const lines = extent?.events ?? 0;
  return { cli_version, model_provider, lines, unknown_lines, logs };
}

function completenessOf(session: TraceSession): Completeness {
  const { trace, extent } = session;
  return {
    ...recordingFactsOf(trace),
    ...lossesOf(session),
    recording_complete: isRecordingComplete(trace),
    has_end: trace.status !== "running",
    has_lost_events: lostEvidence(session).events,
    events: extent?.events ?? null,
    skipped_events: extent?.skipped_events ?? null,
  };
}

function timeOf(session: TraceSession): TimeSplit {
  const splitter = new TimeSplitter(session);
  forEachRun(session, (what, execution, turn) => {
    splitter.add(what, execution, turn);
  });
  return splitter.split;
}

function costOf({ trace }: TraceSession, prices: PriceTable | null) {
  const counter = new CostCounter(prices);
  for (const { model, usage } of trace.inference_calls.values()) {
    counter.add(model, usage);
  }
  for (const { model } of trace.compaction_requests.values()) {
    counter.add(model, null);
  }
  return counter.cost;
}
