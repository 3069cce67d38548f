/**
 * A schema that no release writes: an event, two keys of `state.json` and a changed rule more than
 * schema 3, made as a new folder of `lib/schema/` would make it.
 *
 * @module
 */

import {
  integer,
  nullable,
  required,
  string,
} from "../../lib/format/decode/decode.ts";
import { EventDecoder } from "../../lib/format/events/event_decoder.ts";
import {
  describeEvent,
  ends,
  starts,
  uses,
} from "../../lib/format/events/event_description.ts";
import { withEvents } from "../../lib/format/events/event_table.ts";
import { payloadRef, shardRef } from "../../lib/format/events/payload_ref.ts";
import type { RawPayloadRef } from "../../lib/format/payload.ts";
import type { Integer } from "../../lib/format/vocabulary.ts";
import {
  int64,
  list,
  optional,
  versioned,
} from "../../lib/graph/codec/codec.ts";
import type { AddedHandler } from "../../lib/reduce/rules.ts";
import type { ReducerState } from "../../lib/reduce/state/reducer_state.ts";
import type { ToolRecord } from "../../lib/reduce/state/tool_table.ts";
import { deriveSchema, type Schema } from "../../lib/schema/schema.ts";
import { V3, V3_EVENTS, V3_PAYLOAD_KINDS } from "../../lib/schema/v3.ts";

/** A tool call removed items from its thread. */
export interface ContextTrimmed {
  readonly type: "context_trimmed";
  readonly tool_call_id: string;
  readonly trimmed_items: Integer;
  readonly reason: string | null;
  readonly snapshot_payload: RawPayloadRef | null;
}

const contextTrimmed = describeEvent<ContextTrimmed>("context_trimmed", {
  fields: {
    tool_call_id: required(string),
    trimmed_items: required(integer("u64")),
    reason: nullable(string),
    snapshot_payload: nullable(payloadRef),
  },
  payloadKinds: { snapshot_payload: ["compaction_checkpoint"] },
  subjects: (event) => [{ space: "tool_call", id: event.tool_call_id }],
  lifecycle: (event) => {
    const pruning = `${event.tool_call_id}:${event.trimmed_items}`;
    return [
      uses("tool_call", event.tool_call_id),
      starts("compaction_request", pruning),
      ends("compaction_request", pruning),
    ];
  },
  phase: "output",
  lost: "what the call trimmed",
});

/** A tool call with the key that schema 99 adds. */
type PruningCall = ToolRecord["call"] & { trimmed_items?: Integer[] };

const reduceContextTrimmed: AddedHandler = (
  state: ReducerState,
  payload,
) => {
  const event = payload as ContextTrimmed;
  const call: PruningCall = state.tools.known(event.tool_call_id, null).call;
  (call.trimmed_items ??= []).push(event.trimmed_items);
};

/** Schema 99. */
export const V99: Schema = deriveSchema(V3, {
  version: 99,
  writtenBy: "0.999 –",
  reference: "0.999.0",
  events: new EventDecoder(
    withEvents(V3_EVENTS, [{ add: contextTrimmed, after: "tool_call_ended" }]),
    shardRef(V3_PAYLOAD_KINDS),
  ),
  reduce: {
    hidesUnacceptedOutput: false,
    addedHandlers: { context_trimmed: reduceContextTrimmed },
  },
  state: {
    ...V3.state,
    added: {
      root: [{
        key: "pruning_version",
        codec: versioned(int64, 1),
        after: "recording_status",
      }],
      tool_call: [{
        key: "trimmed_items",
        codec: optional(list(int64)),
        after: "mcp_call_id",
      }],
    },
  },
});
