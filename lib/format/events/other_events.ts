/**
 * Events of results that agents deliver, and events that are kept as evidence only.
 *
 * @module
 */

import { list, nullable, required, string } from "../decode/decode.ts";
import { anyJson } from "../decode/vocabulary_decoders.ts";
import { none, uses } from "./event_description.ts";
import { describeEvents } from "./event_table.ts";
import { payloadRef } from "./payload_ref.ts";

/** Events of agents' results, and those that are evidence only. */
export const OTHER_EVENTS = describeEvents({
  agent_result_observed: {
    fields: {
      edge_id: required(string),
      child_thread_id: required(string),
      child_codex_turn_id: required(string),
      parent_thread_id: required(string),
      message: required(string),
      carried_payload: nullable(payloadRef),
    },
    payloadKinds: { carried_payload: ["agent_result"] },
    subjects: (event) => [
      { space: "edge", id: event.edge_id },
      { space: "turn", id: event.child_codex_turn_id },
    ],
    lifecycle: (event) => [
      uses("thread", event.child_thread_id),
      uses("codex_turn", event.child_codex_turn_id),
      uses("thread", event.parent_thread_id),
    ],
    phase: "end",
    lost: "the edge by which the result reached the parent",
  },
  protocol_event_observed: {
    fields: {
      event_type: required(string),
      event_payload: required(payloadRef),
    },
    payloadKinds: { event_payload: ["protocol_event"] },
    subjects: none,
    lifecycle: none,
    phase: undefined,
    lost: "nothing of the graph",
  },
  /** Anything that the format does not name. */
  other: {
    fields: {
      kind: required(string),
      summary: required(string),
      payloads: required(list(payloadRef)),
      metadata: required(anyJson),
    },
    payloadKinds: { payloads: "any" },
    subjects: none,
    lifecycle: none,
    phase: undefined,
    lost: "nothing that the format has a name for",
  },
});
