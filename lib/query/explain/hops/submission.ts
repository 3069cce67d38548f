/**
 * Turns that a tool call of another agent began: its result names the turn.
 *
 * @module
 */

import type { ToolCall } from "../../../graph/runtime.ts";
import type { Session } from "../../session/session.ts";
import { payloadObject, textIn } from "../../failures/error_text.ts";
import type { Hop } from "../hop.ts";
import type { Scene } from "../scene.ts";

/** Results with this word in them are looked into. */
const KEY = "submission_id";
/** Calls that are looked through for those that began turns. */
const MOST_CALLS = 1000;

/** The turn whose id the result of a call gives as that of what it submitted. */
export function turnBegunBy(scene: Scene, tool: ToolCall): Hop[] {
  const turn = submitted(scene.session, tool);
  return turn === null ? [] : [scene.hop(
    "started_turn",
    { kind: "turn", id: turn },
    ["tool_call", tool.tool_call_id, "end"],
    ["turn", turn, "start"],
  )];
}

/** The call of another agent that began a turn. */
export function callThatBegan(scene: Scene, turn: string): Hop[] {
  const thread = scene.trace.codex_turns.get(turn)?.thread_id;
  if (thread === undefined || !isSpawned(scene, thread)) return [];
  return scene.callsThatBegan(turn).map(({ tool_call_id: id }) =>
    scene.hop("started_by", { kind: "tool_call", id }, ["tool_call", id, "end"])
  );
}

/** Calls by the turn that each began; a result is read once, however many turns are asked of. */
export function callsByTurnBegun(session: Session): Map<string, ToolCall[]> {
  const calls = [...session.trace.tool_calls.values()].filter(maySubmit)
    .slice(0, MOST_CALLS);
  const begun = new Map<string, ToolCall[]>();
  for (const call of calls) {
    const turn = submitted(session, call);
    if (turn === null) continue;
    const found = begun.get(turn);
    if (found === undefined) begun.set(turn, [call]);
    else found.push(call);
  }
  return begun;
}

function isSpawned({ trace }: Scene, thread: string): boolean {
  return trace.threads.get(thread)?.origin.type === "spawned";
}

function submitted(session: Session, tool: ToolCall): string | null {
  if (!maySubmit(tool)) return null;
  const result = payloadObject(session, tool.raw_result_payload_id);
  const output = textIn(result ?? undefined, "response_item", "output");
  const id = output === null ? null : textIn(parsed(output), KEY);
  const turn = id === null ? undefined : session.trace.codex_turns.get(id);
  return turn === undefined || turn.thread_id === tool.thread_id ? null : id;
}

/** Whether a call is of a tool that can give an agent something to do. */
function maySubmit({ kind, requester }: ToolCall): boolean {
  return requester.type === "model" &&
    (kind.type === "send_message" || kind.type === "assign_agent_task" ||
      (kind.type === "other" && kind.name.endsWith("send_input")));
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
