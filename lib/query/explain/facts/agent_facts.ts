/**
 * What is known about threads, turns and edges.
 *
 * @module
 */

import { edgeKind } from "../../session/names/edge_kind.ts";
import type { ObjectKind } from "../../session/names/object_kind.ts";
import { anchored, threadOfAnchor } from "../../evidence/links/graph_links.ts";
import type { Fact } from "../explain_answer.ts";
import {
  agentsWithoutResult,
  deliveredAt,
  isDeliveryUnknown,
  undeliveredText,
} from "../../evidence/links/undelivered.ts";
import { oneLineExcerpt } from "../../evidence/excerpt.ts";
import { captureOf } from "../../evidence/recorded/captures.ts";
import {
  lineagesOf,
  UNKNOWN_LINEAGE,
} from "../../evidence/recorded/lineage.ts";
import {
  threadSettings,
  turnReport,
} from "../../evidence/recorded/recorded_settings.ts";
import { inheritedHistory } from "../../evidence/links/inherited_history.ts";
import { unrecordedText } from "../../../text/capture_text.ts";
import type { CodexTurn } from "../../../graph/session.ts";
import {
  type KnownCount,
  knownCount,
  lostEvidence,
} from "../../evidence/known_count.ts";
import type { ExplainContext } from "../explain_context.ts";
import {
  duration,
  ifAny,
  inMs,
  inUnixMs,
  object,
  turnStartedWith,
  value,
} from "./fact.ts";

/** How much was kept of a thread's metadata, without which its origin and model are unknown. */
function lostMetadata(
  { session, trace }: ExplainContext,
  thread: string,
): Fact[] {
  for (const { event } of session.log?.about("thread", thread) ?? []) {
    const { payload } = event;
    if (payload.type !== "thread_started") continue;
    const capture = captureOf(trace, payload.metadata_payload?.raw_payload_id);
    return capture === null ? [] : [value("metadata", unrecordedText(capture))];
  }
  return [];
}

/** The origin of a thread, as far as it was recorded. */
function lineageFacts({ session }: ExplainContext, id: string): Fact[] {
  const lineage = lineagesOf(session).get(id) ?? UNKNOWN_LINEAGE;
  const { parent_thread_id: parent } = lineage;
  return [
    ...ifAny("forked_from_id", lineage.forked_from_id),
    ...session.trace.threads.has(parent ?? "")
      ? []
      : ifAny("parent_thread_id", parent),
    ...ifAny("thread_source", lineage.thread_source),
    ...ifAny("history_initialization", lineage.history_initialization),
    ...ifAny(
      "inherited_items",
      inheritedHistory(session, id)?.items.length,
    ),
  ];
}

/** The history from before a thread was recorded, in the turn that sent it first. */
function inheritedFacts(
  { session }: ExplainContext,
  { codex_turn_id: id, thread_id: thread }: CodexTurn,
): Fact[] {
  const history = inheritedHistory(session, thread);
  if (history?.call?.codex_turn_id !== id) return [];
  return [
    value("inherited_items", history.items.length),
    value("inherited_by", history.origin),
    value("inherited_from", history.thread_id),
  ];
}

/** By which rules a thread ran, as far as it was recorded. */
function settingFacts({ session }: ExplainContext, id: string): Fact[] {
  const { permissions_type: _, ...settings } = threadSettings(session, id);
  return Object.entries(settings).flatMap(([name, each]) => ifAny(name, each));
}

/** Facts about a thread. */
export function threadFacts(context: ExplainContext, id: string): Fact[] {
  const thread = context.trace.threads.get(id);
  if (thread === undefined) return [];
  const { origin } = thread;
  const count = (kind: ObjectKind) => counted(context, "thread", id, kind);
  const { out, into } = context.links.edgesOf(id);
  const { known } = context;
  return [
    value("agent_path", thread.agent_path),
    ...ifAny("nickname", thread.nickname),
    ...lostMetadata(context, id),
    value("origin", origin.type),
    ...lineageFacts(context, id),
    ...origin.type !== "spawned" ? [] : [
      object(context, "parent", "thread", origin.parent_thread_id),
      value("task", origin.task_name),
      ...ifAny("agent_role", origin.agent_role),
    ],
    value("model", thread.default_model),
    ...settingFacts(context, id),
    ...duration(context, "thread", thread.execution),
    value("turns", count("turn")),
    value("requests", count("inference_call")),
    value("tool_calls", count("tool_call")),
    value("items", known(thread.conversation_item_ids.length)),
    value("sent_to_other_agents", known(out.length)),
    value("received_from_other_agents", known(into.length)),
    ...resultOf(context, "thread", id),
    ...agentsWithoutResult(context.session).includes(id)
      ? [value("its_result", "none was recorded")]
      : [],
  ];
}

/** Facts about a turn. */
export function turnFacts(context: ExplainContext, id: string): Fact[] {
  const turn = context.trace.codex_turns.get(id);
  if (turn === undefined) return [];
  const count = (kind: ObjectKind) => counted(context, "turn", id, kind);
  const report = turnReport(context.session, id);
  return [
    ...turnStartedWith(context, id),
    ...inheritedFacts(context, turn),
    ...duration(context, "turn", turn.execution),
    ...ifAny(inMs("time_to_first_token"), report.time_to_first_token_ms),
    ...ifAny("model_context_window", report.model_context_window),
    ...resultOf(context, "turn", id),
    value("requests", count("inference_call")),
    value("tool_calls", count("tool_call")),
    value("code_cells", count("code_cell")),
    value("compactions", count("compaction")),
    value(
      "items_first_seen",
      context.known(context.links.to("turn", id, "first_turn").length),
    ),
  ];
}

/** That a result was for another agent and never reached it; nothing where all did. */
function resultOf(
  context: ExplainContext,
  kind: "thread" | "turn",
  id: string,
): Fact[] {
  return context.undelivered
    .filter(({ child, child_turn: turn }) =>
      (kind === "thread" ? child : turn).id === id
    )
    .map((each) =>
      value(
        "its_result",
        `${undeliveredText(each).replace(/^result /, "")}: ${
          JSON.stringify(oneLineExcerpt(each.message, 60))
        }`,
      )
    );
}

function counted(
  { links, session }: ExplainContext,
  role: "thread" | "turn",
  id: string,
  kind: ObjectKind,
): KnownCount {
  const count = links.to(role, id, role)
    .filter(({ from }) => from.kind === kind).length;
  const { events, any } = lostEvidence(session);
  // A cell is in the graph with its source, which is in a payload.
  return knownCount(count, kind === "code_cell" ? any : events);
}

/** Facts about an edge. */
export function edgeFacts(context: ExplainContext, id: string): Fact[] {
  const edge = context.trace.interaction_edges.get(id);
  if (edge === undefined) return [];
  const { trace } = context;
  const source = anchored(edge.source);
  const target = anchored(edge.target);
  return [
    value("kind", edgeKind(trace, edge)),
    object(context, "source", source.kind, source.id),
    object(context, "from", "thread", threadOfAnchor(trace, edge.source)),
    object(context, "target", target.kind, target.id),
    object(context, "to", "thread", threadOfAnchor(trace, edge.target)),
    value(inUnixMs("ended_at"), edge.ended_at_unix_ms),
    ...ifAny(inUnixMs("delivered_at"), deliveredAt(context.session, edge)),
    ...isDeliveryUnknown(context.session, edge)
      ? [value("delivered", null)]
      : [],
    value("items", edge.carried_item_ids.length),
    value("payloads", edge.carried_raw_payload_ids.length),
  ];
}
