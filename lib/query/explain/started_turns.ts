/**
 * Turns that tool calls of other agents started: the result of such a call names the turn.
 *
 * @module
 */

import {
  objectIn,
  payloadObject,
  textIn,
} from "../evidence/recorded/payload_fields.ts";
import type { ToolCall } from "../../graph/runtime.ts";
import type { TraceSession } from "../session/session.ts";

/** The member of a result with the id of the turn. */
const KEY = "submission_id";
/** Calls whose results are read at most. */
const MAX_CALLS = 1000;

/** Calls by the turn that each started. Reads each result once. */
export function callsByTurnStarted(
  session: TraceSession,
): Map<string, ToolCall[]> {
  const calls = [...session.trace.tool_calls.values()].filter(maySubmit)
    .slice(0, MAX_CALLS);
  const started = new Map<string, ToolCall[]>();
  for (const call of calls) {
    const turn = startedTurn(session, call);
    if (turn === null) continue;
    const found = started.get(turn);
    if (found === undefined) started.set(turn, [call]);
    else found.push(call);
  }
  return started;
}

/** The turn of another agent that a call started; null where it started none. */
export function startedTurn(
  session: TraceSession,
  tool: ToolCall,
): string | null {
  if (!maySubmit(tool)) return null;
  const result = payloadObject(session, tool.raw_result_payload_id);
  const output = textIn(result ?? undefined, "response_item", "output");
  const id = output === null ? null : textIn(objectIn(output), KEY);
  const turn = id === null ? undefined : session.trace.codex_turns.get(id);
  return turn === undefined || turn.thread_id === tool.thread_id ? null : id;
}

/** Whether a call is of a tool that can give work to an agent. */
function maySubmit({ kind, requester }: ToolCall): boolean {
  return requester.type === "model" &&
    (kind.type === "send_message" || kind.type === "assign_agent_task" ||
      (kind.type === "other" && kind.name.endsWith("send_input")));
}
