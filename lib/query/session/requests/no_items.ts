/**
 * Which elements of a request are no items of the conversation.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../../../format/payload.ts";
import type { RolloutTrace } from "../../../graph/rollout_trace.ts";
import { PartMarkers } from "../../../reduce/items/part_markers.ts";
import { NEWEST_SCHEMA, schemaOf } from "../../../schema/registry.ts";

/** Whether an element is not an item. */
export type IsNoItem = (element: JsonValue | undefined) => boolean;

/** As much of a session as the rules of its schema depend on. */
export interface OfSchema {
  /** The graph. */
  readonly trace: Pick<RolloutTrace, "schema_version">;
}

/** The answer for the elements of one payload of a session. */
export function noItemsIn({ trace }: OfSchema, ref: RawPayloadRef): IsNoItem {
  const schema = schemaOf(trace.schema_version) ?? NEWEST_SCHEMA;
  const { skippedItems } = schema.reduce;
  const markers = new PartMarkers(ref);
  return (element) => {
    if (markers.partOf(element) !== undefined) return true;
    const type = isJsonObject(element) ? element["type"] : undefined;
    return typeof type === "string" && skippedItems.has(type);
  };
}
