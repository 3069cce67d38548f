/**
 * Tables of what links objects: edges between agents, and payloads.
 *
 * @module
 */

import type { RawPayloadRef } from "../../format/payload.ts";
import type { InteractionEdge, TraceAnchor } from "../../graph/runtime.ts";
import { deliveredAt } from "../../query/evidence/links/undelivered.ts";
import type { SessionFacts } from "./session_facts.ts";
import { column, maybe, table } from "./table.ts";

const EDGES = table<InteractionEdge>({
  name: "edges",
  meaning:
    "One interaction between two agents: a spawn, a task, a message, a result, a close",
  key: ["edge_id"],
  read: ({ session }) => session.trace.interaction_edges.values(),
  columns: [
    column("edge_id", "text", "Its id", (e) => e.edge_id),
    column(
      "handle",
      "text",
      "Its short name, as edge:1",
      (e, f) => f.handle("edge", e.edge_id),
    ),
    column(
      "kind",
      "text",
      "spawn_agent, assign_agent_task, send_message, agent_result, or close_agent",
      (e) => e.kind,
    ),
    column(
      "source_kind",
      "text",
      "conversation_item, tool_call, or thread",
      (e) => e.source.type,
    ),
    column("source_id", "text", "Id of its source", (e) => anchorId(e.source)),
    maybe(
      "source_thread_id",
      "text",
      "Thread of its source",
      (e, f) => threadOf(e.source, f),
      { references: "threads.thread_id" },
    ),
    column(
      "target_kind",
      "text",
      "conversation_item, tool_call, or thread",
      (e) => e.target.type,
    ),
    column("target_id", "text", "Id of its target", (e) => anchorId(e.target)),
    maybe(
      "target_thread_id",
      "text",
      "Thread of its target",
      (e, f) => threadOf(e.target, f),
      { references: "threads.thread_id" },
    ),
    column(
      "started_at",
      "timestamp",
      "When it started",
      (e) => e.started_at_unix_ms,
    ),
    maybe(
      "ended_at",
      "timestamp",
      "When the tool call or the event ended that made it; null when no end was recorded",
      (e) => e.ended_at_unix_ms,
    ),
    maybe(
      "delivered_at",
      "timestamp",
      "When its receiver's conversation first had what it carried, which is often later; null when no item shows that, of a close, and where a request may be lost",
      (e, { session }) => deliveredAt(session, e),
    ),
    column(
      "carried_items",
      "integer",
      "Items that it carried",
      (e) => e.carried_item_ids.length,
    ),
  ],
});

function anchorId(anchor: TraceAnchor): string {
  switch (anchor.type) {
    case "conversation_item":
      return anchor.item_id;
    case "tool_call":
      return anchor.tool_call_id;
    case "thread":
      return anchor.thread_id;
  }
}

function threadOf(
  anchor: TraceAnchor,
  { session: { trace } }: SessionFacts,
): string | null {
  switch (anchor.type) {
    case "conversation_item":
      return trace.conversation_items.get(anchor.item_id)?.thread_id ?? null;
    case "tool_call":
      return trace.tool_calls.get(anchor.tool_call_id)?.thread_id ?? null;
    case "thread":
      return anchor.thread_id;
  }
}

const PAYLOADS = table<RawPayloadRef>({
  name: "payloads",
  meaning:
    "One payload that an event refers to; `rollout-trace payload` prints its content",
  key: ["payload_id"],
  read: ({ session }) => session.trace.raw_payloads.values(),
  columns: [
    column("payload_id", "text", "Its id", (p) => p.raw_payload_id),
    column(
      "handle",
      "text",
      "Its short name, as payload:1",
      (p, f) => f.handle("payload", p.raw_payload_id),
    ),
    column(
      "kind",
      "text",
      "What it holds, as inference_request",
      (p) => p.kind.type,
    ),
    maybe(
      "path",
      "text",
      "Its file in the bundle; null in schema 3",
      (p) => p.path ?? null,
    ),
    maybe(
      "shard",
      "integer",
      "Number of the shard that holds it; null in schemas 1 and 2, or when none does",
      (p) => p.shard ?? null,
    ),
    column(
      "capture",
      "text",
      "complete, truncated, or omitted by the recorder's limits",
      (p) => p.capture?.status ?? "complete",
    ),
    maybe(
      "original_bytes",
      "integer",
      "Bytes before it was truncated or omitted; null when it is complete",
      (p) => p.capture?.original_bytes ?? null,
    ),
  ],
});

/** These tables. */
export const LINK_TABLES = [EDGES, PAYLOADS];
