/**
 * Codec of conversation items.
 *
 * @module
 */

import type {
  AgentMessageAddress,
  ConversationBody,
  ConversationChannel,
  ConversationItem,
  ConversationItemKind,
  ConversationPart,
  ConversationRole,
  ProducerRef,
} from "../conversation.ts";
import {
  type Codec,
  enumOf,
  int64,
  list,
  nullable,
  optional,
  record,
  ref,
  string,
  variants,
} from "./codec.ts";

const part = variants<ConversationPart>("part", {
  text: { text: string },
  summary: { text: string },
  encoded: { label: string, value: string },
  json: { summary: string, raw_payload_id: ref("payload", "body_payload") },
  code: { language: string, source: string },
  payload_ref: {
    label: string,
    raw_payload_id: ref("payload", "body_payload"),
    content_sha256: optional(string),
  },
});

const producer = variants<ProducerRef>("producer", {
  user_input: {},
  inference: { inference_call_id: ref("inference_call", "producer") },
  tool: { tool_call_id: ref("tool_call", "producer") },
  code_cell: { code_cell_id: ref("code_cell", "producer") },
  interaction_edge: { edge_id: ref("edge", "producer") },
  compaction: { compaction_id: ref("compaction", "producer") },
  harness: {},
});

/** One message, call, output or reasoning of a conversation. */
export const item: Codec<ConversationItem> = record<ConversationItem>("item", {
  item_id: string,
  responses_item_id: optional(string),
  accepted_at_unix_ms: optional(int64),
  accepted_seq: optional(int64),
  // Not a reference: the thread has a list of its items, and that direction is enough.
  thread_id: string,
  codex_turn_id: nullable(ref("turn", "first_turn")),
  first_seen_at_unix_ms: int64,
  role: enumOf<ConversationRole>({
    system: true,
    developer: true,
    user: true,
    assistant: true,
    tool: true,
  }),
  channel: nullable(enumOf<ConversationChannel>({
    analysis: true,
    commentary: true,
    final: true,
    summary: true,
  })),
  kind: enumOf<ConversationItemKind>({
    message: true,
    reasoning: true,
    function_call: true,
    function_call_output: true,
    custom_tool_call: true,
    custom_tool_call_output: true,
    compaction_marker: true,
  }),
  agent_message: optional(record<AgentMessageAddress>("agent_message", {
    author: string,
    recipient: string,
  })),
  body: record<ConversationBody>("body", { parts: list(part) }),
  call_id: nullable(string),
  produced_by: list(producer),
});
