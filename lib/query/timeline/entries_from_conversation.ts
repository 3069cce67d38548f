/**
 * What entered conversations, as drafts of a timeline: items, compactions, and what passed
 * between agents.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";
import type { ConversationItem } from "../../graph/conversation.ts";
import type { Compaction, InteractionEdge } from "../../graph/runtime.ts";
import type { RolloutTrace } from "../../graph/rollout_trace.ts";
import { droppedItems } from "../evidence/links/dropped_items.ts";
import { threadOfAnchor } from "../evidence/links/graph_links.ts";
import {
  inheritedHistory,
  inheritedItems,
} from "../evidence/links/inherited_history.ts";
import { getUndeliveredResults } from "../evidence/links/undelivered.ts";
import {
  checkpointCapture,
  historyLengths,
} from "../evidence/recorded/checkpoint.ts";
import { edgeKind } from "../session/names/edge_kind.ts";
import type { TraceSession } from "../session/session.ts";
import type { TimelineDetail } from "./timeline_answer.ts";
import { type EntryInput, momentAt, type Owner } from "./entry_input.ts";
import { excerpt, itemExcerpt, messageExcerpt } from "../evidence/excerpt.ts";
import { inTurn } from "./entries_from_graph.ts";
import type { ConversationItemId } from "../../format/ids.ts";
import { ItemCarriers } from "../evidence/links/item_carriers.ts";

/** Every item, by the event with which it entered; messages of users apart from the rest. */
export function itemEntries(session: TraceSession): EntryInput[] {
  const { trace } = session;
  const inherited = inheritedItems(session);
  const arrivals = arrivalsOf(trace);
  return Array.from(trace.conversation_items.values(), (item): EntryInput => ({
    ...momentAt(
      arrivals.get(item.item_id) ?? null,
      item.accepted_at_unix_ms ?? item.first_seen_at_unix_ms,
    ),
    object: { kind: "item", id: item.item_id },
    ...inTurn(item.thread_id, item.codex_turn_id),
    detail: itemDetail(trace, item, inherited.has(item.item_id)),
  }));
}

/** Items that left the prompt of their thread, where the first request without them began. */
export function droppedItemsEntries(session: TraceSession): EntryInput[] {
  const { names, trace } = session;
  return [...trace.threads.keys()].flatMap((thread) =>
    droppedItems(session, thread).map(({ call, items }): EntryInput => ({
      ...momentAt(
        call.execution.started_seq,
        call.execution.started_at_unix_ms,
      ),
      object: null,
      ...inTurn(thread, call.codex_turn_id),
      detail: {
        type: "dropped_items",
        call: names.ref("inference_call", call.inference_call_id),
        items: items.map((id) => names.ref("item", id)),
      },
    }))
  );
}

/** Histories from before a thread was recorded, where its first request carried them. */
export function inheritedEntries(session: TraceSession): EntryInput[] {
  const { names, trace } = session;
  return [...trace.threads.keys()].flatMap((thread): EntryInput[] => {
    const history = inheritedHistory(session, thread);
    if (history === null) return [];
    const { call, items, origin, thread_id } = history;
    const { execution } = call ?? trace.threads.get(thread) ?? {};
    return [{
      ...momentAt(
        execution?.started_seq ?? null,
        execution?.started_at_unix_ms ?? null,
      ),
      object: null,
      ...inTurn(thread, call?.codex_turn_id ?? null),
      detail: {
        type: "inherited_history",
        call: call && names.ref("inference_call", call.inference_call_id),
        origin,
        thread_id,
        items: items.map((id) => names.ref("item", id)),
      },
    }];
  });
}

/** Histories that were replaced. */
export function compactionEntries(session: TraceSession): EntryInput[] {
  return Array.from(
    session.trace.compactions.values(),
    (compaction) => compactionDraft(session, compaction),
  );
}

function compactionDraft(
  session: TraceSession,
  compaction: Compaction,
): EntryInput {
  const { before, after } = historyLengths(session, compaction);
  return {
    ...momentAt(seqOf(session, compaction), compaction.installed_at_unix_ms),
    object: { kind: "compaction", id: compaction.compaction_id },
    ...inTurn(compaction.thread_id, compaction.codex_turn_id),
    detail: {
      type: "compaction",
      checkpoint_capture: checkpointCapture(session, compaction),
      items_before: before,
      items_after: after,
    },
  };
}

/** What passed between agents. */
export function edgeEntries(session: TraceSession): EntryInput[] {
  return Array.from(
    session.trace.interaction_edges.values(),
    (edge) => edgeDraft(session, edge),
  );
}

/** Results that no model was ever shown: the graph has no edge for them. */
export function undeliveredEntries(session: TraceSession): EntryInput[] {
  return getUndeliveredResults(session).map((result): EntryInput => ({
    ...momentAt(result.seq, result.at_unix_ms),
    object: null,
    thread: result.child.id,
    turn: null,
    // The turn that reported it has ended.
    within: [{ kind: "thread", id: result.child.id }],
    detail: {
      type: "undelivered",
      from: result.child,
      to: result.parent,
      text: excerpt(result.message),
    },
  }));
}

function itemDetail(
  trace: RolloutTrace,
  item: ConversationItem,
  isInherited: boolean,
): TimelineDetail {
  const text = itemExcerpt(trace, item);
  const { role, kind, produced_by: producers } = item;
  // What a compaction kept of a user's words does not enter again, nor what an earlier session had.
  const enters = role === "user" && kind === "message" && !isInherited &&
    !producers.some(({ type }) => type === "compaction");
  return enters
    ? { type: "message", text }
    : { type: "item", role, item_kind: kind, text };
}

function seqOf(
  { log }: TraceSession,
  { compaction_id: id }: Compaction,
): Integer | null {
  const events = log?.about("compaction", id) ?? [];
  const installed = events.find(({ event }) =>
    event.payload.type === "compaction_installed"
  );
  return installed?.event.seq ?? null;
}

function edgeDraft(session: TraceSession, edge: InteractionEdge): EntryInput {
  const { trace, names } = session;
  const from = threadOfAnchor(trace, edge.source) ?? null;
  const { within, seq, turn } = sourceOf(session, edge);
  const thread = (id: string | null) =>
    id === null ? null : names.ref("thread", id);
  return {
    ...momentAt(seq, edge.started_at_unix_ms),
    endedAt: edge.ended_at_unix_ms,
    object: { kind: "edge", id: edge.edge_id },
    thread: from,
    turn,
    within: [...within, { kind: "thread", id: from }],
    detail: {
      type: "edge",
      edge_kind: edgeKind(trace, edge),
      from: thread(from),
      to: thread(threadOfAnchor(trace, edge.target) ?? null),
      text: carriedText(trace, edge),
    },
  };
}

/** The start of an edge in the log: a tool call, or the end of a child's turn. */
function sourceOf(
  { trace, log }: TraceSession,
  { edge_id: id, source }: InteractionEdge,
): { within: Owner[]; seq: Integer | null; turn: string | null } {
  if (source.type === "tool_call") {
    const tool = trace.tool_calls.get(source.tool_call_id);
    return {
      within: [{ kind: "tool_call", id: source.tool_call_id }],
      seq: tool?.execution.started_seq ?? null,
      turn: tool?.started_by_codex_turn_id ?? null,
    };
  }
  const event = log?.about("edge", id)[0]?.event;
  return { within: [], seq: event?.seq ?? null, turn: null };
}

function carriedText(
  trace: RolloutTrace,
  { carried_item_ids: [first], source }: InteractionEdge,
): string | null {
  const item = trace.conversation_items.get(first ?? "");
  const text = item === undefined ? "" : messageExcerpt(trace, item);
  if (text !== "") return text;
  const tool = source.type === "tool_call"
    ? trace.tool_calls.get(source.tool_call_id)
    : undefined;
  return tool?.summary.type === "agent" ? tool.summary.message_preview : null;
}

/**
 * The sequence number by which each item entered: when it was taken into the history, where
 * that was recorded; else of the answer it is part of, or of the first request that carried it.
 */
function arrivalsOf(
  trace: RolloutTrace,
): ReadonlyMap<ConversationItemId, Integer> {
  const answered = new Map<ConversationItemId, Integer>();
  for (
    const { response_item_ids, execution } of trace.inference_calls.values()
  ) {
    for (const id of response_item_ids) {
      if (execution.ended_seq !== null && !answered.has(id)) {
        answered.set(id, execution.ended_seq);
      }
    }
  }
  const carriers = new ItemCarriers(trace);
  const found = new Map<ConversationItemId, Integer>();
  for (const [id, { accepted_seq }] of trace.conversation_items) {
    const seq = accepted_seq ?? answered.get(id) ??
      carriers.requests(id).first?.execution.started_seq;
    if (seq !== undefined) found.set(id, seq);
  }
  return found;
}
