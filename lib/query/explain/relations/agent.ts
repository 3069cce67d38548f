/**
 * Links of threads and edges: spawned, messaged, assigned tasks, closed, results.
 *
 * @module
 */

import type { InteractionEdge } from "../../../graph/runtime.ts";
import { anchored, threadOfAnchor } from "../../evidence/links/graph_links.ts";
import { type EdgeKind, edgeKind } from "../../session/names/edge_kind.ts";
import type { Link } from "../link.ts";
import type { LeadRelation, OriginRelation, Relation } from "../relation.ts";
import type { ExplainContext } from "../explain_context.ts";
import { missingResults, undeliveredResultLinks } from "./undelivered.ts";
import { waitsFor } from "./received_while_waiting.ts";

/** What an edge starts at. */
export function edgeOrigin(context: ExplainContext, id: string): Link[] {
  const edge = context.trace.interaction_edges.get(id);
  if (edge === undefined) return [];
  const source = anchored(edge.source);
  return [context.link(
    "sent_by",
    source,
    [source.kind, source.id, source.kind === "item" ? "all" : "start"],
  )];
}

/** Where an edge leads, what else passed along it, and who was waiting for it. */
export function edgeLeads(context: ExplainContext, id: string): Link[] {
  const edge = context.trace.interaction_edges.get(id);
  if (edge === undefined) return [];
  const target = anchored(edge.target);
  const reached = target.kind === "thread"
    ? "reached_thread"
    : "delivered_into";
  return [
    context.link(reached, target, [target.kind, target.id, "all"]),
    ...edge.carried_item_ids.filter((item) => item !== target.id).map((item) =>
      context.link(
        "carried_item",
        { kind: "item", id: item },
        ["item", item, "all"],
      )
    ),
    ...reachedThread(context, edge),
    ...waitsFor(context, edge),
  ];
}

/** The thread that a spawn began, where the edge leads to its first message. */
function reachedThread(context: ExplainContext, edge: InteractionEdge): Link[] {
  if (edge.kind !== "spawn_agent" || edge.target.type === "thread") return [];
  const thread = threadOfAnchor(context.trace, edge.target);
  return thread === undefined ? [] : [context.link(
    "reached_thread",
    { kind: "thread", id: thread },
    ["thread", thread, "start"],
  )];
}

const INTO: Readonly<Record<EdgeKind, OriginRelation | LeadRelation>> = {
  spawn_agent: "spawned_by",
  assign_agent_task: "task_assigned_by",
  send_message: "messaged_by",
  agent_result: "received_result",
  close_agent: "closed_by",
  interrupt_agent: "interrupted_by",
};

const OUT: Readonly<Record<EdgeKind, LeadRelation>> = {
  spawn_agent: "spawned",
  assign_agent_task: "assigned_task",
  send_message: "sent_message",
  agent_result: "reported_result",
  close_agent: "closed",
  interrupt_agent: "interrupted",
};

/** The spawning thread, and messages of other agents. */
export function threadOrigin(context: ExplainContext, id: string): Link[] {
  const thread = context.trace.threads.get(id);
  if (thread === undefined) return [];
  const links = context.links.edgesOf(id).into.flatMap((edge) => {
    const relation = INTO[edgeKind(context.trace, edge)];
    return relation === "received_result" || endsWork(relation)
      ? []
      : context.alongEdge(relation, edge.edge_id);
  });
  const { origin } = thread;
  const isKnown = links.some(({ relation }) => relation === "spawned_by");
  if (origin.type !== "spawned" || isKnown) return links;
  return [
    context.link(
      "child_of",
      { kind: "thread", id: origin.parent_thread_id },
      ["thread", id, "start"],
    ),
    ...links,
  ];
}

/** What a thread did among agents, what closed or interrupted it, and its turns. */
export function threadLeads(context: ExplainContext, id: string): Link[] {
  const { out, into } = context.links.edgesOf(id);
  return [
    ...out.map((edge) =>
      context.alongEdge(OUT[edgeKind(context.trace, edge)], edge.edge_id)
    ),
    ...into.flatMap((edge) => {
      const relation = INTO[edgeKind(context.trace, edge)];
      if (relation === "received_result") {
        return context.alongEdge(relation, edge.edge_id);
      }
      return endsWork(relation) ? ending(context, relation, edge) : [];
    }),
    ...undeliveredResultLinks(context, "thread", id),
    ...missingResults(context, id),
    ...(context.reports.get(id) ?? []).map((item): Link => ({
      ...context.link(
        "result_reported_in",
        { kind: "item", id: item },
        ["item", item, "all"],
      ),
      leaf: true,
    })),
    ...context.links.to("thread", id, "thread")
      .filter(({ from }) => from.kind === "turn")
      .map(({ from }): Link => ({
        ...context.link("contains_turn", from, ["turn", from.id, "start"]),
        leaf: true,
      })),
  ];
}

/** Whether a relation is to what closed or interrupted a thread. */
function endsWork(relation: Relation): boolean {
  return relation === "closed_by" || relation === "interrupted_by";
}

/** What closed or interrupted a thread: an edge would only lead back to the thread. */
function ending(
  context: ExplainContext,
  relation: Relation,
  { edge_id: id, source }: InteractionEdge,
): Link {
  return {
    ...context.link(relation, anchored(source)),
    evidence: () => context.edgeEvidence(id),
    leaf: true,
  };
}
