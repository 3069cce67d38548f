/**
 * The event of a result that an agent gives to its parent.
 *
 * @module
 */

import { optional, required, string } from "../decode/decode.ts";
import type { EventOf } from "../event.ts";
import { describeEvent } from "./event_description.ts";
import { uses } from "./lifecycle.ts";
import { payloadRef } from "./payload_ref.ts";

/** The result of a child thread is given to its parent. */
export const agentResultObserved = describeEvent<
  EventOf<"agent_result_observed">
>("agent_result_observed", {
  fields: {
    edge_id: required(string),
    child_thread_id: required(string),
    child_codex_turn_id: required(string),
    parent_thread_id: required(string),
    message: required(string),
    carried_payload: optional(payloadRef),
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
});
