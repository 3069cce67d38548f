/**
 * Turns that another agent interrupted, and the tool call that did it.
 *
 * @module
 */

import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import type { ToolCall } from "../../../graph/runtime.ts";
import type { CodexTurn } from "../../../graph/session.ts";
import { threadOfAnchor } from "./graph_links.ts";

/**
 * The call of another agent that ended each turn before its time, by the id of the turn: the last
 * that closed or interrupted the thread while the turn ran.
 */
export function interruptedTurns(
  trace: RolloutTrace,
): ReadonlyMap<string, ToolCall> {
  const calls = callsByTarget(trace);
  const found = new Map<string, ToolCall>();
  for (const [id, turn] of trace.codex_turns) {
    const { status } = turn.execution;
    if (status !== "cancelled" && status !== "aborted") continue;
    const call = calls.get(turn.thread_id)
      ?.findLast((each) => ranDuring(each, turn));
    if (call !== undefined) found.set(id, call);
  }
  return found;
}

/** Calls that closed or interrupted an agent, by its thread, in the order of their starts. */
function callsByTarget(trace: RolloutTrace): Map<string, ToolCall[]> {
  const found = new Map<string, ToolCall[]>();
  for (const { kind, source, target } of trace.interaction_edges.values()) {
    if (kind !== "close_agent" || source.type !== "tool_call") continue;
    const thread = threadOfAnchor(trace, target);
    const call = trace.tool_calls.get(source.tool_call_id);
    if (thread === undefined || call === undefined) continue;
    const before = found.get(thread);
    if (before === undefined) found.set(thread, [call]);
    else before.push(call);
  }
  for (const calls of found.values()) {
    calls.sort((a, b) =>
      a.execution.started_seq < b.execution.started_seq ? -1 : 1
    );
  }
  return found;
}

/** Whether a call started while a turn ran. The order of the log holds also where clocks jump. */
function ranDuring(
  call: ToolCall,
  { execution, thread_id }: CodexTurn,
): boolean {
  const { started_seq: start } = call.execution;
  return call.thread_id !== thread_id && start > execution.started_seq &&
    execution.ended_seq !== null && start < execution.ended_seq;
}
