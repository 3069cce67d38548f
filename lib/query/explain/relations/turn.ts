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

/** What the first request of a turn brought, its thread, and what interrupted it. */
export function turnOrigin(context: ExplainContext, id: string): Link[] {
  const turn = context.trace.codex_turns.get(id);
  if (turn === undefined) return [];
  const [first] = requestsOf(context, id);
  const call = first === undefined
    ? undefined
    : context.trace.inference_calls.get(first);
  return [
    context.link(
      "part_of",
      { kind: "thread", id: turn.thread_id },
      ["turn", id, "start"],
    ),
    ...callThatStarted(context, id),
    ...interruption(context, id),
    ...call === undefined ? [] : promptsOf(context, call),
  ];
}

/** The call of another agent that interrupted a turn. */
function interruption(context: ExplainContext, id: string): Link[] {
  const call = context.interruptedTurns.get(id)?.tool_call_id;
  return call === undefined ? [] : [context.link(
    "interrupted_by",
    { kind: "tool_call", id: call },
    ["tool_call", call, "start"],
    ["turn", id, "end"],
  )];
}

/** The requests, tool calls and compactions of a turn. */
export function turnLeads(context: ExplainContext, id: string): Link[] {
  const ran = context.links.to("turn", id, "turn").flatMap(
    ({ from }): Link[] => {
      const link = (
        relation: "made_request" | "ran_tool" | "compacted",
      ): Link => ({
        ...context.link(relation, from, [from.kind, from.id, "start"]),
        leaf: true,
      });
      switch (from.kind) {
        case "inference_call":
        case "compaction_request":
          return [link("made_request")];
        case "tool_call":
          return [link("ran_tool")];
        case "compaction":
          return [link("compacted")];
        default:
          return [];
      }
    },
  );
  return [...undeliveredResultLinks(context, "turn", id), ...ran];
}

function requestsOf(context: ExplainContext, id: string): string[] {
  return context.links.to("turn", id, "turn")
    .filter(({ from }) => from.kind === "inference_call")
    .map(({ from }) => from.id);
}
