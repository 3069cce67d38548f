/**
 * Schema 2: Codex 0.165 to 0.169. The recorder says what was accepted into history.
 *
 * @module
 */

import { deriveSchema, type Schema } from "../schema.ts";
import { V1 } from "../v1/schema.ts";
import { V2_EVENT_DECODER } from "./events.ts";
import { V2_STATE } from "./state.ts";
import { V2_WRITE } from "./write.ts";

/** Schema 2. */
export const V2: Schema = deriveSchema(V1, {
  version: 2,
  writtenBy: "0.165 – 0.169",
  reference: "0.169.0",
  events: V2_EVENT_DECODER,
  log: { isContiguous: true, closingEvent: "recording_completed" },
  reduce: {
    responsesIds: true,
    emptyBodies: true,
    contentHashes: true,
    positionsAreExclusive: true,
    responsesArePositional: false,
    identifiesByContent: new Set(["function_call", "custom_tool_call"]),
    hidesUnacceptedOutput: true,
    runtimeNamesKind: true,
    findsItemsByIdText: false,
    linksExecToCell: true,
    checksEveryPayload: true,
    recordingKey: "recording_complete",
  },
  state: V2_STATE,
  write: V2_WRITE,
});
