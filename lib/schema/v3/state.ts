/**
 * Schema 3: the keys of `state.json`.
 *
 * @module
 */

import type { StateRules } from "../../graph/codec/state_rules.ts";

/** What schema 3 does not have of the graph. */
export const V3_STATE: StateRules = {
  absent: {
    root: ["recording_complete"],
    payload: ["path"],
  },
};
