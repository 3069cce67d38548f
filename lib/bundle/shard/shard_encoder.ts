/**
 * Writes the records of one shard.
 *
 * @module
 */

import { concatBytes } from "../byte_buffer.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { runtimeCompress, RuntimeCompressor } from "./runtime_zstd.ts";
import { RECORD_HEADER } from "./shard_records.ts";
import { MAX_BLOCK } from "./zstd/frames.ts";
import { Xxh64 } from "./zstd/xxh64.ts";

/** Bytes of content after which Codex begins another shard. */
export const MAX_SHARD_CONTENT = 8 * 1024 * 1024;

/** The magic number; a checksum and nothing else; a window of 8 MiB. */
const FRAME_HEADER = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x68);
const BLOCK_HEADER = 3;
/** An empty raw block, marked as the last one. */
const LAST_BLOCK = Uint8Array.of(1, 0, 0);
const CHECKSUM_LENGTH = 4;
const MAX_ID = 0xffff;
/**
 * Shorter content is not worth compressing: it takes four blocks of a usual disk at most, and
 * loading the compression of the runtime takes about 20 ms.
 */
const MIN_COMPRESSED = 16 * 1024;
const MIN_CAPACITY = 64 * 1024;
/** Compressing so much takes about a millisecond. */
const SLICE = 32 * 1024;

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

/**
 * The bytes of one shard file, record by record.
 *
 * {@linkcode append} returns the bytes to append, and keeps none back: the file is a readable
 * open shard after each record. They are raw blocks, because no synchronous
 * interface of the runtime compresses a stream piece by piece. When the shard is complete,
 * {@linkcode compressed} returns a file that takes its place; where there is none,
 * {@linkcode seal} returns the bytes that complete the file as it is.
 *
 * The encoder keeps the content in memory until it is released.
 */
export class ShardEncoder {
  #content = new Uint8Array(0);
  #length = 0;

  /** Bytes of all records, as a reader decompresses them. */
  get length(): number {
    return this.#length;
  }

  /**
   * Whether a record with this id and data belongs to this shard. A record that is longer
   * than a shard may be gets a shard of its own.
   */
  hasRoom(id: string, data: Uint8Array): boolean {
    if (this.#length === 0) return true;
    const length = RECORD_HEADER + utf8Length(id) + data.length;
    return this.#length + length <= MAX_SHARD_CONTENT;
  }

  /**
   * Adds a record.
   *
   * @returns The bytes to append to the file, from the first call on.
   * @throws {RangeError} If the id is too long for a record. Nothing is added then.
   */
  append(id: string, data: Uint8Array): Uint8Array {
    const start = this.#length;
    this.add(id, data);
    return this.bytesFrom(start);
  }

  /**
   * Adds a record, whose bytes {@linkcode bytesFrom} returns together with others.
   *
   * @throws {RangeError} As {@linkcode append}.
   */
  add(id: string, data: Uint8Array): void {
    const idLength = utf8Length(id);
    if (idLength > MAX_ID) {
      throw new RangeError(`cannot write an id of ${idLength} bytes`);
    }
    const start = this.#length;
    const end = start + RECORD_HEADER + idLength + data.length;
    this.#reserve(end);
    const content = this.#content;
    setLittleEndian(content, start, idLength, 2);
    setLittleEndian(content, start + 2, data.length, 8);
    const name = start + RECORD_HEADER;
    // By hand while it is ASCII, as every id is: the encoder takes longer than the rest.
    if (idLength === id.length) {
      for (let i = 0; i < idLength; i++) content[name + i] = id.charCodeAt(i);
    } else content.set(encoder.encode(id), name);
    content.set(data, end - data.length);
    this.#length = end;
  }

  /** The bytes to append to a file that has the first `start` bytes of the content. */
  bytesFrom(start: number): Uint8Array {
    const header = start === 0 ? FRAME_HEADER : NOTHING;
    return rawBlocks(header, this.#content.subarray(start, this.#length));
  }

  /**
   * Forgets the records after the first `length` bytes of content: they could not be written, and
   * the file was cut to what it was before.
   */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Returns the content, and forgets it. */
  release(): Uint8Array {
    const content = this.#content.subarray(0, this.#length);
    this.#content = NOTHING;
    this.#length = 0;
    return content;
  }

  /**
   * Returns the complete shard compressed; `undefined` if it is too short to be worth it, or if the
   * runtime cannot compress.
   */
  compressed(): Uint8Array | undefined {
    if (this.#length < MIN_COMPRESSED) return undefined;
    const frame = runtimeCompress(this.#content.subarray(0, this.#length));
    return frame && frame.length < this.#length ? frame : undefined;
  }

  /** The bytes that complete the file to which everything was appended. */
  seal(): Uint8Array {
    const hash = new Xxh64();
    hash.update(this.#content.subarray(0, this.#length));
    const seal = sealWith(hash);
    return this.#length === 0 ? concatBytes([FRAME_HEADER, seal]) : seal;
  }

  #reserve(length: number): void {
    if (length <= this.#content.length) return;
    const capacity = Math.max(length, 2 * this.#content.length, MIN_CAPACITY);
    const grown = new Uint8Array(capacity);
    grown.set(this.#content.subarray(0, this.#length));
    this.#content = grown;
  }
}

/**
 * As {@linkcode ShardEncoder.compressed}, for the content of a shard, without blocking other work
 * for more than a slice at a time.
 */
export async function compressInSlices(
  content: Uint8Array,
): Promise<Uint8Array | undefined> {
  if (content.length < MIN_COMPRESSED) return undefined;
  const compressor = RuntimeCompressor.start();
  for (const slice of slicesOf(content)) {
    if (await compressor?.write(slice) !== true) return undefined;
    await otherWork();
  }
  const frame = await compressor?.end();
  return frame && frame.length < content.length ? frame : undefined;
}

/** As {@linkcode ShardEncoder.seal}, for content that is not empty; in slices as well. */
export async function sealInSlices(content: Uint8Array): Promise<Uint8Array> {
  const hash = new Xxh64();
  for (const slice of slicesOf(content)) {
    hash.update(slice);
    await otherWork();
  }
  return sealWith(hash);
}

function sealWith(hash: Xxh64): Uint8Array {
  const checksum = new Uint8Array(CHECKSUM_LENGTH);
  new DataView(checksum.buffer).setUint32(0, hash.checksum(), true);
  return concatBytes([LAST_BLOCK, checksum]);
}

function* slicesOf(content: Uint8Array): Generator<Uint8Array, void> {
  for (let at = 0; at < content.length; at += SLICE) {
    yield content.subarray(at, at + SLICE);
  }
}

/** Lets other tasks of the program run. */
function otherWork(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Raw blocks with `bytes`, after `header`. */
function rawBlocks(header: Uint8Array, bytes: Uint8Array): Uint8Array {
  const count = Math.ceil(bytes.length / MAX_BLOCK);
  const length = header.length + count * BLOCK_HEADER + bytes.length;
  const blocks = new Uint8Array(length);
  blocks.set(header);
  let end = header.length;
  for (let at = 0; at < bytes.length; at += MAX_BLOCK) {
    const part = bytes.subarray(at, at + MAX_BLOCK);
    setLittleEndian(blocks, end, part.length << 3, BLOCK_HEADER);
    blocks.set(part, end + BLOCK_HEADER);
    end += BLOCK_HEADER + part.length;
  }
  return blocks;
}

/** By hand: a view and a `bigint` for each record cost more than all else about it. */
function setLittleEndian(
  bytes: Uint8Array,
  at: number,
  value: number,
  length: number,
): void {
  let rest = value;
  for (let i = 0; i < length; i++) {
    bytes[at + i] = rest % 0x100;
    rest = Math.floor(rest / 0x100);
  }
}
