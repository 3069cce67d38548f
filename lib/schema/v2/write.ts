/**
 * Schema 2: how it is recorded.
 *
 * @module
 */

import type { WriteRules } from "../../bundle/write/write_rules.ts";
import { V1_WRITE } from "../v1/write.ts";

/** How schema 2 is recorded. */
export const V2_WRITE: WriteRules = {
  ...V1_WRITE,
  schema: 2,
  unknownEvents: new Set(["code_cell_wait_target_resolved"]),
  runtimeStartsNameKind: true,
  cellsAreToolCalls: true,
  mcpEndsRepeatStart: false,
  turnsCanFail: true,
};
