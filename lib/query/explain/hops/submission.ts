/**
 * Turns that a tool call of another agent began: its result names the turn.
 *
 * @module
 */

import type { ToolCall } from "../../../graph/runtime.ts";
import { payloadObject, textIn } from "../../failures/payload_text.ts";
import type { Hop } from "../hop.ts";
import type { Scene } from "../scene.ts";

/** Results with this word in them are looked into. */
const KEY = "submission_id";
/** Calls that are looked through for the one that began a turn. */
const MOST_CALLS = 500;

/** The turn whose id the result of a call gives as that of what it submitted. */
export function turnBegunBy(scene: Scene, tool: ToolCall): Hop[] {
  const turn = submitted(scene, tool);
  return turn === null ? [] : [scene.hop(
    "began_turn",
    { kind: "turn", id: turn },
    ["tool_call", tool.tool_call_id, "end"],
    ["turn", turn, "start"],
  )];
}

/** The call of another agent that began a turn. */
export function callThatBegan(scene: Scene, turn: string): Hop[] {
  const thread = scene.trace.codex_turns.get(turn)?.thread_id;
  if (thread === undefined || !isSpawned(scene, thread)) return [];
  return scene.submissions.filter((tool) => tool.thread_id !== thread)
    .slice(0, MOST_CALLS)
    .filter((tool) => submitted(scene, tool) === turn)
    .map(({ tool_call_id: id }) =>
      scene.hop(
        "begun_by",
        { kind: "tool_call", id },
        ["tool_call", id, "end"],
      )
    );
}

function isSpawned({ trace }: Scene, thread: string): boolean {
  return trace.threads.get(thread)?.origin.type === "spawned";
}

function submitted({ session, trace }: Scene, tool: ToolCall): string | null {
  if (!maySubmit(tool)) return null;
  const result = payloadObject(session, tool.raw_result_payload_id);
  const output = textIn(result ?? undefined, "response_item", "output");
  const id = output === null ? null : textIn(parsed(output), KEY);
  const turn = id === null ? undefined : trace.codex_turns.get(id);
  return turn === undefined || turn.thread_id === tool.thread_id ? null : id;
}

/** Whether a call is of a tool that can give an agent something to do. */
export function maySubmit({ kind, requester }: ToolCall): boolean {
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
