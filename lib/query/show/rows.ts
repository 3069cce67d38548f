/**
 * Threads and turns of a session, with what happened in each.
 *
 * @module
 */

import type { AgentThread } from "../../graph/session.ts";
import {
  type Activity,
  ActivityCounter,
  Groups,
} from "../stats/measures/activity.ts";
import {
  threadSettings,
  turnReport,
} from "../evidence/recorded/recorded_settings.ts";
import { roundedDurationOf } from "../evidence/clock/clock.ts";
import { knownCount, lostEvidence } from "../evidence/known_count.ts";
import type { TraceSession } from "../session/session.ts";
import type {
  CellStats,
  CompactionRow,
  DroppedItemsRow,
  EdgeStats,
  ModelStats,
  TerminalStats,
  ThreadRow,
  ToolStats,
  TurnRow,
} from "./show_answer.ts";
import { edgeKind } from "../session/names/edge_kind.ts";
import { lineagesOf, UNKNOWN_LINEAGE } from "../evidence/recorded/lineage.ts";
import { getOutcomes } from "../failures/outcome/outcomes.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import {
  checkpointCapture,
  historyLengths,
} from "../evidence/recorded/checkpoint.ts";
import { compactionEffect } from "../context/compaction_effect.ts";
import { mayHaveLostEnd } from "../evidence/recorded/losses.ts";
import { droppedItems } from "../evidence/links/dropped_items.ts";
import { isDeliveryUnknown } from "../evidence/links/undelivered.ts";

/** What happened, by thread, by turn, and in all. */
export interface Activities {
  /** By the thread's id. */
  ofThread(id: string): Activity;
  /** By the turn's id. */
  ofTurn(id: string): Activity;
  /** In the entire session. */
  readonly all: Activity;
}

/** Counts what happened; `failed` holds the ids of tool calls that failed. */
export function activitiesOf(
  session: TraceSession,
  failed: ReadonlySet<string>,
): Activities {
  const { trace, sessionLog } = session;
  const lost = lostEvidence(session);
  const groups = new Groups(() => new ActivityCounter());
  const all = new ActivityCounter();
  for (const call of trace.inference_calls.values()) {
    all.call(call);
    groups.of(`thread ${call.thread_id}`).call(call);
    groups.of(`turn ${call.codex_turn_id}`).call(call);
  }
  for (const request of trace.compaction_requests.values()) {
    all.compaction();
    groups.of(`thread ${request.thread_id}`).compaction();
    groups.of(`turn ${request.codex_turn_id}`).compaction();
  }
  for (const [id, tool] of trace.tool_calls) {
    const { thread_id: thread, started_by_codex_turn_id: turn } = tool;
    const isFailed = failed.has(id);
    all.tool(isFailed);
    groups.of(`thread ${thread}`).tool(isFailed);
    if (turn !== null) groups.of(`turn ${turn}`).tool(isFailed);
  }
  for (const [id, { tokens }] of sessionLog?.threads ?? []) {
    if (tokens === null) continue;
    all.reported(tokens);
    groups.of(`thread ${id}`).reported(tokens);
  }
  for (const [id, { tokens }] of sessionLog?.turns ?? []) {
    if (tokens !== null) groups.of(`turn ${id}`).reported(tokens);
  }
  return {
    ofThread: (id) => groups.of(`thread ${id}`).activity(lost),
    ofTurn: (id) => groups.of(`turn ${id}`).activity(lost),
    all: all.activity(lost),
  };
}

/** Threads, each below the one that spawned it, in order of creation. */
export function threadRows(
  session: TraceSession,
  activities: Activities,
): ThreadRow[] {
  const { trace, names } = session;
  const lineages = lineagesOf(session);
  const outcomes = getOutcomes(session);
  const lost = lostEvidence(session);
  const turns = new Map<string, number>();
  const failedTurns = new Map<string, number>();
  for (const turn of trace.codex_turns.values()) {
    const { thread_id: id } = turn;
    turns.set(id, (turns.get(id) ?? 0) + 1);
    if (outcomes.turn(turn) !== "failed") continue;
    failedTurns.set(id, (failedTurns.get(id) ?? 0) + 1);
  }
  return treeOf(trace.threads).map(([thread, depth]) => {
    const { thread_id: id, origin } = thread;
    return {
      thread: names.ref("thread", id),
      origin: origin.type,
      ...lineages.get(id) ?? UNKNOWN_LINEAGE,
      parent: origin.type !== "spawned"
        ? null
        : names.ref("thread", origin.parent_thread_id),
      depth,
      agent_path: thread.agent_path,
      nickname: thread.nickname,
      model: thread.default_model,
      outcome: outcomes.thread(id, thread.execution),
      status: thread.execution.status,
      settings: threadSettings(session, id),
      turns: knownCount(turns.get(id) ?? 0, lost.events),
      failed_turns: knownCount(failedTurns.get(id) ?? 0, lost.events),
      ...activities.ofThread(id),
    };
  });
}

/** Turns, in order of creation. */
export function turnRows(
  session: TraceSession,
  activities: Activities,
): TurnRow[] {
  const { trace, names } = session;
  const outcomes = getOutcomes(session);
  return Array.from(trace.codex_turns, ([id, turn]) => {
    const { thread_id, execution } = turn;
    return {
      turn: names.ref("turn", id),
      thread: names.ref("thread", thread_id),
      agent_path: trace.threads.get(thread_id)?.agent_path ?? thread_id,
      outcome: outcomes.turn(turn),
      status: execution.status,
      duration_ms: roundedDurationOf(session, "turn", execution),
      ...turnReport(session, id),
      ...activities.ofTurn(id),
    };
  });
}

/** Models asked, in order of their first request. */
export function modelStats(session: TraceSession): ModelStats[] {
  const { trace, sessionLog } = session;
  if (sessionLog !== undefined) {
    return sessionLog.models.map((model) => ({
      model,
      // A log has the id of the provider, not the name that it reports.
      provider_name: null,
      calls: null,
      failed_calls: null,
    }));
  }
  const lost = lostEvidence(session);
  const groups = new Groups(() => ({ calls: 0, failed: 0 }));
  for (
    const { model, provider_name, execution } of trace.inference_calls.values()
  ) {
    const group = groups.of(JSON.stringify([model, provider_name]));
    group.calls++;
    if (execution.status === "failed") group.failed++;
  }
  return Array.from(groups.entries(), ([key, { calls, failed }]) => {
    const [model, provider_name]: [string, string] = JSON.parse(key);
    const failed_calls = knownCount(failed, lost.events);
    return { model, provider_name, calls, failed_calls };
  });
}

/** Threads with their depth, children after their parent; those without one first. */
function treeOf(
  threads: ReadonlyMap<string, AgentThread>,
): [AgentThread, number][] {
  const children = new Map<string, AgentThread[]>();
  const tops: AgentThread[] = [];
  for (const thread of threads.values()) {
    const { origin } = thread;
    if (origin.type !== "spawned" || !threads.has(origin.parent_thread_id)) {
      tops.push(thread);
      continue;
    }
    const siblings = children.get(origin.parent_thread_id);
    if (siblings === undefined) children.set(origin.parent_thread_id, [thread]);
    else siblings.push(thread);
  }
  const depths = new Map<AgentThread, number>();
  // Threads that are parents of each other are below no other: the first counts as one without.
  for (const top of [...tops, ...threads.values()]) {
    const left: [AgentThread, number][] = [[top, 0]];
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [thread, depth] = next;
      if (depths.has(thread)) continue;
      depths.set(thread, depth);
      const below = children.get(thread.thread_id) ?? [];
      for (const child of below.toReversed()) left.push([child, depth + 1]);
    }
  }
  return [...depths];
}

/** Tools by kind, most called first; `failed` holds the ids of calls that failed. */
export function toolStats(
  session: TraceSession,
  failed: ReadonlySet<string>,
): ToolStats[] {
  const lost = lostEvidence(session);
  const groups = new Groups(() => ({
    calls: 0,
    failed: 0,
    incomplete: 0,
    unended: 0,
    timed: 0,
    ms: 0,
    isUnknown: false,
  }));
  for (const [id, tool] of session.trace.tool_calls) {
    const group = groups.of(toolLabel(tool));
    group.calls++;
    if (failed.has(id)) group.failed++;
    const duration = roundedDurationOf(session, "tool_call", tool.execution);
    if (tool.execution.ended_at_unix_ms === null) {
      if (mayHaveLostEnd(session, tool.execution)) group.unended++;
      else group.incomplete++;
    } else if (duration === null) group.isUnknown = true;
    else {
      group.timed++;
      group.ms += duration;
    }
  }
  return Array.from(
    groups.entries(),
    ([tool, { calls, failed, incomplete, timed, ms, ...group }]) => ({
      tool,
      calls,
      failed: knownCount(failed, lost.any),
      incomplete: knownCount(incomplete, lost.events),
      end_unknown: group.unended,
      total_ms: timed === 0 || group.isUnknown
        ? null
        : knownCount(ms, lost.events),
    }),
  ).sort((a, b) => b.calls - a.calls);
}

/** Pieces of code that models had run. */
export function cellStats(session: TraceSession): CellStats {
  const { trace } = session;
  const { any } = lostEvidence(session);
  let failed = 0;
  let nested = 0;
  for (const cell of trace.code_cells.values()) {
    if (cell.runtime_status === "failed") failed++;
    nested += cell.nested_tool_call_ids.length;
  }
  return {
    // A cell is in the graph with its source, which is in a payload.
    cells: knownCount(trace.code_cells.size, any),
    failed: knownCount(failed, any),
    nested_tool_calls: knownCount(nested, any),
  };
}

/** Processes and what was done to them. */
export function terminalStats(session: TraceSession): TerminalStats {
  const { trace } = session;
  const { any } = lostEvidence(session);
  return {
    sessions: knownCount(trace.terminal_sessions.size, any),
    operations: knownCount(trace.terminal_operations.size, any),
  };
}

/** Compactions, those that were only asked for included, in order of their first request. */
export function compactionRows(session: TraceSession): CompactionRow[] {
  const { trace, names } = session;
  const lost = lostEvidence(session);
  const asked = new Groups(() => ({
    turn: "",
    requests: new Array<ObjectRef>(),
    failed: 0,
  }));
  for (const [id, request] of trace.compaction_requests) {
    const group = asked.of(request.compaction_id);
    group.turn = request.codex_turn_id;
    group.requests.push(names.ref("compaction_request", id));
    if (request.execution.status === "failed") group.failed++;
  }
  for (const [id, { codex_turn_id: turn }] of trace.compactions) {
    asked.of(id).turn = turn;
  }
  return Array.from(asked.entries(), ([id, { turn, requests, failed }]) => {
    const installed = trace.compactions.get(id);
    const capture = installed === undefined
      ? null
      : checkpointCapture(session, installed);
    const lengths = installed && historyLengths(session, installed);
    return {
      compaction: names.ref("compaction", id),
      turn: names.ref("turn", turn),
      installed: installed !== undefined,
      items_before: lengths?.before ?? null,
      items_after: lengths?.after ?? null,
      checkpoint_capture: capture,
      effect: installed === undefined
        ? null
        : compactionEffect(session, installed),
      requests,
      failed_requests: knownCount(failed, lost.events),
    };
  });
}

/** Where items left the prompt of a thread without a recorded compaction, thread by thread. */
export function droppedRows(session: TraceSession): DroppedItemsRow[] {
  const { trace, names } = session;
  return [...trace.threads.keys()].flatMap((thread) =>
    droppedItems(session, thread).map(({ call, items }) => ({
      call: names.ref("inference_call", call.inference_call_id),
      items: items.map((id) => names.ref("item", id)),
    }))
  );
}

/** What passed between agents, by kind, in order of first use. */
export function edgeStats(session: TraceSession): EdgeStats[] {
  const { trace } = session;
  const { any } = lostEvidence(session);
  const groups = new Map<
    EdgeStats["edge_kind"],
    { count: number; lost: number; unknown: number }
  >();
  for (const edge of trace.interaction_edges.values()) {
    const { ended_at_unix_ms: ended } = edge;
    const kind = edgeKind(trace, edge);
    const group = groups.get(kind) ?? { count: 0, lost: 0, unknown: 0 };
    group.count++;
    if (isDeliveryUnknown(session, edge)) group.unknown++;
    else if (ended === null) group.lost++;
    groups.set(kind, group);
  }
  return Array.from(groups, ([edge_kind, { count, lost, unknown }]) => ({
    edge_kind,
    count,
    undelivered: knownCount(lost, any),
    delivery_unknown: unknown,
  }));
}
