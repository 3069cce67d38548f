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
  integer,
  list,
  nullable,
  optional,
  record,
  ref,
  text,
  variants,
  words,
} from "./codec.ts";

const part = variants<ConversationPart>("part", {
  text: { text },
  summary: { text },
  encoded: { label: text, value: text },
  json: { summary: text, raw_payload_id: ref("payload", "body_payload") },
  code: { language: text, source: text },
  payload_ref: {
    label: text,
    raw_payload_id: ref("payload", "body_payload"),
    content_sha256: optional(text),
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
  item_id: text,
  responses_item_id: optional(text),
  accepted_at_unix_ms: optional(integer),
  accepted_seq: optional(integer),
  // Not a reference: the thread has a list of its items, and that direction is enough.
  thread_id: text,
  codex_turn_id: nullable(ref("turn", "first_turn")),
  first_seen_at_unix_ms: integer,
  role: words<ConversationRole>({
    system: true,
    developer: true,
    user: true,
    assistant: true,
    tool: true,
  }),
  channel: nullable(words<ConversationChannel>({
    analysis: true,
    commentary: true,
    final: true,
    summary: true,
  })),
  kind: words<ConversationItemKind>({
    message: true,
    reasoning: true,
    function_call: true,
    function_call_output: true,
    custom_tool_call: true,
    custom_tool_call_output: true,
    compaction_marker: true,
  }),
  agent_message: optional(record<AgentMessageAddress>("agent_message", {
    author: text,
    recipient: text,
  })),
  body: record<ConversationBody>("body", { parts: list(part) }),
  call_id: nullable(text),
  produced_by: list(producer),
});
