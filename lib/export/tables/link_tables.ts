/**
 * Tables of what links objects: edges between agents, and payloads.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import type { InteractionEdge } from "../../graph/runtime.ts";
import {
  anchored,
  threadOfAnchor,
} from "../../query/evidence/links/graph_links.ts";
import { deliveredAt } from "../../query/evidence/links/undelivered.ts";
import { handle, integer, maybe, table, text, timestamp } from "./table.ts";

const EDGES = table<InteractionEdge>({
  name: "edges",
  meaning:
    "One interaction between two agents: a spawn, a task, a message, a result, a close",
  key: ["edge_id"],
  read: ({ session }) => session.trace.interaction_edges.values(),
  columns: {
    edge_id: text("Its id", (e) => e.edge_id),
    handle: handle("edge", (e) => e.edge_id),
    kind: text(
      "spawn_agent, assign_agent_task, send_message, agent_result, or close_agent",
      (e) => e.kind,
    ),
    source_kind: text(
      "conversation_item, tool_call, or thread",
      (e) => e.source.type,
    ),
    source_id: text("Id of its source", (e) => anchored(e.source).id),
    source_thread_id: maybe.idOf(
      "thread",
      "Thread of its source",
      (e, { session }) => threadOfAnchor(session.trace, e.source) ?? null,
    ),
    target_kind: text(
      "conversation_item, tool_call, or thread",
      (e) => e.target.type,
    ),
    target_id: text("Id of its target", (e) => anchored(e.target).id),
    target_thread_id: maybe.idOf(
      "thread",
      "Thread of its target",
      (e, { session }) => threadOfAnchor(session.trace, e.target) ?? null,
    ),
    started_at: timestamp("When it started", (e) => e.started_at_unix_ms),
    ended_at: maybe.timestamp(
      "When the tool call or the event ended that made it; null when no end was recorded",
      (e) => e.ended_at_unix_ms,
    ),
    delivered_at: maybe.timestamp(
      "When its receiver's conversation first had what it carried, which is often later; null when no item shows that, of a close, and where a request may be lost",
      (e, { session }) => deliveredAt(session, e),
    ),
    carried_items: integer(
      "Items that it carried",
      (e) => e.carried_item_ids.length,
    ),
  },
});

const PAYLOADS = table<RawPayloadRef>({
  name: "payloads",
  meaning:
    "One payload that an event refers to; `rollout-trace payload` prints its content",
  key: ["payload_id"],
  read: ({ session }) => session.trace.raw_payloads.values(),
  columns: {
    payload_id: text("Its id", (p) => p.raw_payload_id),
    handle: handle("payload", (p) => p.raw_payload_id),
    kind: text("What it holds, as inference_request", (p) => p.kind.type),
    path: maybe.text(
      "Its file in the bundle; null in schema 3",
      (p) => p.path ?? null,
    ),
    shard: maybe.integer(
      "Number of the shard that holds it; null in schemas 1 and 2, or when none does",
      (p) => p.shard ?? null,
    ),
    capture: text(
      "complete, truncated, or omitted by the recorder's limits",
      (p) => p.capture?.status ?? "complete",
    ),
    original_bytes: maybe.integer(
      "Bytes before it was truncated or omitted; null when it is complete",
      (p) => p.capture?.original_bytes ?? null,
    ),
  },
});

/** These tables. */
export const LINK_TABLES = [EDGES, PAYLOADS];
