/**
 * The sizes of the parts of a request as it was sent: without the indentation that recorders add.
 *
 * @module
 */

import type { JsonNode } from "../../format/json/json_parse.ts";
import { compactJson } from "../../format/json/json_print.ts";
import {
  compactSize,
  skipSpace,
  walkMembers,
} from "../../format/json/json_bytes.ts";
import type { RequestMember, RequestSizes } from "../../format/payload.ts";
import type { ByteBuffer } from "../byte_buffer.ts";
import type { RequestLayout } from "./request_parse.ts";

const CLOSE_BRACE = 0x7d;
const encoder = new TextEncoder();

/** Returns the sizes of a request with a known layout. */
export function sizesByLayout(
  loaded: ByteBuffer,
  layout: RequestLayout,
  shared: number,
): RequestSizes {
  const { bytes, length } = loaded;
  const { inputStart, ends, tailStart } = layout;
  const fresh: number[] = [];
  let from = shared === 0 ? inputStart : ends[shared - 1] ?? inputStart;
  for (const end of ends.slice(shared)) {
    // One comma separates two elements.
    const separators = fresh.length + shared === 0 ? 0 : 1;
    fresh.push(compactSize(bytes, from, end) - separators);
    from = end;
  }
  const members: RequestMember[] = [];
  const open = skipSpace(bytes, 0) + 1;
  sizeMembers(loaded, open, inputStart - 1, members);
  const next = skipSpace(bytes, tailStart);
  if (bytes[next] !== CLOSE_BRACE) {
    sizeMembers(loaded, next + 1, length, members);
  }
  return { fresh, members };
}

/** Adds the sizes of the members from `at` to the one whose value is at `until`. */
function sizeMembers(
  loaded: ByteBuffer,
  at: number,
  until: number,
  members: RequestMember[],
): void {
  const { bytes, length } = loaded;
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
}

/** Returns the sizes of a request of an unusual form, from its exact value. */
export function sizesOfValue(root: JsonNode): RequestSizes {
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
