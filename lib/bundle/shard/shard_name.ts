/**
 * The names of shard files.
 *
 * @module
 */

import type { Integer } from "../../format/vocabulary.ts";

const MIN_DIGITS = 6;

/**
 * The file of a shard, relative to the bundle: `payloads/000001.zst`.
 *
 * Only a number makes the name, so that no reference can name a file outside the bundle.
 *
 * @param shard The number of the shard, from 0 to 2^64 - 1.
 */
export function shardFile(shard: Integer): string {
  // A number above 2^53 would be printed with an exponent or rounded; a bigint is not.
  const digits = BigInt(shard).toString().padStart(MIN_DIGITS, "0");
  return `payloads/${digits}.zst`;
}
