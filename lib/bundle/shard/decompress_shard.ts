/**
 * Decompresses a shard file.
 *
 * @module
 */

import { runtimeDecompress } from "./runtime_zstd.ts";
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

/** The content of a shard file. */
export interface ShardContent {
  /** The records, one after another. */
  readonly bytes: Uint8Array;
  /** Whether the last frame is complete. The recorder of an open shard may still write to it. */
  readonly isSealed: boolean;
}

/**
 * Decompresses a shard file. Of an open one, this is everything that can be decompressed, as in
 * the reference reducer: all complete blocks, and what is there of a raw block.
 *
 * Memory grows with what is decompressed, and not with the sizes that the file claims.
 *
 * @param file The complete file. The content does not refer to it.
 * @param maxBytes How many bytes the content may have.
 * @param minRuntimeFrame Compressed bytes from which on a frame is left to the runtime.
 * @throws {ShardError} If the file is not a zstd stream that the reference accepts, or if the
 * content goes beyond `maxBytes`.
 */
export function decompressShard(
  file: Uint8Array,
  maxBytes: number,
  minRuntimeFrame: number = MIN_RUNTIME_FRAME,
): ShardContent {
  const decoder = new ZstdDecoder(file, maxBytes);
  let isSealed = false;
  for (let at = 0; at < file.length;) {
    const frame = readFrame(file, at);
    const isForRuntime = frame.isComplete && frame.header !== undefined &&
      frame.end - at >= minRuntimeFrame;
    const bytes = file.subarray(at, frame.end);
    const content = isForRuntime
      ? runtimeDecompress(bytes, maxBytes - decoder.length)
      : undefined;
    if (content === undefined) decoder.decode(frame);
    else decoder.add(content);
    isSealed = frame.isComplete;
    at = frame.end;
  }
  return { bytes: decoder.finish(), isSealed };
}
