/**
 * Codec of payload references.
 *
 * @module
 */

import type {
  PayloadCapture,
  RawPayloadKindName,
  RawPayloadRef,
} from "../../format/payload.ts";
import {
  type Codec,
  embedded,
  integer,
  list,
  nullable,
  optional,
  record,
  text,
  variants,
  variantsBy,
  versioned,
} from "./codec.ts";

const kind = variants<{ type: RawPayloadKindName }>("payload_kind", {
  inference_request: {},
  prepared_prompt: {},
  model_item: {},
  content_value: {},
  warmup_context: {},
  inference_response: {},
  compaction_request: {},
  compaction_checkpoint: {},
  compaction_response: {},
  tool_invocation: {},
  tool_result: {},
  tool_runtime_event: {},
  terminal_runtime_event: {},
  protocol_event: {},
  session_metadata: {},
  agent_result: {},
});

const capture = variantsBy<PayloadCapture, "status">("status", "capture", {
  truncated: { original_bytes: integer, retained_bytes: integer },
  omitted: { original_bytes: integer },
});

const part = embedded(
  "payload",
  "part_payload",
  () => payload,
  "raw_payload_id",
);

/** A payload that an event refers to. */
export const payload: Codec<RawPayloadRef> = record<RawPayloadRef>("payload", {
  raw_payload_id: text,
  kind,
  path: versioned(text),
  shard: versioned(nullable(integer)),
  capture: optional(capture),
  parts: optional(list(part)),
});
