/**
 * Threads, turns and payload references, out of `state.json`.
 *
 * @module
 */

import type {
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import type { ExecutionStatus } from "../../format/vocabulary.ts";
import type {
  AgentOrigin,
  AgentThread,
  CodexTurn,
  ExecutionWindow,
} from "../../graph/session.ts";
import {
  nullable,
  oneOf,
  record,
  text,
  texts,
  variants,
  whole,
} from "./state_decoder.ts";

/** When something ran. */
export const execution = record<ExecutionWindow>({
  started_at_unix_ms: whole,
  started_seq: whole,
  ended_at_unix_ms: nullable(whole),
  ended_seq: nullable(whole),
  status: oneOf<ExecutionStatus>({
    running: true,
    completed: true,
    failed: true,
    cancelled: true,
    aborted: true,
  }),
});

/** One conversation with a model. */
export const thread = record<AgentThread>({
  thread_id: text,
  agent_path: text,
  nickname: nullable(text),
  origin: variants<AgentOrigin>({
    root: {},
    spawned: {
      parent_thread_id: text,
      spawn_edge_id: text,
      task_name: text,
      agent_role: text,
    },
  }),
  execution,
  default_model: nullable(text),
  conversation_item_ids: texts,
});

/** One turn of a thread. */
export const turn = record<CodexTurn>({
  codex_turn_id: text,
  thread_id: text,
  execution,
  input_item_ids: texts,
});

/** A payload that an event refers to. */
export const payload = record<RawPayloadRef>({
  raw_payload_id: text,
  kind: record<{ type: RawPayloadKindName }>({
    type: oneOf<RawPayloadKindName>({
      inference_request: true,
      inference_response: true,
      compaction_request: true,
      compaction_checkpoint: true,
      compaction_response: true,
      tool_invocation: true,
      tool_result: true,
      tool_runtime_event: true,
      terminal_runtime_event: true,
      protocol_event: true,
      session_metadata: true,
      agent_result: true,
    }),
  }),
  path: text,
});
