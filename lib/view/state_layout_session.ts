/**
 * Layout of threads and turns.
 *
 * @module
 */

import type {
  AgentOrigin,
  AgentThread,
  CodexTurn,
  ExecutionWindow,
} from "../graph/session.ts";
import {
  integer,
  nullable,
  record,
  text,
  texts,
  variants,
} from "./state_shape.ts";
import type { Shape } from "./state_shape.ts";

/** When something ran. */
export const execution: Shape<ExecutionWindow> = record<ExecutionWindow>({
  started_at_unix_ms: integer,
  started_seq: integer,
  ended_at_unix_ms: nullable(integer),
  ended_seq: nullable(integer),
  status: text,
});

const origin: Shape<AgentOrigin> = variants<AgentOrigin>({
  root: {},
  spawned: {
    parent_thread_id: text,
    spawn_edge_id: text,
    task_name: text,
    agent_role: text,
  },
});

/** One conversation with a model. */
export const thread: Shape<AgentThread> = record<AgentThread>({
  thread_id: text,
  agent_path: text,
  nickname: nullable(text),
  origin: origin,
  execution: execution,
  default_model: nullable(text),
  conversation_item_ids: texts,
});

/** One turn of a thread. */
export const turn: Shape<CodexTurn> = record<CodexTurn>({
  codex_turn_id: text,
  thread_id: text,
  execution: execution,
  input_item_ids: texts,
});
