/**
 * What began a turn, and what ran in it.
 *
 * @module
 */

import type { Hop } from "../hop.ts";
import type { Scene } from "../scene.ts";
import { promptsOf } from "./request.ts";
import { callThatBegan } from "./submission.ts";
import { neverDelivered } from "./undelivered.ts";

/** What the first request of a turn brought, and the thread. */
export function turnOrigin(scene: Scene, id: string): Hop[] {
  const turn = scene.trace.codex_turns.get(id);
  if (turn === undefined) return [];
  const [first] = requestsOf(scene, id);
  const call = first === undefined
    ? undefined
    : scene.trace.inference_calls.get(first);
  return [
    scene.hop(
      "part_of",
      { kind: "thread", id: turn.thread_id },
      ["turn", id, "start"],
    ),
    ...callThatBegan(scene, id),
    ...call === undefined ? [] : promptsOf(scene, call),
  ];
}

/** The requests, tool calls and compactions of a turn. */
export function turnLeads(scene: Scene, id: string): Hop[] {
  const ran = scene.links.to("turn", id, "turn").flatMap(({ from }): Hop[] => {
    const hop = (relation: "made_request" | "ran_tool" | "compacted"): Hop => ({
      ...scene.hop(relation, from, [from.kind, from.id, "start"]),
      leaf: true,
    });
    switch (from.kind) {
      case "inference_call":
      case "compaction_request":
        return [hop("made_request")];
      case "tool_call":
        return [hop("ran_tool")];
      case "compaction":
        return [hop("compacted")];
      default:
        return [];
    }
  });
  return [...neverDelivered(scene, "turn", id), ...ran];
}

function requestsOf(scene: Scene, id: string): string[] {
  return scene.links.to("turn", id, "turn")
    .filter(({ from }) => from.kind === "inference_call")
    .map(({ from }) => from.id);
}
