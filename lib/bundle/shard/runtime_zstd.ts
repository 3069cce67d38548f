/**
 * The zstd of the runtime, where it has one: Deno has it from 2.7.5 on.
 *
 * It is faster than the decoder in `zstd/`, and takes longer to load. Reading works without it:
 * a frame that it refuses is decoded again by that decoder, which reports what is wrong.
 *
 * @module
 */

import { overLimit } from "./shard_error.ts";

/** The part of `node:zlib` that is used here. */
interface Zlib {
  readonly zstdCompressSync?: (
    content: Uint8Array,
    options: { readonly params: Readonly<Record<number, number>> },
  ) => Uint8Array;
  readonly zstdDecompressSync?: (
    frame: Uint8Array,
    options: { readonly maxOutputLength: number; readonly chunkSize: number },
  ) => Uint8Array;
}

// The numbers of libzstd, which `node:zlib` repeats. Codex compresses with the same settings.
const COMPRESSION_LEVEL = 100;
const WINDOW_LOG = 101;
const CHECKSUM_FLAG = 201;
const PARAMS = { [COMPRESSION_LEVEL]: 3, [WINDOW_LOG]: 23, [CHECKSUM_FLAG]: 1 };

/** Bytes of output that are collected at a time. */
const CHUNK = 9 * 1024 * 1024;

/** One zstd frame with `content`; `undefined` where the runtime cannot compress. */
export function runtimeCompress(content: Uint8Array): Uint8Array | undefined {
  try {
    return asArray(loadZlib()?.zstdCompressSync?.(content, { params: PARAMS }));
  } catch {
    // Older releases of Deno have the function, and it throws.
    return undefined;
  }
}

/**
 * The content of one complete frame. `undefined` where the runtime cannot decompress, or where
 * the frame is malformed.
 *
 * @throws {ShardError} If it has more than `maxBytes` of content.
 */
export function runtimeDecompress(
  frame: Uint8Array,
  maxBytes: number,
): Uint8Array | undefined {
  if (maxBytes < 1) return undefined;
  try {
    const options = { maxOutputLength: maxBytes, chunkSize: CHUNK };
    return asArray(loadZlib()?.zstdDecompressSync?.(frame, options));
  } catch (error) {
    if (isTooLarge(error)) throw overLimit(maxBytes);
    return undefined;
  }
}

/** Whether the runtime stopped because there was more content than was allowed. */
function isTooLarge(error: unknown): boolean {
  return error instanceof Error && "code" in error &&
    error.code === "ERR_BUFFER_TOO_LARGE";
}

/** The same bytes in a plain array: `node:zlib` returns a `Buffer`, whose `slice` differs. */
function asArray(bytes: Uint8Array | undefined): Uint8Array | undefined {
  if (bytes === undefined) return undefined;
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}

/**
 * `node:zlib`. A static import would load it in every run of the program, and `import()` is
 * asynchronous, which reading and recording are not.
 */
function loadZlib(): Zlib | undefined {
  const process: unknown = Reflect.get(globalThis, "process");
  return hasBuiltinModules(process)
    ? process.getBuiltinModule("node:zlib")
    : undefined;
}

function hasBuiltinModules(
  process: unknown,
): process is { getBuiltinModule(name: string): Zlib | undefined } {
  return typeof process === "object" && process !== null &&
    typeof Reflect.get(process, "getBuiltinModule") === "function";
}
