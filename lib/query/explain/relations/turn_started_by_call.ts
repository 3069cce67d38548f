/**
 * Turns that a tool call of another agent began: its result names the turn.
 *
 * @module
 */

import type { ToolCall } from "../../../graph/runtime.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";
import { startedTurn } from "../started_turns.ts";

/** The turn whose id the result of a call gives as that of what it submitted. */
export function turnStartedBy(scene: ExplainContext, tool: ToolCall): Link[] {
  const turn = startedTurn(scene.session, tool);
  return turn === null ? [] : [scene.link(
    "started_turn",
    { kind: "turn", id: turn },
    ["tool_call", tool.tool_call_id, "end"],
    ["turn", turn, "start"],
  )];
}

/** The call of another agent that began a turn. */
export function callThatStarted(scene: ExplainContext, turn: string): Link[] {
  const thread = scene.trace.codex_turns.get(turn)?.thread_id;
  if (thread === undefined || !isSpawned(scene, thread)) return [];
  return scene.callsThatStarted(turn).map(({ tool_call_id: id }) =>
    scene.link("started_by", { kind: "tool_call", id }, [
      "tool_call",
      id,
      "end",
    ])
  );
}

function isSpawned({ trace }: ExplainContext, thread: string): boolean {
  return trace.threads.get(thread)?.origin.type === "spawned";
}
