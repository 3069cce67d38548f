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
  enumOf,
  int64,
  nullable,
  record,
  ref,
  refs,
  string,
  strings,
  variants,
} from "./codec.ts";
import type { ReferenceRole } from "./reference.ts";

/** When something ran, and how it ended. */
export const execution: Codec<ExecutionWindow> = record<ExecutionWindow>(
  "execution",
  {
    started_at_unix_ms: int64,
    started_seq: int64,
    ended_at_unix_ms: nullable(int64),
    ended_seq: nullable(int64),
    status: enumOf<ExecutionStatus>({
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
    task_name: string,
    agent_role: string,
  },
});

/** One conversation with a model. Its items are not references: it would have too many of them. */
export const thread: Codec<AgentThread> = record<AgentThread>("thread", {
  thread_id: string,
  agent_path: string,
  nickname: nullable(string),
  origin,
  execution,
  default_model: nullable(string),
  conversation_item_ids: strings,
});

export const turn: Codec<CodexTurn> = record<CodexTurn>("turn", {
  codex_turn_id: string,
  thread_id: ref("thread", "thread"),
  execution,
  input_item_ids: strings,
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
  edge_id: string,
  kind: enumOf<InteractionEdgeKind>({
    spawn_agent: true,
    assign_agent_task: true,
    send_message: true,
    agent_result: true,
    close_agent: true,
  }),
  source: anchor("edge_source"),
  target: anchor("edge_target"),
  started_at_unix_ms: int64,
  ended_at_unix_ms: nullable(int64),
  carried_item_ids: refs("item", "carried_item"),
  carried_raw_payload_ids: refs("payload", "carried_payload"),
});
