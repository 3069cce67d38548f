/**
 * Links of messages and results that arrived while an agent waited for others.
 *
 * What ended a wait is not recorded. Two things are: what arrived while it ran, and what the
 * next request showed together with its output.
 *
 * @module
 */

import type { InteractionEdge, ToolCall } from "../../../graph/runtime.ts";
import { seqOf } from "../../evidence/links/evidence.ts";
import { threadOfAnchor } from "../../evidence/links/graph_links.ts";
import type { Link } from "../link.ts";
import type { ExplainContext } from "../explain_context.ts";

/** The waits of the receiving thread during which an edge arrived, or with whose output its item was shown. */
export function waitsFor(
  context: ExplainContext,
  edge: InteractionEdge,
): Link[] {
  if (!isMessage(edge)) return [];
  const thread = threadOfAnchor(context.trace, edge.target);
  return context.waitsOf(thread).flatMap((tool) => {
    const note = deliveredWith(context, edge, tool);
    const { tool_call_id: id } = tool;
    return note === null ? [] : {
      ...context.link(
        "waited_for_by_call",
        { kind: "tool_call", id },
        ["tool_call", id, "start"],
        ["tool_call", id, "end"],
      ),
      note: note === "during"
        ? "it arrived during it"
        : "shown with its output",
      beganBefore: true,
      leaf: true,
    };
  });
}

/** The edges that arrived while a call waited for agents, or whose items were shown with its output. */
export function receivedDuring(
  context: ExplainContext,
  tool: ToolCall,
): Link[] {
  if (tool.kind.type !== "wait_agent") return [];
  return context.links.edgesOf(tool.thread_id).into.filter(isMessage)
    .flatMap((edge) => {
      const note = deliveredWith(context, edge, tool);
      return note === null ? [] : {
        ...context.alongEdge("received_during_wait", edge.edge_id),
        note: note === "during" ? "during it arrived" : "shown with its output",
        beganBefore: true,
      };
    });
}

function isMessage({ kind }: InteractionEdge): boolean {
  return kind === "agent_result" || kind === "send_message" ||
    kind === "assign_agent_task";
}

function deliveredWith(
  context: ExplainContext,
  edge: InteractionEdge,
  tool: ToolCall,
): "during" | "shown" | null {
  if (arrivedDuring(context, edge, tool)) return "during";
  const { carriers } = context.links;
  const { target } = edge;
  const item = target.type === "conversation_item" ? target.item_id : "";
  const shown = carriers.requests(item).first;
  const isTogether = shown !== null &&
    tool.model_visible_output_item_ids.some((output) =>
      carriers.requests(output).first === shown
    );
  return isTogether ? "shown" : null;
}

/** Whether the events that brought an edge were recorded while a call ran. */
function arrivedDuring(
  context: ExplainContext,
  edge: InteractionEdge,
  { execution }: ToolCall,
): boolean {
  const { started_seq: first, ended_seq: last } = execution;
  const { ended_at_unix_ms: at } = edge;
  if (context.session.log !== null) {
    return context.edgeEvidence(edge.edge_id).slice(-1).some((each) =>
      first < seqOf(each) && (last === null || last > seqOf(each))
    );
  }
  const { started_at_unix_ms: from, ended_at_unix_ms: to } = execution;
  return at !== null && from <= at && (to === null || to >= at);
}
