/**
 * The members of a request that follow `input`, such as the tools: long, and mostly the same
 * from request to request.
 *
 * @module
 */

import { JsonScanError, skipSpace, walkMembers } from "../format/json_scan.ts";
import { isJsonObject, type JsonValue } from "../format/payload.ts";
import type { ByteBuffer } from "./byte_buffer.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import type { JsonReader } from "./json_reader.ts";
import {
  countShared,
  type RequestLayout,
  type SharedRequest,
} from "./request_layout.ts";

/** Parses the members after `input`, less those the last request has byte for byte. */
export function parseTail(
  loaded: ByteBuffer,
  layout: RequestLayout,
  json: JsonReader,
  against: { last: SharedRequest; comparer: PrefixComparer } | undefined,
): { previous: JsonValue | undefined } | undefined {
  let sharedEnd = 0;
  if (against !== undefined && !layout.namesPrevious) {
    const { buffer, layout: old } = against.last;
    const limit = Math.min(
      buffer.length - old.tailStart,
      loaded.length - layout.tailStart,
    );
    const common = against.comparer.commonPrefix(
      buffer,
      old.tailStart,
      loaded,
      layout.tailStart,
      limit,
    );
    const members = countShared(
      old.memberEnds,
      common,
      buffer.bytes,
      old.tailStart,
    );
    layout.memberEnds = old.memberEnds.slice(0, members);
    sharedEnd = layout.memberEnds[members - 1] ?? 0;
  }
  const rest = loaded.text(layout.tailStart + sharedEnd);
  const wrapped = wrapTail(rest);
  if (wrapped === undefined) return undefined;
  const tail = json.parse(wrapped.text);
  if (!isJsonObject(tail) || "input" in tail) return undefined;
  if (wrapped.expectsMembers) noteMembers(loaded, layout, sharedEnd);
  if ("previous_response_id" in tail) layout.namesPrevious = true;
  return { previous: tail["previous_response_id"] };
}

/** Members that follow others, as an object of their own. */
function wrapTail(
  rest: string,
): { text: string; expectsMembers: boolean } | undefined {
  const text = rest.trimStart();
  if (text.startsWith("}")) return { text: `{${text}`, expectsMembers: false };
  if (text.startsWith(",")) {
    return { text: `{${text.slice(1)}`, expectsMembers: true };
  }
  return undefined;
}

/** Notes where the members after `sharedEnd` end, for the next request. */
function noteMembers(
  loaded: ByteBuffer,
  layout: RequestLayout,
  sharedEnd: number,
): void {
  const { bytes, length } = loaded;
  const comma = skipSpace(bytes, layout.tailStart + sharedEnd);
  const before = layout.memberEnds.length;
  walkMembers(bytes, comma + 1, length, () => true, (end) => {
    layout.memberEnds.push(end - layout.tailStart);
  });
  if (layout.memberEnds.length === before) {
    throw new JsonScanError("a member must follow a comma");
  }
}
