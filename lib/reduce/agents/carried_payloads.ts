/**
 * The payloads that an observation adds to an edge.
 *
 * An edge of a tool call carries all that the call's runtime said so far. Observed again, it
 * lacks only what came since, and only that is looked at.
 *
 * @module
 */

import type { RawPayloadId } from "../../format/ids.ts";
import type { ToolRecord } from "../runtime/tool_table.ts";
import { UniqueIds } from "../unique_ids.ts";

/** Ids of payloads for the list of an edge. */
export interface CarriedPayloads {
  /** A list of them, for a new edge. */
  list(): RawPayloadId[];
  /** Adds them to the list of an edge, each unless it is there. */
  addTo(list: RawPayloadId[], ids: UniqueIds): void;
}

/** These ids. */
export function idsOf(carried: readonly RawPayloadId[]): CarriedPayloads {
  return {
    list: () => [...carried],
    addTo: (list, ids) => carried.forEach((id) => ids.push(list, id)),
  };
}

/** The payloads of a call once the observed one, `id`, is among them. */
export function payloadsOfCall(
  tool: ToolRecord,
  id: RawPayloadId,
): CarriedPayloads {
  const addTo = (list: RawPayloadId[], ids: UniqueIds) => {
    const { call } = tool;
    const add = (each: RawPayloadId | null) => {
      if (each !== null) ids.push(list, each);
    };
    add(call.raw_invocation_payload_id);
    const runtime = call.raw_runtime_payload_ids;
    for (let i = tool.carriedBy.get(list) ?? 0; i < runtime.length; i++) {
      add(runtime[i] ?? null);
    }
    tool.carriedBy.set(list, runtime.length);
    add(id);
    add(call.raw_result_payload_id);
  };
  const list = () => {
    const made: RawPayloadId[] = [];
    addTo(made, new UniqueIds());
    return made;
  };
  return { list, addTo };
}
