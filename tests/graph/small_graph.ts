/**
 * A small graph of any schema, with one payload.
 *
 * @module
 */

import type { RawPayloadRef } from "../../lib/format/payload.ts";
import type { RolloutTrace } from "../../lib/graph/rollout_trace.ts";
import { decodeState } from "../../lib/query/session/state_file.ts";
import { GOOD_STATE } from "../support/cli.ts";
import { rulesOf } from "../support/state_text.ts";

/** A small graph of a schema, with one payload. */
export function smallGraph(
  schema: number,
  payload: RawPayloadRef,
): RolloutTrace {
  const empty = new Map();
  const base = decodeState(GOOD_STATE, rulesOf);
  return {
    ...base,
    schema_version: schema,
    threads: empty,
    codex_turns: empty,
    conversation_items: empty,
    inference_calls: empty,
    code_cells: empty,
    tool_calls: empty,
    terminal_sessions: empty,
    terminal_operations: empty,
    interaction_edges: empty,
    raw_payloads: new Map([[payload.raw_payload_id, payload]]),
  };
}

/** A payload with every key that any schema has. */
export const FULL_PAYLOAD: RawPayloadRef = {
  raw_payload_id: "p",
  kind: { type: "inference_request" },
  path: "payloads/p.json",
  shard: 7,
  capture: { status: "truncated", original_bytes: 9, retained_bytes: 4 },
  parts: [
    { raw_payload_id: "q", kind: { type: "model_item" }, shard: 8 },
    {
      raw_payload_id: "r",
      kind: { type: "content_value" },
      shard: null,
      capture: { status: "omitted", original_bytes: 18446744073709551615n },
    },
  ],
};
