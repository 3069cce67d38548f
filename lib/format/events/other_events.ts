/**
 * Events that are kept as evidence, without a rule that reads them.
 *
 * @module
 */

import { list, required, string } from "../decode/decode.ts";
import { anyJson } from "../decode/vocabulary_decoders.ts";
import type { EventOf } from "../event.ts";
import { describeEvent, none } from "./event_description.ts";
import { payloadRef } from "./payload_ref.ts";

/** Codex emits an event of its own protocol. */
export const protocolEventObserved = describeEvent<
  EventOf<"protocol_event_observed">
>("protocol_event_observed", {
  fields: {
    event_type: required(string),
    event_payload: required(payloadRef),
  },
  payloadKinds: { event_payload: ["protocol_event"] },
  subjects: none,
  lifecycle: none,
  phase: undefined,
  lost: "nothing of the graph",
});

/** Anything that the format does not name. */
export const other = describeEvent<EventOf<"other">>("other", {
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
});
