/**
 * How many bytes of a payload were sent and not recorded.
 *
 * Where a part of it was truncated or omitted, a marker is in its text, of another size than the
 * part had.
 *
 * @module
 */

import {
  isComplete,
  type JsonValue,
  type RawPayloadRef,
} from "../../../format/payload.ts";
import { MARKER_KEY, PartMarkers } from "../../../reduce/items/part_markers.ts";
import { utf8Length } from "../../../text/utf8_length.ts";

/** Bytes that are missing from the text of a value in comparison with what was sent. */
export type MissingBytes = (value: JsonValue) => number;

const NOTHING_MISSING: MissingBytes = () => 0;

/** The answer for values of one payload. */
export function missingBytesIn(ref: RawPayloadRef): MissingBytes {
  if (isComplete(ref)) return NOTHING_MISSING;
  const markers = new PartMarkers(ref);
  const sizes = originalSizes(ref);
  const missingIn: MissingBytes = (value) => {
    const id = markers.partOf(value);
    if (id !== undefined) {
      const marker = utf8Length(JSON.stringify({ [MARKER_KEY]: id }));
      return (sizes.get(id) ?? marker) - marker;
    }
    if (typeof value !== "object" || value === null) return 0;
    const members = Array.isArray(value) ? value : Object.values(value);
    return members.reduce<number>((sum, each) => sum + missingIn(each), 0);
  };
  return missingIn;
}

/** Bytes that each missing part had, by its id. */
function originalSizes(ref: RawPayloadRef): Map<string, number> {
  const sizes = new Map<string, number>();
  const pending = [ref];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { capture, parts, raw_payload_id: id } = next;
    if (capture !== undefined) sizes.set(id, Number(capture.original_bytes));
    else for (const part of parts ?? []) pending.push(part);
  }
  return sizes;
}
