/**
 * How much of each sort of thing a session used: tools, cells, terminals, compactions, edges.
 *
 * @module
 */

import { Groups } from "../stats/measures/activity.ts";
import { durationOf } from "../stats/measures/latencies.ts";
import { toolLabel } from "../session/names/tool_name.ts";
import type { ObjectRef } from "../session/names/object_kind.ts";
import {
  checkpointCapture,
  historyLengths,
} from "../evidence/recorded/checkpoint.ts";
import { isDeliveryUnknown } from "../evidence/recorded/delivery.ts";
import type { Session } from "../session/session.ts";
import type {
  CellStats,
  CompactionRow,
  EdgeStats,
  TerminalStats,
  ToolStats,
} from "./show_answer.ts";

/** Tools by kind, most called first; `failed` holds the ids of calls that failed. */
export function toolUses(
  { trace }: Session,
  failed: ReadonlySet<string>,
): ToolStats[] {
  const groups = new Groups(() => ({
    calls: 0,
    failed: 0,
    incomplete: 0,
    ms: 0,
  }));
  for (const [id, tool] of trace.tool_calls) {
    const group = groups.of(toolLabel(tool.kind));
    group.calls++;
    if (failed.has(id)) group.failed++;
    const duration = durationOf(tool.execution);
    if (duration === null) group.incomplete++;
    else group.ms += duration;
  }
  return Array.from(
    groups.entries(),
    ([tool, { calls, failed, incomplete, ms }]) => ({
      tool,
      calls,
      failed,
      incomplete,
      total_ms: ms,
    }),
  ).sort((a, b) => b.calls - a.calls);
}

/** Pieces of code that models had run. */
export function cellUse({ trace }: Session): CellStats {
  let failed = 0;
  let nested = 0;
  for (const cell of trace.code_cells.values()) {
    if (cell.runtime_status === "failed") failed++;
    nested += cell.nested_tool_call_ids.length;
  }
  return { cells: trace.code_cells.size, failed, nested_tool_calls: nested };
}

/** Processes and what was done to them. */
export function terminalUse({ trace }: Session): TerminalStats {
  return {
    sessions: trace.terminal_sessions.size,
    operations: trace.terminal_operations.size,
  };
}

/** Compactions, those that were only asked for included, in order of their first request. */
export function compactionRows(session: Session): CompactionRow[] {
  const { trace, names } = session;
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
      requests,
      failed_requests: failed,
    };
  });
}

/** What passed between agents, by kind, in order of first use. */
export function edgeUses(session: Session): EdgeStats[] {
  const { trace } = session;
  const groups = new Map<
    EdgeStats["edge_kind"],
    { count: number; lost: number; unknown: number }
  >();
  for (const edge of trace.interaction_edges.values()) {
    const { kind, ended_at_unix_ms: ended } = edge;
    const group = groups.get(kind) ?? { count: 0, lost: 0, unknown: 0 };
    group.count++;
    if (isDeliveryUnknown(session, edge)) group.unknown++;
    else if (ended === null) group.lost++;
    groups.set(kind, group);
  }
  return Array.from(groups, ([edge_kind, { count, lost, unknown }]) => ({
    edge_kind,
    count,
    undelivered: lost,
    delivery_unknown: unknown,
  }));
}
