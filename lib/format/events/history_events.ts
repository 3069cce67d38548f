/**
 * The event of an item that Codex accepts into its history.
 *
 * @module
 */

import { omissible, required, string, unread } from "../decode/decode.ts";
import type { EventOf } from "../event.ts";
import { describeEvent, none } from "./event_description.ts";
import { payloadRef } from "./payload_ref.ts";

/** An item is accepted into the history of a thread. */
export const historyItemAccepted = describeEvent<
  EventOf<"history_item_accepted">
>("history_item_accepted", {
  fields: {
    item_id: required(string),
    agent_message_payload: omissible(payloadRef),
    tool_output_payload: unread(null),
  },
  payloadKinds: {
    agent_message_payload: ["protocol_event"],
    tool_output_payload: ["protocol_event"],
  },
  subjects: (event) => [{ space: "responses_item", id: event.item_id }],
  lifecycle: none,
  phase: "start",
  lost: "when the item was accepted into history",
});
