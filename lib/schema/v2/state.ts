/**
 * Schema 2: the keys of `state.json`.
 *
 * @module
 */

import type { StateRules } from "../../graph/codec/state_rules.ts";

/** What schema 2 does not have of the graph. */
export const V2_STATE: StateRules = {
  absent: {
    root: ["recording_status"],
    inference_call: ["prepared_prompt_payload_id"],
    tool_call: ["resolved_wait_runtime_cell_id"],
    payload: ["shard", "capture", "parts"],
  },
  absentTypes: {
    origin: ["unknown"],
    payload_kind: [
      "prepared_prompt",
      "model_item",
      "content_value",
      "warmup_context",
    ],
  },
};
