/**
 * The layout of `state.json`: every record of the graph, its keys in the order of output.
 *
 * @module
 */

import type { RawPayloadKindName, RawPayloadRef } from "../format/payload.ts";
import type { RolloutTrace } from "../graph/rollout_trace.ts";
import { item } from "./state_layout_conversation.ts";
import {
  codeCell,
  compaction,
  compactionRequest,
  edge,
  inference,
  toolCall,
} from "./state_layout_runtime.ts";
import { thread, turn } from "./state_layout_session.ts";
import { operation, session } from "./state_layout_terminal.ts";
import { flag, integer, map, nullable, record, text } from "./state_shape.ts";
import type { Shape } from "./state_shape.ts";

const payloadKind: Shape<{ type: RawPayloadKindName }> = record<
  { type: RawPayloadKindName }
>({ type: text });

const payload: Shape<RawPayloadRef> = record<RawPayloadRef>({
  raw_payload_id: text,
  kind: payloadKind,
  path: text,
});

/** The whole graph. */
export const rolloutTrace: Shape<RolloutTrace> = record<RolloutTrace>({
  schema_version: integer,
  trace_id: text,
  rollout_id: text,
  started_at_unix_ms: integer,
  ended_at_unix_ms: nullable(integer),
  status: text,
  recording_complete: flag,
  root_thread_id: text,
  threads: map(thread),
  codex_turns: map(turn),
  conversation_items: map(item),
  inference_calls: map(inference),
  code_cells: map(codeCell),
  tool_calls: map(toolCall),
  terminal_sessions: map(session),
  terminal_operations: map(operation),
  compactions: map(compaction),
  compaction_requests: map(compactionRequest),
  interaction_edges: map(edge),
  raw_payloads: map(payload),
});
