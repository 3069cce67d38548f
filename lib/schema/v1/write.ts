/**
 * Schema 1: how it is recorded.
 *
 * @module
 */

import { PayloadFiles } from "../../bundle/write/payload_files.ts";
import type { WriteRules } from "../../bundle/write/write_rules.ts";

/** How schema 1 is recorded. */
export const V1_WRITE: WriteRules = {
  schema: 1,
  unknownEvents: new Set([
    "history_item_accepted",
    "thread_resumed",
    "recording_completed",
    "code_cell_wait_target_resolved",
  ]),
  payloads: (context) => new PayloadFiles(context),
  marksCaptures: false,
  permissionsKey: "sandbox_policy",
  preparesPrompts: false,
  acceptsToolOutputs: false,
  runtimeStartsNameKind: false,
  cellsAreToolCalls: false,
  mcpEndsRepeatStart: true,
  turnsCanFail: false,
};
