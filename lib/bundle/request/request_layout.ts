/**
 * Where the parts of a request stand in its bytes.
 *
 * @module
 */

import type { JsonValue } from "../../format/payload.ts";
import type { ByteBuffer } from "../byte_buffer.ts";

const CLOSE_BRACE = 0x7d;
const CLOSE_BRACKET = 0x5d;
const QUOTE = 0x22;

/** Where the parts of a request stand in its bytes. */
export interface RequestLayout {
  /** Offset after the `[` of `input`. */
  inputStart: number;
  /** Offset after each element of `input`. */
  ends: number[];
  /** Offset after the `]`. */
  tailStart: number;
  /** Offset after each member that follows `input`, relative to `tailStart`. */
  memberEnds: number[];
  /** Whether `previous_response_id` stands anywhere: then the tail is never shared. */
  namesPrevious: boolean;
  /** The value of `previous_response_id` before `input`, if any. */
  headPrevious: JsonValue | undefined;
}

/** What a request is told against: the last full one. */
export interface SharedRequest {
  layout: RequestLayout;
  /** How many bytes from the start both share. */
  common: number;
  /** Where the other one's bytes stand from offset `tailFrom` on. */
  tail: ByteBuffer;
  tailFrom: number;
}

/**
 * How many values are the same when `common` bytes after `base` are: those that end within
 * them. A number that ends exactly there may go on differently, as `1` does in `12`.
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
