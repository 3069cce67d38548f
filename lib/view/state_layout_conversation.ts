/**
 * Layout of conversation items.
 *
 * @module
 */

import type {
  AgentMessageAddress,
  ConversationBody,
  ConversationItem,
  ConversationPart,
  ProducerRef,
} from "../graph/conversation.ts";
import {
  integer,
  list,
  nullable,
  record,
  text,
  variants,
} from "./state_shape.ts";
import type { Shape } from "./state_shape.ts";

const part: Shape<ConversationPart> = variants<ConversationPart>({
  text: { text: text },
  summary: { text: text },
  encoded: { label: text, value: text },
  json: { summary: text, raw_payload_id: text },
  code: { language: text, source: text },
  payload_ref: { label: text, raw_payload_id: text, content_sha256: text },
});

const body: Shape<ConversationBody> = record<ConversationBody>({
  parts: list(part),
});

const producer: Shape<ProducerRef> = variants<ProducerRef>({
  user_input: {},
  inference: { inference_call_id: text },
  tool: { tool_call_id: text },
  code_cell: { code_cell_id: text },
  interaction_edge: { edge_id: text },
  compaction: { compaction_id: text },
  harness: {},
});

const address: Shape<AgentMessageAddress> = record<AgentMessageAddress>({
  author: text,
  recipient: text,
});

/** One thing a model saw or said. */
export const item: Shape<ConversationItem> = record<ConversationItem>({
  item_id: text,
  responses_item_id: text,
  accepted_at_unix_ms: integer,
  accepted_seq: integer,
  thread_id: text,
  codex_turn_id: nullable(text),
  first_seen_at_unix_ms: integer,
  role: text,
  channel: nullable(text),
  kind: text,
  agent_message: address,
  body: body,
  call_id: nullable(text),
  produced_by: list(producer),
});
