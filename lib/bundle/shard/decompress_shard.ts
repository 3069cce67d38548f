/**
 * Decompresses a shard file.
 *
 * @module
 */

import { RuntimeDecoder } from "./runtime_zstd.ts";
import { ZstdDecoder } from "./zstd/decoder.ts";
import { readFrame } from "./zstd/frames.ts";

/**
 * Compressed bytes from which on a complete frame is left to the runtime.
 *
 * Milliseconds for the first and for the second shard of a process, with the runtime (loading
 * it takes 17.7) and without; median of 11 processes, Deno 2.9.6, 2 cores, load 1:
 *
 *     shard    content   runtime       zstd/decoder.ts
 *     2 KB     6 KB      18.7,  0.1      4.2,   1.0
 *     7 KB     90 KB     18.9,  0.2      8.2,   1.7
 *     43 KB    8.3 MB    32.4, 10.6     46.4,  36.5
 *     2.9 MB   8.4 MB    43.2, 21.9    123.5, 103.8
 *
 * The content of a shard is not known before; 43 KB is usual for a full one of Codex.
 */
const MIN_RUNTIME_FRAME = 32 * 1024;

const NOTHING = new Uint8Array(0);
/** Unused memory that is kept for the next shard: that of a usual one. */
const MAX_SPARE = 9 * 1024 * 1024;

/** The content of a shard file. */
export interface ShardContent {
  /** The records, one after another. */
  readonly bytes: Uint8Array;
  /** Whether the last frame is complete. The recorder of an open shard may still write to it. */
  readonly isSealed: boolean;
}

/** Decompresses shard files, one after another, into storage that is used again. */
export class ShardDecompressor {
  readonly #minRuntimeFrame: number;
  readonly #isGrowing: boolean;
  readonly #runtime = new RuntimeDecoder();
  #spare = NOTHING;

  /**
   * Decompresses nothing yet.
   *
   * @param minRuntimeFrame How many compressed bytes of a frame are left to the runtime.
   * @param isGrowing Whether a truncated frame is left to it as well, because it is written at the
   * moment and read again and again.
   */
  constructor(
    minRuntimeFrame: number = MIN_RUNTIME_FRAME,
    isGrowing: boolean = false,
  ) {
    this.#minRuntimeFrame = minRuntimeFrame;
    this.#isGrowing = isGrowing;
  }

  /**
   * Decompresses a shard file. Of an open one, this is everything that can be decompressed, as in
   * the reference reducer: all complete blocks, and what is there of a raw block.
   *
   * Memory grows with what is decompressed, and not with the sizes that the file claims.
   *
   * @param file The complete file. The content does not refer to it.
   * @param maxBytes How many bytes the content may have.
   * @throws {ShardError} If the file is not a zstd stream that the reference accepts, or if the
   * content goes beyond `maxBytes`.
   */
  decompress(file: Uint8Array, maxBytes: number): ShardContent {
    const decoder = new ZstdDecoder(file, maxBytes, this.#spare);
    let isSealed = false;
    for (let at = 0; at < file.length;) {
      const frame = readFrame(file, at);
      const isForRuntime = frame.header !== undefined &&
        frame.end - at >= this.#minRuntimeFrame;
      const isDone = isForRuntime &&
        (frame.isComplete
          ? decoder.decodeByRuntime(this.#runtime, at, frame)
          : this.#isGrowing &&
            decoder.decodeOpenByRuntime(this.#runtime, at, frame));
      if (!isDone) decoder.decode(frame);
      isSealed = frame.isComplete;
      at = frame.end;
    }
    const { content, storage } = decoder.finish();
    const isUsed = content.buffer === storage.buffer;
    this.#spare = isUsed || storage.length > MAX_SPARE ? NOTHING : storage;
    return { bytes: content, isSealed };
  }

  /**
   * Takes the memory of a content back, to be used again or freed at once. With the garbage
   * collector alone, all shards of a session may be in memory at the same time.
   */
  release({ buffer }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer)) return;
    // A view of it that is still in use has no bytes any more, instead of those of another shard.
    if (buffer.byteLength > MAX_SPARE) buffer.transfer(0);
    else if (buffer.byteLength > this.#spare.length) {
      this.#spare = new Uint8Array(buffer.transfer());
    }
  }
}

/** Decompresses one shard file: see {@linkcode ShardDecompressor}. */
export function decompressShard(
  file: Uint8Array,
  maxBytes: number,
  minRuntimeFrame?: number,
): ShardContent {
  return new ShardDecompressor(minRuntimeFrame).decompress(file, maxBytes);
}
