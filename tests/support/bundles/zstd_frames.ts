/**
 * Frames of zstd with every detail of the form under control: blocks, header, checksum, and
 * whether the frame ends.
 *
 * The compressed blocks are from `node:zlib` where it has zstd. Where it does not (Deno 2.6),
 * blocks are raw or RLE, which every decoder must read as well.
 *
 * @module
 */

import { decompress } from "fzstd";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** The form of one frame. */
export interface FrameForm {
  /** Blocks with or without compression; compressed by default. */
  coding?: "compressed" | "plain";
  /** True for a checksum behind the last block; true by default. */
  checksum?: boolean;
  /** True for a frame that ends; without an end neither a last block nor a checksum follows. */
  ended?: boolean;
  /** True to name the size of the content in the header; false by default. */
  contentSize?: boolean;
  /** True to end the frame with an empty block, as Codex does; false by default. */
  emptyLastBlock?: boolean;
  /** Most bytes of a plain block; 131072, the limit of the format, by default. */
  blockBytes?: number;
}

/** What a zstd stream contains. */
export interface UnpackedStream {
  /** The content as far as complete blocks contain it. */
  content: Uint8Array;
  /** False when the stream ends inside a frame. */
  sealed: boolean;
}

const MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** A window of 8 MiB, as Codex writes it and the largest that it reads. */
const WINDOW = 0x68;
const MAX_BLOCK_BYTES = 128 * 1024;

const MASK = (1n << 64n) - 1n;
const PRIMES = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const;
const [P1, P2, P3, P4, P5] = PRIMES;

function rotate(value: bigint, by: bigint): bigint {
  return ((value << by) | (value >> (64n - by))) & MASK;
}

function round(sum: bigint, lane: bigint): bigint {
  return (rotate((sum + lane * P2) & MASK, 31n) * P1) & MASK;
}

/** The XXH64 hash of the bytes, seed 0. */
export function xxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  let hash: bigint = P5;
  if (bytes.length >= 32) {
    const sums = [P1 + P2, P2, 0n, -P1].map((sum) => sum & MASK);
    for (; at + 32 <= bytes.length; at += 32) {
      for (let i = 0; i < 4; i++) {
        const lane = view.getBigUint64(at + 8 * i, true);
        sums[i] = round(sums[i] ?? 0n, lane);
      }
    }
    const turns = [1n, 7n, 12n, 18n];
    hash = sums.reduce((all, sum, i) => all + rotate(sum, turns[i] ?? 0n), 0n);
    for (const sum of sums) {
      hash = ((hash ^ round(0n, sum)) * P1 + P4) & MASK;
    }
  }
  return finish((hash + BigInt(bytes.length)) & MASK, view, at);
}

function finish(start: bigint, view: DataView, from: number): bigint {
  let hash: bigint = start;
  let at = from;
  for (; at + 8 <= view.byteLength; at += 8) {
    hash ^= round(0n, view.getBigUint64(at, true));
    hash = (rotate(hash, 27n) * P1 + P4) & MASK;
  }
  if (at + 4 <= view.byteLength) {
    hash ^= (BigInt(view.getUint32(at, true)) * P1) & MASK;
    hash = (rotate(hash, 23n) * P2 + P3) & MASK;
    at += 4;
  }
  for (; at < view.byteLength; at++) {
    hash ^= (BigInt(view.getUint8(at)) * P5) & MASK;
    hash = (rotate(hash, 11n) * P1) & MASK;
  }
  hash = ((hash ^ (hash >> 33n)) * P2) & MASK;
  hash = ((hash ^ (hash >> 29n)) * P3) & MASK;
  return hash ^ (hash >> 32n);
}

/** One block with its header. */
function block(
  type: 0 | 1 | 2,
  size: number,
  body: Uint8Array,
): Uint8Array {
  const header = (size << 3) | (type << 1);
  const bytes = new Uint8Array(3 + body.length);
  bytes.set([header & 0xff, (header >> 8) & 0xff, (header >> 16) & 0xff]);
  bytes.set(body, 3);
  return bytes;
}

/** Raw blocks, or RLE blocks where all bytes are the same. */
function plainBlocks(content: Uint8Array, most: number): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += most) {
    const piece = content.subarray(at, at + most);
    const same = piece.length > 1 && piece.every((byte) => byte === piece[0]);
    blocks.push(
      same
        ? block(1, piece.length, piece.subarray(0, 1))
        : block(0, piece.length, piece),
    );
  }
  return blocks;
}

/** The header of a frame: its length, and what the descriptor declares. */
function headerOf(bytes: Uint8Array): { length: number; checksum: boolean } {
  const descriptor = bytes[4] ?? 0;
  const single = (descriptor & 0x20) !== 0;
  const sizeBytes = [single ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const length = 5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
  return { length, checksum: (descriptor & 4) !== 0 };
}

/** The blocks of the frame that starts at `from`; `end` is undefined where the frame has none. */
function blocksAt(
  bytes: Uint8Array,
  from: number,
): { blocks: Uint8Array[]; end: number | undefined } {
  const header = headerOf(bytes.subarray(from));
  const blocks: Uint8Array[] = [];
  let at = from + header.length;
  while (at + 3 <= bytes.length) {
    const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
    const word = a | (b << 8) | (c << 16);
    const size = ((word >> 1) & 3) === 1 ? 1 : word >> 3;
    if (at + 3 + size > bytes.length) break;
    const copy = bytes.slice(at, at + 3 + size);
    copy[0] = a & 0xfe;
    blocks.push(copy);
    at += 3 + size;
    if ((word & 1) === 0) continue;
    const end = at + (header.checksum ? 4 : 0);
    return { blocks, end: end > bytes.length ? undefined : end };
  }
  return { blocks, end: undefined };
}

function hasCompression(): boolean {
  try {
    zstdCompressSync(new Uint8Array(1));
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

/** True where `node:zlib` compresses with zstd. */
export const CAN_COMPRESS: boolean = hasCompression();

function header(content: Uint8Array, form: FrameForm): Uint8Array {
  const checksum = form.checksum === false ? 0 : 4;
  if (form.contentSize !== true) {
    return Uint8Array.of(...MAGIC, checksum, WINDOW);
  }
  const size = new DataView(new ArrayBuffer(8));
  size.setBigUint64(0, BigInt(content.length), true);
  const bytes = new Uint8Array(size.buffer);
  return Uint8Array.of(...MAGIC, 0xc0 | checksum, WINDOW, ...bytes);
}

/** Pieces one after the other. */
export function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** The content as one frame. */
export function zstdFrame(
  content: Uint8Array,
  form: FrameForm = {},
): Uint8Array {
  const compress = form.coding !== "plain" && CAN_COMPRESS;
  const blocks = compress
    ? blocksAt(zstdCompressSync(content), 0).blocks
    : plainBlocks(content, form.blockBytes ?? MAX_BLOCK_BYTES);
  const pieces = [header(content, form), ...blocks];
  if (form.ended === false) return joined(pieces);
  if (form.emptyLastBlock === true || blocks.length === 0) {
    pieces.push(block(0, 0, new Uint8Array()));
  }
  const last = pieces.at(-1);
  if (last !== undefined) last[0] = (last[0] ?? 0) | 1;
  if (form.checksum !== false) {
    const sum = new DataView(new ArrayBuffer(4));
    sum.setUint32(0, Number(xxh64(content) & 0xffffffffn), true);
    pieces.push(new Uint8Array(sum.buffer));
  }
  return joined(pieces);
}

/** A frame that decoders skip. */
export function skippableFrame(content: Uint8Array): Uint8Array {
  const start = new DataView(new ArrayBuffer(8));
  start.setUint32(0, 0x184d2a50, true);
  start.setUint32(4, content.length, true);
  return joined([new Uint8Array(start.buffer), content]);
}

/**
 * Reads a zstd stream block by block; of a frame without an end, the complete blocks.
 *
 * Checksums are not verified, and frames must be well formed up to where they end.
 */
export function unpackFrames(bytes: Uint8Array): UnpackedStream {
  const contents: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 6) {
      return { content: joined(contents), sealed: false };
    }
    const view = new DataView(bytes.buffer, bytes.byteOffset + at);
    if ((view.getUint32(0, true) & 0xfffffff0) >>> 0 === 0x184d2a50) {
      at += 8 + view.getUint32(4, true);
      continue;
    }
    const { blocks, end } = blocksAt(bytes, at);
    const { length } = headerOf(bytes.subarray(at));
    contents.push(unpackBlocks(bytes.slice(at, at + length), blocks));
    if (end === undefined) return { content: joined(contents), sealed: false };
    at = end;
  }
  return { content: joined(contents), sealed: at > 0 };
}

/** The content of the blocks, as a frame of their own without size and checksum. */
function unpackBlocks(
  start: Uint8Array,
  blocks: readonly Uint8Array[],
): Uint8Array {
  if (blocks.every((each) => ((each[0] ?? 0) & 6) !== 4)) {
    return joined(blocks.map(unpackPlain));
  }
  const window = (start[4] ?? 0) & 0x20 ? WINDOW : start[5] ?? WINDOW;
  const frame = joined([
    Uint8Array.of(...MAGIC, 0, window),
    ...blocks,
    Uint8Array.of(1, 0, 0),
  ]);
  // A decoder that shares nothing with that of the library, where the runtime has none.
  return CAN_COMPRESS ? zstdDecompressSync(frame) : decompress(frame);
}

function unpackPlain(bytes: Uint8Array): Uint8Array {
  const [a = 0, b = 0, c = 0, first = 0] = bytes.subarray(0, 4);
  const size = (a | (b << 8) | (c << 16)) >> 3;
  return ((a >> 1) & 3) === 1
    ? new Uint8Array(size).fill(first)
    : bytes.subarray(3);
}
