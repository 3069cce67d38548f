/**
 * The payloads behind an object, in the order in which they came to be.
 *
 * @module
 */

import type { Pointer } from "../../report_data.ts";
import type { Model } from "../model/model.ts";
import type { Found } from "../model/objects.ts";

/** Ids of the payloads that an object, or an event about it, names. */
export function payloadsOf(model: Model, pointer: Pointer): string[] {
  const found = model.find(pointer);
  if (found === undefined) return [];
  const ids = [
    ...named(found),
    ...model.eventsAbout(pointer).flatMap(({ payload_ids: ids }) => [...ids]),
  ];
  return [...new Set(ids.filter((id) => id !== null))];
}

function named(found: Found): readonly (string | null)[] {
  switch (found.kind) {
    case "thread":
    case "turn":
    case "terminal_session":
    case "compaction":
    case "payload":
      return [];
    case "item":
      return found.row.parts.map(({ payload_id: id }) => id);
    case "inference_call":
      return [
        found.row.request_payload_id,
        found.row.prepared_payload_id,
        found.row.warmup_payload_id,
        found.row.response_payload_id,
      ];
    case "compaction_request":
      return [found.row.request_payload_id, found.row.response_payload_id];
    case "tool_call":
      return [
        found.row.invocation_payload_id,
        ...found.row.runtime_payload_ids,
        found.row.result_payload_id,
      ];
    case "code_cell":
      return [
        found.row.initial_response_payload_id,
        found.row.result_payload_id,
      ];
    case "terminal_operation":
      return found.row.payload_ids;
    case "edge":
      return found.row.carried_payload_ids;
  }
}
