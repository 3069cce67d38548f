/**
 * Schema 3: Codex from 0.171. Payloads are records of compressed shards, put together from shared
 * parts, and may be truncated or omitted by limits; tool outputs have receipts.
 *
 * @module
 */

import { ShardStorage } from "../../bundle/payloads/shard_storage.ts";
import { deriveSchema, type Schema } from "../schema.ts";
import { V2 } from "../v2/schema.ts";
import { V3_EVENT_DECODER } from "./events.ts";
import { V3_STATE } from "./state.ts";
import { V3_WRITE } from "./write.ts";

/** Schema 3. */
export const V3: Schema = deriveSchema(V2, {
  version: 3,
  writtenBy: "0.171 –",
  reference: "0.171.0",
  events: V3_EVENT_DECODER,
  storage: (context) => new ShardStorage(context),
  reduce: {
    acceptsToolOutputs: true,
    preparesPrompts: true,
    refsAreUnique: true,
    resolvesWaits: true,
    cellsNameThread: true,
    textDeliveries: false,
    anyMessageId: true,
    skippedItems: new Set(["additional_tools", "configuration_update"]),
    recordingKey: "recording_status",
  },
  state: V3_STATE,
  write: V3_WRITE,
});
