/**
 * What the data of the page states about a session.
 *
 * @module
 */

import type { TraceSession } from "../../../lib/query/session/session.ts";
import { buildReport } from "../../../lib/report/build/build_report.ts";
import {
  type PackedTable,
  unpackTable,
} from "../../../lib/report/packed_table.ts";
import { USAGE_KEYS } from "./fact.ts";
import type { Raw } from "./raw_session.ts";
import { type Statement, Statements } from "./statement.ts";

const OPTIONS = { version: "0", payloads: "none", maxPayloadBytes: 0 } as const;

/** The values of the page's tables that a log knows as well. */
export function pageStatements(session: TraceSession): Statement[] {
  const { data } = buildReport(session, OPTIONS);
  const stated = new Statements("page");
  const rows = (table: PackedTable) => unpackTable<Raw>(table, data.strings);
  stated.add("session", "", {
    trace_id: data.session.trace_id,
    rollout_id: data.session.rollout_id,
    status: data.session.status,
    started_at: data.session.started,
    ended_at: data.session.ended,
    events: data.events,
    outcome: data.show.identity.outcome,
  });
  for (const row of rows(data.rows.threads)) {
    addRun(stated, "thread", row);
    stated.add("thread", row.id, {
      agent_path: row.agent_path,
      nickname: row.nickname,
      model: row.model,
      origin: row.origin_type,
      parent: row.parent_id,
    });
  }
  for (const row of rows(data.rows.turns)) {
    addRun(stated, "turn", row);
    stated.add("turn", row.id, { thread: row.thread_id });
  }
  for (const row of rows(data.rows.calls)) {
    addRun(stated, "call", row);
    stated.add("call", row.id, {
      thread: row.thread_id,
      turn: row.turn_id,
      model: row.model,
      ...Object.fromEntries(
        // The page has large integers as digits.
        USAGE_KEYS.map((key) => [key, row.usage && Number(row.usage[key])]),
      ),
    });
  }
  for (const row of rows(data.rows.summaries)) {
    addRun(stated, "creq", row);
    stated.add("creq", row.id, {
      thread: row.thread_id,
      turn: row.turn_id,
      model: row.model,
    });
  }
  for (const row of rows(data.rows.tools)) {
    addRun(stated, "tool", row);
    stated.add("tool", row.id, {
      thread: row.thread_id,
      turn: row.turn_id,
      // The page has a name of its own for a tool of an MCP server.
      tool: row.kind === "mcp" ? undefined : row.label,
      requester: row.requester_cell_id === null ? "model" : "code_cell",
      requester_cell: row.requester_cell_id ?? undefined,
    });
  }
  for (const row of rows(data.rows.cells)) {
    addRun(stated, "cell", row);
    stated.add("cell", row.id, { thread: row.thread_id, turn: row.turn_id });
  }
  for (const row of rows(data.rows.operations)) {
    stated.add("tool", row.tool_id, { exit_code: row.exit_code });
  }
  for (const row of rows(data.rows.edges)) {
    stated.add("edge", row.id, {
      kind: row.kind,
      from: row.source_thread_id,
      to: row.target_thread_id,
      source_tool: row.source[0] === "tool_call" ? row.source[1] : undefined,
      is_there: true,
    });
  }
  for (const row of rows(data.rows.compactions)) {
    stated.add("comp", row.id, {
      thread: row.thread_id,
      turn: row.turn_id,
      items_before: row.items_before,
      items_after: row.items_after,
    });
  }
  return stated.all;
}

function addRun(stated: Statements, kind: string, row: Raw): void {
  stated.add(kind, row.id, {
    status: kind === "cell" ? undefined : row.status,
    started_seq: row.is_start_lost ? null : row.started_seq,
    ended_seq: row.ended_seq,
    started_at: row.is_start_lost ? null : row.started,
    ended_at: row.ended,
  });
}
