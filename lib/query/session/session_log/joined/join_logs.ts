/**
 * Makes one graph of the logs of a session.
 *
 * Each log numbers its lines from 1. In the joined graph the lines of all are numbered together, in the
 * order in which they were written: the threads of a session are of one process, and of one clock.
 *
 * @module
 */

import {
  conversationItemId,
  terminalOperationId,
} from "../../../../format/ids.ts";
import type { RolloutTrace } from "../../../../graph/rollout_trace.ts";
import type { ExecutionWindow } from "../../../../graph/session.ts";
import type {
  ReportedTokens,
  SessionLog,
  SessionLogFacts,
  UnknownLine,
} from "../session_log.ts";
import { agentEdges } from "./agent_edges.ts";
import { LineOrder } from "./line_order.ts";
import { JoinedObjects, LogPart } from "./log_part.ts";

/** A graph, what else the logs have, and the number of each line. */
export interface JoinedLogs {
  /** The graph. */
  readonly trace: RolloutTrace;
  /** What the logs have besides. */
  readonly facts: SessionLogFacts;
  /** The numbers. */
  readonly order: LineOrder;
}

/**
 * Joins the logs of different threads.
 *
 * @param logs In order of creation: a log that repeats turns of another one is behind it.
 * @param top The one of the thread that the graph has as root.
 */
export function joinLogs(
  logs: readonly SessionLog[],
  top: SessionLog,
): JoinedLogs {
  const order = new LineOrder(logs);
  const joined = new JoinedObjects();
  const parts = logs.map((log, at) =>
    new LogPart(log, (line) => order.seqOf(at, line), joined)
  );
  addItems(joined, parts);
  addOperations(joined, parts);
  for (const part of parts) part.addTo(joined);
  const { prompt } = top.facts;
  const all = logs.map(({ facts }) => facts);
  return {
    trace: graphOf(joined, top.trace),
    facts: {
      ...top.facts,
      models: [...new Set(all.flatMap(({ models }) => models))],
      tokens: sumOf(all.flatMap(({ tokens }) => tokens ?? [])),
      threads: joined.threadFacts,
      turns: joined.turnFacts,
      lost_starts: joined.lostStarts,
      prompt: prompt === null
        ? null
        : parts[logs.indexOf(top)]?.itemIds.get(prompt) ?? null,
      elements: joined.elements,
      unknown_lines: countsOf(all.flatMap((each) => each.unknown_lines)),
    },
    order,
  };
}

/** Adds the items, numbered in the order of their lines, as the reducer numbers them. */
function addItems(joined: JoinedObjects, parts: readonly LogPart[]): void {
  const all = parts.flatMap((part) =>
    [...part.log.trace.conversation_items.values()].map((item) => ({
      part,
      item,
      seq: part.seqOf(item.accepted_seq ?? 0),
    }))
  );
  all.sort((a, b) => a.seq - b.seq);
  for (const [at, { part, item, seq }] of all.entries()) {
    const id = conversationItemId(at + 1);
    part.itemIds.set(item.item_id, id);
    joined.items.set(id, { ...item, item_id: id, accepted_seq: seq });
  }
}

/** Adds the operations of tool calls that are not repeated, numbered as the items are. */
function addOperations(joined: JoinedObjects, parts: readonly LogPart[]): void {
  const all = parts.flatMap((part) =>
    [...part.log.trace.terminal_operations.values()]
      .filter(({ tool_call_id: tool }) => part.toolIds.has(tool))
      .map((operation) => ({
        part,
        operation,
        seq: part.seqOf(operation.execution.started_seq),
      }))
  );
  all.sort((a, b) => a.seq - b.seq);
  for (const [at, { part, operation }] of all.entries()) {
    const id = terminalOperationId(at + 1);
    part.operationIds.set(operation.operation_id, id);
    joined.operations.set(id, part.operation(operation, id));
  }
}

function graphOf(joined: JoinedObjects, top: RolloutTrace): RolloutTrace {
  const graph: RolloutTrace = {
    ...top,
    threads: inOrder(joined.threads),
    codex_turns: inOrder(joined.turns),
    conversation_items: joined.items,
    tool_calls: inOrder(joined.tools),
    terminal_operations: joined.operations,
    compactions: joined.compactions,
  };
  return { ...graph, interaction_edges: agentEdges(graph, joined.activities) };
}

function inOrder<T extends { readonly execution: ExecutionWindow }>(
  objects: ReadonlyMap<string, T>,
): Map<string, T> {
  const seqOf = ({ execution }: T) => Number(execution.started_seq);
  return new Map([...objects].sort(([, a], [, b]) => seqOf(a) - seqOf(b)));
}

/** The sum of what threads report; null where one has no such count. */
function sumOf(all: readonly ReportedTokens[]): ReportedTokens | null {
  const sum = (key: keyof ReportedTokens) =>
    all.reduce(
      (before: number | null, { [key]: count }) =>
        before === null || count === null ? null : before + Number(count),
      0,
    );
  return all.length === 0 ? null : {
    input_tokens: sum("input_tokens"),
    cached_input_tokens: sum("cached_input_tokens"),
    cache_write_input_tokens: sum("cache_write_input_tokens"),
    output_tokens: sum("output_tokens"),
    reasoning_output_tokens: sum("reasoning_output_tokens"),
  };
}

function countsOf(lines: readonly UnknownLine[]): UnknownLine[] {
  const counts = new Map<string, number>();
  for (const { line_type, count } of lines) {
    counts.set(line_type, (counts.get(line_type) ?? 0) + count);
  }
  return Array.from(counts, ([line_type, count]) => ({ line_type, count }));
}
