/**
 * Codecs of threads, turns and the edges between threads.
 *
 * @module
 */

import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type {
  InteractionEdge,
  InteractionEdgeKind,
  TraceAnchor,
} from "../runtime.ts";
import type {
  AgentOrigin,
  AgentThread,
  CodexTurn,
  ExecutionWindow,
} from "../session.ts";
import {
  type Codec,
  integer,
  nullable,
  record,
  ref,
  refs,
  text,
  texts,
  variants,
  words,
} from "./codec.ts";
import type { ReferenceRole } from "./reference.ts";

/** When something ran, and how it ended. */
export const execution: Codec<ExecutionWindow> = record<ExecutionWindow>(
  "execution",
  {
    started_at_unix_ms: integer,
    started_seq: integer,
    ended_at_unix_ms: nullable(integer),
    ended_seq: nullable(integer),
    status: words<ExecutionStatus>({
      running: true,
      completed: true,
      failed: true,
      cancelled: true,
      aborted: true,
    }),
  },
);

const origin = variants<AgentOrigin>("origin", {
  root: {},
  unknown: {},
  spawned: {
    parent_thread_id: ref("thread", "parent_thread"),
    spawn_edge_id: ref("edge", "spawn_edge"),
    task_name: text,
    agent_role: text,
  },
});

/** One conversation with a model. Its items are not references: it would have too many of them. */
export const thread: Codec<AgentThread> = record<AgentThread>("thread", {
  thread_id: text,
  agent_path: text,
  nickname: nullable(text),
  origin,
  execution,
  default_model: nullable(text),
  conversation_item_ids: texts,
});

/** One turn of a thread. */
export const turn: Codec<CodexTurn> = record<CodexTurn>("turn", {
  codex_turn_id: text,
  thread_id: ref("thread", "thread"),
  execution,
  input_item_ids: texts,
});

function anchor(role: ReferenceRole): Codec<TraceAnchor> {
  return variants<TraceAnchor>("anchor", {
    conversation_item: { item_id: ref("item", role) },
    tool_call: { tool_call_id: ref("tool_call", role) },
    thread: { thread_id: ref("thread", role) },
  });
}

/** One interaction between threads. */
export const edge: Codec<InteractionEdge> = record<InteractionEdge>("edge", {
  edge_id: text,
  kind: words<InteractionEdgeKind>({
    spawn_agent: true,
    assign_agent_task: true,
    send_message: true,
    agent_result: true,
    close_agent: true,
  }),
  source: anchor("edge_source"),
  target: anchor("edge_target"),
  started_at_unix_ms: integer,
  ended_at_unix_ms: nullable(integer),
  carried_item_ids: refs("item", "carried_item"),
  carried_raw_payload_ids: refs("payload", "carried_payload"),
});
