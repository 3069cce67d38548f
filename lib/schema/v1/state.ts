/**
 * Schema 1: the keys of `state.json`.
 *
 * @module
 */

import type { StateRules } from "../../graph/codec/state_rules.ts";
import { V2_STATE } from "../v2/state.ts";

/** What schema 1 does not have of the graph: what schema 2 lacks, and what that one added. */
export const V1_STATE: StateRules = {
  absent: {
    ...V2_STATE.absent,
    root: ["recording_complete", "recording_status"],
    item: ["responses_item_id", "accepted_at_unix_ms", "accepted_seq"],
    part: ["content_sha256"],
    tool_call: ["started_code_cell_id", "resolved_wait_runtime_cell_id"],
  },
  absentTypes: { ...V2_STATE.absentTypes },
};
