/**
 * Blocks of zstd, byte by byte, and how a shard is refused.
 *
 * @module
 */

import { assertThrows } from "@std/assert";
import { decompressShard } from "../../../lib/bundle/shard/decompress_shard.ts";
import {
  ShardError,
  type ShardErrorCode,
} from "../../../lib/bundle/shard/shard_error.ts";
import { joined } from "../../support/bundles/zstd_frames.ts";

/** A frame without a checksum, as far as the first block. */
export const HEADER = "28 b5 2f fd 00 68";
/** An empty raw block that ends a frame. */
export const LAST = "01 00 00";
/** Values of `minRuntimeFrame`: no frame is left to the runtime, or every one. */
export const [OWN, RUNTIME] = [Infinity, 0];
/** Content that no test goes beyond. */
export const ENOUGH = 1024 * 1024;

const TYPES = { raw: 0, rle: 1, compressed: 2, reserved: 3 };

/** A block: its header with a `size` of any kind, and its data. */
export function block(
  type: keyof typeof TYPES,
  data: string | Uint8Array,
  { size = piece(data).length, isLast = false } = {},
): Uint8Array {
  const word = size << 3 | TYPES[type] << 1 | Number(isLast);
  const header = Uint8Array.of(word & 0xff, word >> 8 & 0xff, word >> 16);
  return joined([header, piece(data)]);
}

/** Pieces in hexadecimal digits, or as they are. */
export function bytes(...pieces: readonly (string | Uint8Array)[]): Uint8Array {
  return joined(pieces.map(piece));
}

function piece(value: string | Uint8Array): Uint8Array {
  if (typeof value !== "string") return value;
  return Uint8Array.from(
    value.split(" ").filter((digits) => digits !== ""),
    (digits) => parseInt(digits, 16),
  );
}

/** The bytes of a text. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The content of a shard as text, and whether it is sealed. */
export function contentOf(
  file: Uint8Array,
  minRuntimeFrame?: number,
): [text: string, isSealed: boolean] {
  const content = decompressShard(file, ENOUGH, minRuntimeFrame);
  return [new TextDecoder().decode(content.bytes), content.isSealed];
}

/** Asserts that a shard is refused. */
export function assertRefused(
  file: Uint8Array,
  code: ShardErrorCode,
  message: string = "",
): void {
  const error = assertThrows(() => contentOf(file), ShardError, message);
  if (error.code !== code) throw error;
}

/** The code of the error that an action throws, or what it returns. */
export function errorCode(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error instanceof Error && "code" in error ? error.code : error;
  }
}
