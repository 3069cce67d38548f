/**
 * What began a turn, and what ran in it.
 *
 * @module
 */

import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";
import { promptsOf } from "./request.ts";
import { callThatStarted } from "./turn_started_by_call.ts";
import { undeliveredResultLinks } from "./undelivered.ts";

/** What the first request of a turn brought, and the thread. */
export function turnOrigin(scene: ExplainContext, id: string): Link[] {
  const turn = scene.trace.codex_turns.get(id);
  if (turn === undefined) return [];
  const [first] = requestsOf(scene, id);
  const call = first === undefined
    ? undefined
    : scene.trace.inference_calls.get(first);
  return [
    scene.link(
      "part_of",
      { kind: "thread", id: turn.thread_id },
      ["turn", id, "start"],
    ),
    ...callThatStarted(scene, id),
    ...call === undefined ? [] : promptsOf(scene, call),
  ];
}

/** The requests, tool calls and compactions of a turn. */
export function turnLeads(scene: ExplainContext, id: string): Link[] {
  const ran = scene.links.to("turn", id, "turn").flatMap(({ from }): Link[] => {
    const hop = (
      relation: "made_request" | "ran_tool" | "compacted",
    ): Link => ({
      ...scene.link(relation, from, [from.kind, from.id, "start"]),
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
  return [...undeliveredResultLinks(scene, "turn", id), ...ran];
}

function requestsOf(scene: ExplainContext, id: string): string[] {
  return scene.links.to("turn", id, "turn")
    .filter(({ from }) => from.kind === "inference_call")
    .map(({ from }) => from.id);
}
