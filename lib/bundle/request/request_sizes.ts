/**
 * The sizes of the parts of a request as it was sent: without the indentation that recorders add.
 *
 * @module
 */

import { type JsonNode, parseExact } from "../../format/json/json_parse.ts";
import { compactJson } from "../../format/json/json_print.ts";
import {
  compactSize,
  skipSpace,
  walkMembers,
} from "../../format/json/json_bytes.ts";
import type { RequestMember, RequestSizes } from "../../format/payload.ts";
import type { ByteBuffer } from "../byte_buffer.ts";
import type { RequestLayout } from "./request_layout.ts";
import type { ReadRequest } from "./shared_request_reader.ts";

const CLOSE_BRACE = 0x7d;
const encoder = new TextEncoder();

/** Returns the sizes of a request that was read. */
export function sizesOf({ window, layout, loaded }: ReadRequest): RequestSizes {
  return layout === undefined
    ? sizesOfValue(parseExact(loaded.text()))
    : sizesByLayout(loaded, layout, window.shared);
}

/** Returns the sizes of a request with a known layout; stores those of members in it. */
function sizesByLayout(
  loaded: ByteBuffer,
  layout: RequestLayout,
  shared: number,
): RequestSizes {
  const { bytes } = loaded;
  const { inputStart, ends } = layout;
  const fresh: number[] = [];
  let from = shared === 0 ? inputStart : ends[shared - 1] ?? inputStart;
  for (let index = shared; index < ends.length; index++) {
    const end = ends[index] ?? from;
    // One comma separates two elements.
    fresh.push(compactSize(bytes, from, end) - (index === 0 ? 0 : 1));
    from = end;
  }
  const open = skipSpace(bytes, 0) + 1;
  layout.headSizes ??= memberSizes(loaded, open, inputStart - 1);
  layout.tailSizes = tailSizes(loaded, layout);
  return { fresh, members: [...layout.headSizes, ...layout.tailSizes] };
}

/** Sizes of the members after `input`; only those that have none yet are measured. */
function tailSizes(
  loaded: ByteBuffer,
  { tailStart, memberEnds, tailSizes: known }: RequestLayout,
): readonly RequestMember[] {
  const end = memberEnds[known.length - 1] ?? 0;
  const next = skipSpace(loaded.bytes, tailStart + end);
  return loaded.bytes[next] === CLOSE_BRACE
    ? known
    : [...known, ...memberSizes(loaded, next + 1, loaded.length)];
}

/** Sizes of the members from `at` to the one whose value is at `until`. */
function memberSizes(
  loaded: ByteBuffer,
  at: number,
  until: number,
): RequestMember[] {
  const { bytes, length } = loaded;
  const members: RequestMember[] = [];
  let key = "";
  let start = 0;
  walkMembers(bytes, at, length, (keyStart, keyEnd, valueStart) => {
    if (valueStart >= until) return false;
    key = String(JSON.parse(loaded.text(keyStart, keyEnd)));
    start = keyStart;
    return true;
  }, (end) => {
    members.push({ key, bytes: compactSize(bytes, start, end) });
  });
  return members;
}

/** Returns the sizes of a request of an unusual form, from its exact value. */
function sizesOfValue(root: JsonNode): RequestSizes {
  const fresh: number[] = [];
  const members: RequestMember[] = [];
  for (const [key, value] of root instanceof Map ? root : []) {
    if (key === "input" && Array.isArray(value)) {
      for (const element of value) fresh.push(sizeOf(element));
    } else {
      members.push({ key, bytes: sizeOf(key) + 1 + sizeOf(value) });
    }
  }
  return { fresh, members };
}

function sizeOf(node: JsonNode): number {
  return encoder.encode(compactJson(node)).length;
}
