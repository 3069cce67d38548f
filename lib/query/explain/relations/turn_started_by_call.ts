/**
 * Links of turns that a tool call of another agent started: its result names the turn.
 *
 * @module
 */

import type { ToolCall } from "../../../graph/runtime.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";
import { startedTurn } from "../started_turns.ts";

/** The turn that the result of a call names. */
export function turnStartedBy(context: ExplainContext, tool: ToolCall): Link[] {
  const turn = startedTurn(context.session, tool);
  return turn === null ? [] : [context.link(
    "started_turn",
    { kind: "turn", id: turn },
    ["tool_call", tool.tool_call_id, "end"],
    ["turn", turn, "start"],
  )];
}

/** The call of another agent that started a turn. */
export function callThatStarted(context: ExplainContext, turn: string): Link[] {
  const thread = context.trace.codex_turns.get(turn)?.thread_id;
  if (thread === undefined || !isSpawned(context, thread)) return [];
  return context.callsThatStarted(turn).map(({ tool_call_id: id }) =>
    context.link("started_by", { kind: "tool_call", id }, [
      "tool_call",
      id,
      "end",
    ])
  );
}

function isSpawned({ trace }: ExplainContext, thread: string): boolean {
  return trace.threads.get(thread)?.origin.type === "spawned";
}
