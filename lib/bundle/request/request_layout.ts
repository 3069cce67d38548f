/**
 * Where the parts of a request are in its bytes, and how many of them another request shares.
 *
 * @module
 */

import type { ByteBuffer } from "../byte_buffer.ts";
import type { JsonValue, RequestMember } from "../../format/payload.ts";

const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;

/** The positions of the parts of a request in its bytes. */
export interface RequestLayout {
  /** Offset after the `[` of `input`. */
  inputStart: number;
  /** Offset after each element of `input`. */
  ends: number[];
  /** Offset after the `]`. */
  tailStart: number;
  /** Offset after each member that follows `input`, relative to `tailStart`. */
  memberEnds: number[];
  /** Whether it has `previous_response_id`: then the tail is never shared. */
  hasPreviousResponseId: boolean;
  /** The value of `previous_response_id` before `input`, if any. */
  headPreviousResponseId: JsonValue | undefined;
  /** Sizes of the members before `input`, once they are measured. */
  headSizes?: readonly RequestMember[];
  /** Sizes of the first of `memberEnds`, as far as they are measured. */
  tailSizes: readonly RequestMember[];
}

/** The last full request, which a request is diffed against. */
export interface SharedRequest {
  layout: RequestLayout;
  /** Length of the common prefix in bytes. */
  common: number;
  /** The bytes of the last full request from `tailOffset` to its end. */
  tail: ByteBuffer;
  tailOffset: number;
}

/**
 * Returns how many values are shared when `common` bytes after `base` are: those that end within
 * them. A number that ends exactly at the end may continue differently, as `1` in `12`.
 */
export function countShared(
  ends: readonly number[],
  common: number,
  bytes: Uint8Array,
  base: number,
): number {
  let low = 0;
  let high = ends.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ends[middle] ?? 0) <= common) low = middle + 1;
    else high = middle;
  }
  if (low === 0 || ends[low - 1] !== common) return low;
  const last = bytes[base + common - 1];
  const delimited = last === CLOSE_BRACE || last === CLOSE_BRACKET ||
    last === QUOTE;
  return delimited ? low : low - 1;
}
