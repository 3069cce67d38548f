/**
 * Decompresses frames of a zstd stream (RFC 8878).
 *
 * @module
 */

import { corrupt, overLimit, ShardError } from "../shard_error.ts";
import type { RuntimeDecoder } from "../runtime_zstd.ts";
import type { BlockBytes } from "./entropy.ts";
import {
  type FrameHeader,
  MAX_BLOCK,
  MAX_WINDOW,
  readBlock,
  type ZstdBlock,
  type ZstdFrame,
} from "./frames.ts";
import { LiteralsDecoder } from "./literals.ts";
import { type Content, SequencesDecoder } from "./sequences.ts";
import { Xxh64 } from "./xxh64.ts";

/** Around the bytes of a block, so that bits may be read a little outside of it. */
const PADDING = 16;
const CHECKSUM_LENGTH = 4;
/** Storage that the content may be returned in, in relation to its length. */
const MAX_SLACK = 2;
/** For the content of a usual shard, and room for one block more, which shows that there is none. */
const STORAGE = MAX_WINDOW + MAX_BLOCK + 8;

/** Decompresses one frame after another, and keeps their content together. */
export class ZstdDecoder {
  readonly #source: Uint8Array;
  readonly #maxBytes: number;
  #content: Uint8Array<ArrayBuffer>;
  #length = 0;
  #blocks: CompressedBlocks | undefined;

  /** Decompresses frames of `source`, to at most `maxBytes`, into `storage` as long as they fit. */
  constructor(
    source: Uint8Array,
    maxBytes: number,
    storage: Uint8Array<ArrayBuffer>,
  ) {
    this.#source = source;
    this.#maxBytes = maxBytes;
    this.#content = storage;
  }

  /** Returns all that was decompressed, and the storage, which the content may be a part of. */
  finish(): Record<"content" | "storage", Uint8Array<ArrayBuffer>> {
    const storage = this.#content;
    const content = storage.subarray(0, this.#length);
    // The caller may keep it, and would keep the unused storage with it.
    const isTight = storage.length <= MAX_SLACK * this.#length;
    return { content: isTight ? content : content.slice(), storage };
  }

  /**
   * Decompresses a frame. Of a truncated one it decompresses all complete blocks, and the available
   * part of a raw block.
   *
   * @throws {ShardError} If the frame is corrupt, or the content goes beyond the limit.
   */
  decode({ header, isComplete, end }: ZstdFrame): void {
    if (header === undefined) return;
    const start = this.#length;
    this.#blocks?.reset();
    let endsEmpty = false;
    for (let at = header.blocks;;) {
      const block = readBlock(this.#source, at, header);
      if (block === undefined) break;
      endsEmpty = block.size === 0;
      this.#decodeBlock(block, header, start);
      if (block.isLast || !block.isComplete) break;
      at = block.end;
    }
    if (!isComplete) return;
    const { contentSize = this.#length - start } = header;
    // The reference decoder does not compare the sizes after an empty block.
    if (!endsEmpty && this.#length - start !== contentSize) {
      throw corrupt("a frame has fewer bytes than its header states");
    }
    if (header.hasChecksum) this.#verify(start, end - CHECKSUM_LENGTH);
  }

  /**
   * Lets the runtime decompress the complete frame that begins at `start`. Returns whether it did.
   *
   * @throws {ShardError} If the content exceeds the limit.
   */
  decodeByRuntime(
    runtime: RuntimeDecoder,
    start: number,
    { end }: ZstdFrame,
  ): boolean {
    const before = this.#length;
    const isDone = runtime.decompress(this.#source.subarray(start, end), {
      free: () => this.#free(),
      take: (length) => {
        this.#length += length;
        this.#reserve(0);
      },
    });
    if (!isDone) this.#length = before;
    return isDone;
  }

  /**
   * {@linkcode ZstdDecoder.decodeByRuntime} of a frame that is written at the moment. It has no checksum
   * yet, and without one the runtime does not find every damage.
   *
   * @throws {ShardError} If a block breaks the format, or the content exceeds the limit.
   */
  decodeOpenByRuntime(
    runtime: RuntimeDecoder,
    start: number,
    frame: ZstdFrame,
  ): boolean {
    const { header } = frame;
    if (header === undefined) return false;
    const before = this.#length;
    let end = header.blocks;
    let block = readBlock(this.#source, end, header);
    while (block?.isComplete === true) {
      end = block.end;
      block = block.isLast ? undefined : readBlock(this.#source, end, header);
    }
    const isDone = this.decodeByRuntime(runtime, start, { ...frame, end });
    if (isDone && block !== undefined) this.#decodeBlock(block, header, before);
    return isDone;
  }

  #free(): Uint8Array {
    if (this.#length === this.#content.length) {
      const max = this.#maxBytes + MAX_BLOCK;
      const capacity = Math.min(2 * this.#length, max);
      this.#replaceStorage(Math.max(STORAGE, capacity));
    }
    return this.#content.subarray(this.#length);
  }

  #decodeBlock(block: ZstdBlock, header: FrameHeader, start: number): void {
    const { type, size } = block;
    if (type === "raw") {
      this.#reserve(block.end - block.start);
      const data = this.#source.subarray(block.start, block.end);
      this.#content.set(data, this.#length);
      this.#length += data.length;
    } else if (type === "rle" && block.isComplete) {
      this.#reserve(size);
      const byte = this.#source[block.start] ?? 0;
      this.#content.fill(byte, this.#length, this.#length += size);
    } else if (block.isComplete && size > 0) {
      // How many bytes it makes is known when it is decoded.
      this.#grow(this.#length + header.maxBlock);
      this.#blocks ??= new CompressedBlocks();
      this.#length = this.#blocks.decode(this.#source, block, {
        ...header,
        bytes: this.#content,
        start,
        at: this.#length,
      });
      this.#reserve(0);
    }
    if (this.#length - start > (header.contentSize ?? Infinity)) {
      throw corrupt("a frame has more bytes than its header states");
    }
  }

  /** Makes room for as many more bytes, and refuses what goes beyond the limit. */
  #reserve(more: number): void {
    if (this.#length + more > this.#maxBytes) {
      throw overLimit(this.#maxBytes);
    }
    this.#grow(this.#length + more);
  }

  #grow(length: number): void {
    if (length <= this.#content.length) return;
    const max = this.#maxBytes + MAX_BLOCK;
    const doubled = 2 * length;
    // What is next to a usual shard becomes as long as one, which is used again for the next shard.
    const isUsual = length <= STORAGE && doubled > STORAGE;
    const capacity = Math.min(isUsual ? STORAGE : doubled, max);
    this.#replaceStorage(Math.max(length, capacity));
  }

  #replaceStorage(capacity: number): void {
    const grown = new Uint8Array(capacity);
    grown.set(this.#content.subarray(0, this.#length));
    this.#content = grown;
  }

  #verify(start: number, at: number): void {
    const hash = new Xxh64();
    hash.update(this.#content.subarray(start, this.#length));
    const stored = new DataView(this.#source.buffer, this.#source.byteOffset)
      .getUint32(at, true);
    if (hash.checksum() === stored) return;
    throw new ShardError("wrong_checksum", "has a wrong checksum");
  }
}

/** The block that is decoded: one array for all decoders, which have done with it when they return. */
const BLOCK = paddedBlock();

/** The compressed blocks of a frame. */
class CompressedBlocks {
  readonly #literals = new LiteralsDecoder();
  readonly #sequences = new SequencesDecoder();

  reset(): void {
    this.#literals.reset();
    this.#sequences.reset();
  }

  decode(
    source: Uint8Array,
    { start, end }: ZstdBlock,
    content: Content,
  ): number {
    const block = BLOCK;
    const length = end - start;
    block.bytes.set(source.subarray(start, end), PADDING);
    const last = PADDING + length;
    const literals = this.#literals.read(
      block,
      PADDING,
      last,
      content.maxBlock,
    );
    return this.#sequences.execute(block, literals, last, content);
  }
}

function paddedBlock(): BlockBytes {
  const bytes = new Uint8Array(PADDING + MAX_BLOCK + PADDING);
  return { bytes, view: new DataView(bytes.buffer) };
}
