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
export interface ContextPruned {
  readonly type: "context_pruned";
  readonly tool_call_id: string;
  readonly pruned_items: Integer;
  readonly reason: string | null;
  readonly snapshot_payload: RawPayloadRef | null;
}

const contextPruned = describeEvent<ContextPruned>("context_pruned", {
  fields: {
    tool_call_id: required(string),
    pruned_items: required(integer("u64")),
    reason: nullable(string),
    snapshot_payload: nullable(payloadRef),
  },
  payloadKinds: { snapshot_payload: ["compaction_checkpoint"] },
  subjects: (event) => [{ space: "tool_call", id: event.tool_call_id }],
  lifecycle: (event) => {
    const pruning = `${event.tool_call_id}:${event.pruned_items}`;
    return [
      uses("tool_call", event.tool_call_id),
      starts("compaction_request", pruning),
      ends("compaction_request", pruning),
    ];
  },
  phase: "output",
  lost: "what the call pruned",
});

/** A tool call with the key that schema 99 adds. */
type PruningCall = ToolRecord["call"] & { pruned_items?: Integer[] };

const reduceContextPruned: AddedHandler = (
  state: ReducerState,
  payload,
) => {
  const event = payload as ContextPruned;
  const call: PruningCall = state.tools.known(event.tool_call_id).call;
  (call.pruned_items ??= []).push(event.pruned_items);
};

/** Schema 99. */
export const V99: Schema = deriveSchema(V3, {
  version: 99,
  writtenBy: "0.999 –",
  reference: "0.999.0",
  events: new EventDecoder(
    withEvents(V3_EVENTS, [{ add: contextPruned, after: "tool_call_ended" }]),
    shardRef(V3_PAYLOAD_KINDS),
  ),
  reduce: {
    hidesUnacceptedOutput: false,
    addedHandlers: { context_pruned: reduceContextPruned },
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
        key: "pruned_items",
        codec: optional(list(int64)),
        after: "mcp_call_id",
      }],
    },
  },
});
