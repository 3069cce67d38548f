/**
 * Which elements of a request or a response are not items of the conversation: the reduction
 * skips them, so that the items behind them have lower places.
 *
 * @module
 */

import {
  isJsonObject,
  type JsonValue,
  type RawPayloadRef,
} from "../../../format/payload.ts";
import { PartMarkers } from "../../../reduce/items/part_markers.ts";
import { NEWEST_SCHEMA, schemaOf } from "../../../schema/registry.ts";
import type { Session } from "../../session/session.ts";

/** Whether an element is not an item. */
export type IsNoItem = (element: JsonValue | undefined) => boolean;

/** The answer for the elements of one payload of a session. */
export function noItemsIn(
  { trace }: Pick<Session, "trace">,
  ref: RawPayloadRef,
): IsNoItem {
  const schema = schemaOf(trace.schema_version) ?? NEWEST_SCHEMA;
  const { skippedItems } = schema.reduce;
  const markers = new PartMarkers(ref);
  return (element) => {
    if (markers.partOf(element) !== undefined) return true;
    const type = isJsonObject(element) ? element["type"] : undefined;
    return typeof type === "string" && skippedItems.has(type);
  };
}
