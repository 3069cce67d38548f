/**
 * The members of a request that follow `input`, such as the tools: long, and mostly the same
 * from request to request.
 *
 * @module
 */

import {
  JsonScanError,
  skipSpace,
  walkMembers,
} from "../../format/json/json_bytes.ts";
import { isJsonObject, type JsonValue } from "../../format/payload.ts";
import type { ByteBuffer } from "../byte_buffer.ts";
import type { PrefixComparer } from "./common_prefix.ts";
import type { JsonReader } from "../json_reader.ts";
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
  if (against !== undefined && !against.last.layout.namesPrevious) {
    const { memberEnds } = against.last.layout;
    const common = commonTail(loaded, layout.tailStart, against);
    const members = countShared(
      memberEnds,
      common,
      loaded.bytes,
      layout.tailStart,
    );
    layout.memberEnds = memberEnds.slice(0, members);
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

/** How many bytes after `input` are the same in both requests. */
function commonTail(
  loaded: ByteBuffer,
  start: number,
  { last, comparer }: { last: SharedRequest; comparer: PrefixComparer },
): number {
  const { tail, tailFrom, layout: old } = last;
  // Where the requests differ only behind their lists, the comparison is done already.
  if (old.tailStart < tailFrom) return last.common - old.tailStart;
  const from = old.tailStart - tailFrom;
  const limit = Math.min(tail.length - from, loaded.length - start);
  return comparer.commonPrefix(tail, from, loaded, start, limit);
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
