/**
 * Conversation items, out of `state.json`.
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
} from "../../graph/conversation.ts";
import {
  list,
  nullable,
  oneOf,
  optional,
  record,
  text,
  variants,
  whole,
} from "./state_decoder.ts";

const part = variants<ConversationPart>({
  text: { text },
  summary: { text },
  encoded: { label: text, value: text },
  json: { summary: text, raw_payload_id: text },
  code: { language: text, source: text },
  payload_ref: {
    label: text,
    raw_payload_id: text,
    content_sha256: optional(text),
  },
});

const producer = variants<ProducerRef>({
  user_input: {},
  inference: { inference_call_id: text },
  tool: { tool_call_id: text },
  code_cell: { code_cell_id: text },
  interaction_edge: { edge_id: text },
  compaction: { compaction_id: text },
  harness: {},
});

/** One thing a model saw or said. */
export const item = record<ConversationItem>({
  item_id: text,
  responses_item_id: optional(text),
  accepted_at_unix_ms: optional(whole),
  accepted_seq: optional(whole),
  thread_id: text,
  codex_turn_id: nullable(text),
  first_seen_at_unix_ms: whole,
  role: oneOf<ConversationRole>({
    system: true,
    developer: true,
    user: true,
    assistant: true,
    tool: true,
  }),
  channel: nullable(oneOf<ConversationChannel>({
    analysis: true,
    commentary: true,
    final: true,
    summary: true,
  })),
  kind: oneOf<ConversationItemKind>({
    message: true,
    reasoning: true,
    function_call: true,
    function_call_output: true,
    custom_tool_call: true,
    custom_tool_call_output: true,
    compaction_marker: true,
  }),
  agent_message: optional(record<AgentMessageAddress>({
    author: text,
    recipient: text,
  })),
  body: record<ConversationBody>({ parts: list(part) }),
  call_id: nullable(text),
  produced_by: list(producer),
});
