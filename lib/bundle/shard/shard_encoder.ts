/**
 * Writes the records of one shard.
 *
 * @module
 */

import { concatBytes } from "../byte_buffer.ts";
import { utf8Length } from "../../text/utf8_length.ts";
import { decompressShard } from "./decompress_shard.ts";
import { RuntimeCompressor } from "./runtime_zstd.ts";
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
const CAPACITY = 64 * 1024;
/** Storage that is kept for the next records. */
const MAX_CAPACITY = 1024 * 1024;

const NOTHING = new Uint8Array(0);
const encoder = new TextEncoder();

/** A frame in the making. What it returns extends a file that is readable after each piece. */
interface Frame {
  /** Adds content, and returns the bytes for it. */
  write(content: Uint8Array): Uint8Array;
  /** Returns the bytes that complete the frame. */
  end(): Uint8Array;
  /** Releases memory. Nothing more is added. */
  close(): void;
}

/** Bytes of a frame, after those of `before`. */
interface Piece {
  readonly bytes: Uint8Array;
  readonly before: Piece | undefined;
}

/**
 * The bytes of one shard file, write by write.
 *
 * After each write the file is a readable open shard with all records so far. The first records are
 * raw blocks of a frame of their own, until there are enough of them to be compressed.
 */
export class ShardEncoder {
  #added: Uint8Array = new Uint8Array(CAPACITY);
  #addedLength = 0;
  #takenLength = 0;
  /** Without one, the next bytes begin a frame. */
  #frame: Frame | undefined;
  /** The end of the last frame. */
  #last: Piece | undefined;
  /** What was there before the last {@linkcode take}. */
  #before: { last: Piece | undefined; length: number } | undefined;
  #canCompress = true;

  /** Bytes of all records, as a reader decompresses them. */
  get length(): number {
    return this.#takenLength + this.#addedLength;
  }

  /**
   * Whether a record with this id and data belongs to this shard. A record that is longer
   * than a shard may be gets a shard of its own.
   */
  hasRoom(id: string, data: Uint8Array): boolean {
    if (this.length === 0) return true;
    const length = RECORD_HEADER + utf8Length(id) + data.length;
    return this.length + length <= MAX_SHARD_CONTENT;
  }

  /**
   * Adds a record, which {@linkcode take} returns together with others.
   *
   * @throws {RangeError} If the id is too long for a record. Nothing is added then.
   */
  add(id: string, data: Uint8Array): void {
    const idLength = utf8Length(id);
    if (idLength > MAX_ID) {
      throw new RangeError(`cannot write an id of ${idLength} bytes`);
    }
    const start = this.#addedLength;
    const end = start + RECORD_HEADER + idLength + data.length;
    this.#reserve(end);
    const added = this.#added;
    setLittleEndian(added, start, idLength, 2);
    setLittleEndian(added, start + 2, data.length, 8);
    const name = start + RECORD_HEADER;
    // By hand while it is ASCII, as every id is: the encoder takes longer than the rest.
    if (idLength === id.length) {
      for (let i = 0; i < idLength; i++) added[name + i] = id.charCodeAt(i);
    } else added.set(encoder.encode(id), name);
    added.set(data, end - data.length);
    this.#addedLength = end;
  }

  /** Forgets the records that were added since the last {@linkcode take}. */
  forgetAdded(): void {
    this.#addedLength = 0;
  }

  /**
   * Returns the bytes that extend the file by the records that were added. What follows refers to
   * them: {@linkcode forgetTaken} must be called if they are not written.
   *
   * @throws {Error} If the runtime fails to compress.
   */
  take(): Uint8Array {
    const content = this.#added.subarray(0, this.#addedLength);
    this.#addedLength = 0;
    if (this.#added.length > MAX_CAPACITY) {
      this.#added = new Uint8Array(CAPACITY);
    }
    this.#before = { last: this.#last, length: this.#takenLength };
    this.#takenLength += content.length;
    const compressed = this.#startCompression(content);
    if (compressed !== undefined) return compressed;
    const end = this.#endOfBroken();
    if (this.#frame === undefined) {
      this.#frame = new RawFrame();
      this.#last = undefined;
    }
    const bytes = this.#frame.write(content);
    this.#last = { bytes, before: this.#last };
    return end.length === 0 ? bytes : concatBytes([end, bytes]);
  }

  /** Forgets what the last {@linkcode take} returned, because it could not be written. */
  forgetTaken(): void {
    if (this.#before === undefined) return;
    this.#frame?.close();
    this.#frame = undefined;
    this.#last = this.#before.last;
    this.#takenLength = this.#before.length;
    this.#before = undefined;
  }

  /**
   * Returns the bytes that complete the file to which everything was appended.
   *
   * @throws {Error} As {@linkcode take}.
   */
  seal(): Uint8Array {
    if (this.#frame !== undefined) return this.#frame.end();
    return this.#last === undefined
      ? new RawFrame().end()
      : this.#endOfBroken();
  }

  /** Begins a compressed frame, if it is time for it and the runtime can compress. */
  #startCompression(content: Uint8Array): Uint8Array | undefined {
    if (this.#takenLength < MIN_COMPRESSED || !this.#canCompress) return;
    if (this.#frame instanceof RuntimeCompressor) return undefined;
    const started = RuntimeCompressor.start(content);
    this.#canCompress = started !== undefined;
    if (started === undefined) return undefined;
    const { compressor, bytes } = started;
    const end = this.#frame?.end() ?? this.#endOfBroken();
    this.#frame = compressor;
    this.#last = { bytes, before: undefined };
    return concatBytes([end, bytes]);
  }

  /**
   * The bytes that complete a frame of which something could not be written. Its checksum is that of
   * the rest, which is found out by reading it.
   */
  #endOfBroken(): Uint8Array {
    if (this.#frame !== undefined || this.#last === undefined) return NOTHING;
    const pieces: Uint8Array[] = [];
    for (let at: Piece | undefined = this.#last; at; at = at.before) {
      pieces.push(at.bytes);
    }
    const { bytes } = decompressShard(concatBytes(pieces.reverse()), Infinity);
    const hash = new Xxh64();
    hash.update(bytes);
    return sealWith(hash);
  }

  #reserve(length: number): void {
    if (length <= this.#added.length) return;
    const grown = new Uint8Array(Math.max(length, 2 * this.#added.length));
    grown.set(this.#added.subarray(0, this.#addedLength));
    this.#added = grown;
  }
}

/** A frame of raw blocks. */
class RawFrame implements Frame {
  readonly #hash = new Xxh64();
  #header = FRAME_HEADER;

  write(content: Uint8Array): Uint8Array {
    this.#hash.update(content);
    const blocks = rawBlocks(this.#header, content);
    this.#header = NOTHING;
    return blocks;
  }

  end(): Uint8Array {
    return concatBytes([this.#header, sealWith(this.#hash)]);
  }

  close(): void {}
}

function sealWith(hash: Xxh64): Uint8Array {
  const checksum = new Uint8Array(CHECKSUM_LENGTH);
  new DataView(checksum.buffer).setUint32(0, hash.checksum(), true);
  return concatBytes([LAST_BLOCK, checksum]);
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
