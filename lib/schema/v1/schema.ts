/**
 * Schema 1: Codex 0.124 to 0.164. History is derived from what requests show.
 *
 * @module
 */

import { FileStorage } from "../../bundle/payloads/file_storage.ts";
import type { ReduceRules } from "../../reduce/rules.ts";
import type { Schema } from "../schema.ts";
import { V1_EVENT_DECODER } from "./events.ts";
import { V1_STATE } from "./state.ts";
import { V1_WRITE } from "./write.ts";

const V1_REDUCE: ReduceRules = {
  schema: 1,
  responsesIds: false,
  emptyBodies: false,
  contentHashes: false,
  positionsAreExclusive: false,
  responsesArePositional: true,
  identifiesByContent: new Set([
    "function_call",
    "custom_tool_call",
    "function_call_output",
    "custom_tool_call_output",
  ]),
  hidesUnacceptedOutput: false,
  runtimeNamesKind: false,
  findsItemsByIdText: true,
  linksExecToCell: false,
  checksEveryPayload: false,
  acceptsToolOutputs: false,
  preparesPrompts: false,
  refsAreUnique: false,
  resolvesWaits: false,
  cellsNameThread: false,
  textDeliveries: true,
  anyMessageId: false,
  skippedItems: new Set(["additional_tools"]),
  recordingKey: null,
  addedHandlers: {},
};

/** Schema 1. */
export const V1: Schema = {
  version: 1,
  writtenBy: "0.124 – 0.164",
  reference: "0.164.0",
  events: V1_EVENT_DECODER,
  log: { isContiguous: false, closingEvent: null },
  storage: (context) => new FileStorage(context),
  reduce: V1_REDUCE,
  state: V1_STATE,
  write: V1_WRITE,
};
