/**
 * The frames and blocks of a zstd stream (RFC 8878), found without decompressing.
 *
 * A stream may end anywhere: what is there of its last frame is described as far as it goes.
 * Errors are those of the reference decoder (libzstd, streaming, window of at most 8 MiB).
 *
 * @module
 */

import { corrupt, ShardError } from "../shard_error.ts";

const MAGIC = 0xfd2fb528;
/** The first of sixteen. */
const SKIPPABLE_MAGIC = 0x184d2a50;
const MAGIC_LENGTH = 4;
/** The magic number and the size of a skippable frame. */
const SKIPPABLE_HEADER = 8;
const BLOCK_HEADER = 3;
const CHECKSUM_LENGTH = 4;
/** Bytes of the shortest frame header. A header is decoded only when all of it is there. */
const MIN_HEADER = 6;

/** Bytes that a block may have, compressed or not. */
export const MAX_BLOCK = 128 * 1024;
/** Bytes a frame may refer back to. Codex writes this window and refuses a larger one. */
export const MAX_WINDOW = 8 * 1024 * 1024;

/** The fields of the header of a frame. */
export interface FrameHeader {
  /** Where the first block begins. */
  readonly blocks: number;
  /** How far back a match may refer. */
  readonly windowSize: number;
  /** Bytes that a block of this frame may have. */
  readonly maxBlock: number;
  /** Bytes of the content; `undefined` if the header does not have it. */
  readonly contentSize: number | undefined;
  /** Whether a checksum follows the last block. */
  readonly hasChecksum: boolean;
}

/** A part of the stream that can be decompressed, or skipped, on its own. */
export interface ZstdFrame {
  /** Where it ends, or where the stream ends inside it. */
  readonly end: number;
  /** Whether all of it is there. */
  readonly isComplete: boolean;
  /** `undefined` for a skippable frame, and when the stream ends inside the header. */
  readonly header: FrameHeader | undefined;
}

/** How the content of a block is stored. */
export type BlockType = "raw" | "rle" | "compressed";

/** A block, or as much of it as is there. */
export interface ZstdBlock {
  readonly type: BlockType;
  readonly isLast: boolean;
  /** Where its data begins. */
  readonly start: number;
  /** Where its data ends, or where the stream ends inside it. */
  readonly end: number;
  /** The size in the block header: that of the content of an RLE block, else that of the data. */
  readonly size: number;
  readonly isComplete: boolean;
}

/**
 * The frame that begins at `start`, before the end of the stream.
 *
 * @throws {ShardError} If no frame begins there, or if one breaks the format.
 */
export function readFrame(bytes: Uint8Array, start: number): ZstdFrame {
  checkMagic(bytes, start);
  if ((bytes[start] ?? 0) !== (MAGIC & 0xff)) return skippable(bytes, start);
  const header = readHeader(bytes, start);
  if (header === undefined) return truncated(bytes, header);
  for (let at = header.blocks;;) {
    const block = readBlock(bytes, at, header);
    if (block === undefined || !block.isComplete) {
      return truncated(bytes, header);
    }
    at = block.end;
    if (!block.isLast) continue;
    const end = at + (header.hasChecksum ? CHECKSUM_LENGTH : 0);
    if (end > bytes.length) return truncated(bytes, header);
    return { end, isComplete: true, header };
  }
}

/**
 * The block whose header is at `at`; `undefined` when the stream ends inside the block header.
 *
 * @throws {ShardError} If the block breaks the format.
 */
export function readBlock(
  bytes: Uint8Array,
  at: number,
  { maxBlock }: FrameHeader,
): ZstdBlock | undefined {
  const start = at + BLOCK_HEADER;
  if (start > bytes.length) return undefined;
  const word = littleEndian(bytes, at, BLOCK_HEADER);
  const type = BLOCK_TYPES[word >> 1 & 3];
  if (type === undefined) throw corrupt("a block of the reserved type");
  const size = word >> 3;
  const stored = type === "rle" ? 1 : size;
  const isComplete = start + stored <= bytes.length;
  // The reference checks the size of an RLE block only when its byte is there.
  if (size > maxBlock && (type !== "rle" || isComplete)) {
    throw corrupt(
      `a block of ${size} bytes in a frame that allows ${maxBlock}`,
    );
  }
  return {
    type,
    isLast: (word & 1) === 1,
    start,
    end: Math.min(start + stored, bytes.length),
    size,
    isComplete,
  };
}

const BLOCK_TYPES: readonly (BlockType | undefined)[] = [
  "raw",
  "rle",
  "compressed",
  undefined,
];

/** Refuses everything but a magic number, or the first bytes of one at the end of the stream. */
function checkMagic(bytes: Uint8Array, start: number): void {
  const length = Math.min(MAGIC_LENGTH, bytes.length - start);
  const mask = 2 ** (8 * length) - 1;
  const found = littleEndian(bytes, start, length);
  const isFrame = found === (MAGIC & mask) >>> 0;
  const isSkippable = ((found ^ SKIPPABLE_MAGIC) & mask & ~0xf) === 0;
  if (isFrame || isSkippable) return;
  throw corrupt(`no zstd frame begins at byte ${start}`);
}

function skippable(bytes: Uint8Array, start: number): ZstdFrame {
  const header = start + SKIPPABLE_HEADER;
  if (header > bytes.length) return truncated(bytes, undefined);
  const end = header + littleEndian(bytes, start + MAGIC_LENGTH, 4);
  if (end > bytes.length) return truncated(bytes, undefined);
  return { end, isComplete: true, header: undefined };
}

function truncated(
  bytes: Uint8Array,
  header: FrameHeader | undefined,
): ZstdFrame {
  return { end: bytes.length, isComplete: false, header };
}

function readHeader(bytes: Uint8Array, start: number): FrameHeader | undefined {
  if (start + MIN_HEADER > bytes.length) return undefined;
  const descriptor = bytes[start + MAGIC_LENGTH] ?? 0;
  const isSingleSegment = (descriptor & 0x20) !== 0;
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const sizeCode = descriptor >> 6;
  const sizeLength = sizeCode === 0 ? Number(isSingleSegment) : 1 << sizeCode;
  const dictionary = start + MAGIC_LENGTH + (isSingleSegment ? 1 : 2);
  const blocks = dictionary + dictionaryLength + sizeLength;
  if (blocks > bytes.length) return undefined;
  if ((descriptor & 8) !== 0) throw corrupt("a reserved bit of a frame is set");
  const contentSize = readContentSize(
    bytes,
    dictionary + dictionaryLength,
    sizeLength,
  );
  const windowSize = isSingleSegment
    ? contentSize ?? Infinity
    : windowOf(bytes[start + MAGIC_LENGTH + 1] ?? 0);
  if (windowSize > MAX_WINDOW) throw windowTooLarge(windowSize);
  if (littleEndian(bytes, dictionary, dictionaryLength) !== 0) {
    throw new ShardError("dictionary_required", "needs a dictionary");
  }
  return {
    blocks,
    windowSize,
    maxBlock: Math.min(windowSize, MAX_BLOCK),
    contentSize,
    hasChecksum: (descriptor & 4) !== 0,
  };
}

function readContentSize(
  bytes: Uint8Array,
  at: number,
  length: number,
): number | undefined {
  if (length === 0) return undefined;
  if (length === 2) return littleEndian(bytes, at, 2) + 256;
  if (length < 8) return littleEndian(bytes, at, length);
  const [low, high] = [
    littleEndian(bytes, at, 4),
    littleEndian(bytes, at + 4, 4),
  ];
  // The reference decoder uses the largest size for "unknown".
  if (low === 0xffffffff && high === 0xffffffff) return undefined;
  return high * 2 ** 32 + low;
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + base / 8 * (descriptor & 7);
}

function windowTooLarge(size: number): ShardError {
  return new ShardError(
    "window_too_large",
    `needs a window of ${size} bytes; at most ${MAX_WINDOW} are allowed`,
  );
}

/** An unsigned integer of up to four bytes. */
function littleEndian(bytes: Uint8Array, at: number, length: number): number {
  let value = 0;
  for (let i = 0; i < length; i++) value += (bytes[at + i] ?? 0) * 2 ** (8 * i);
  return value;
}
