/**
 * The zstd of the runtime, where it has one: Deno has it from 2.7.5 on.
 *
 * It is faster than the decoder in `zstd/`, and takes longer to load. Reading works without it:
 * a frame that it refuses is decoded again by that decoder, which reports what is wrong.
 *
 * @module
 */

import { concatBytes } from "../byte_buffer.ts";

/** The part of `node:zlib` that is used here. */
interface Zlib {
  readonly createZstdCompress?: (
    options: { readonly params: Readonly<Record<number, number>> },
  ) => unknown;
  readonly createZstdDecompress?: () => unknown;
}

/**
 * A stream of `node:zlib`. Its native half is not documented. What is documented takes no content
 * piece by piece without a promise, and returns a new array for each shard: its pages, and those of
 * the window, cost twice what decompressing costs.
 */
interface ZstdStream {
  readonly _handle: {
    reset(): void;
    close(): void;
    writeSync(
      flush: number,
      input: Uint8Array,
      inputStart: number,
      inputLength: number,
      output: Uint8Array,
      outputStart: number,
      outputLength: number,
    ): void;
  };
  /** What the last write left: free bytes of the output, unread bytes of the input. */
  readonly _writeState: Uint32Array;
}

/** Takes the content of a frame, piece by piece. */
export interface FrameOutput {
  /** Returns storage for the next piece, at least one byte. */
  free(): Uint8Array;
  /**
   * Takes the first `length` bytes of that storage.
   *
   * @throws {ShardError} If there is more content than allowed.
   */
  take(length: number): void;
}

// The numbers of libzstd, which `node:zlib` repeats.
const COMPRESSION_LEVEL = 100;
const WINDOW_LOG = 101;
const CHECKSUM_FLAG = 201;
/**
 * The settings of Codex, but for its level 3. 50 KB of a session, which repeats itself, take 22 µs at
 * each level, and not more bytes; 50 KB of new text take 160 instead of 270, and 12 % more bytes.
 */
const PARAMS = { [COMPRESSION_LEVEL]: 1, [WINDOW_LOG]: 23, [CHECKSUM_FLAG]: 1 };
const FLUSH = 1;
const FLUSH_ALL = 2;
const OUTPUT_CAPACITY = 64 * 1024;
const NOTHING = new Uint8Array(0);
/** The magic number of a frame. */
const FRAME_START = [0x28, 0xb5, 0x2f, 0xfd];

/** Compresses one frame piece by piece. */
export class RuntimeCompressor {
  readonly #stream: ZstdStream;
  readonly #output = new Uint8Array(OUTPUT_CAPACITY);
  #isBroken = false;

  private constructor(stream: ZstdStream) {
    this.#stream = stream;
  }

  /**
   * Begins a frame with `content`.
   *
   * @returns The compressor and the bytes of the frame so far; `undefined` where the runtime cannot
   * compress.
   */
  static start(
    content: Uint8Array,
  ): { compressor: RuntimeCompressor; bytes: Uint8Array } | undefined {
    try {
      const stream = loadZlib()?.createZstdCompress?.({ params: PARAMS });
      if (!isZstdStream(stream)) return undefined;
      const compressor = new RuntimeCompressor(stream);
      const bytes = compressor.write(content);
      const isFrame = FRAME_START.every((byte, at) => bytes[at] === byte);
      if (isFrame) return { compressor, bytes };
      compressor.close();
      return undefined;
    } catch {
      // Older releases of Deno have the function, and it throws.
      return undefined;
    }
  }

  /**
   * Adds content.
   *
   * @returns The bytes that extend the frame by all of it.
   * @throws {Error} If the runtime fails, now or before.
   */
  write(content: Uint8Array): Uint8Array {
    return this.#write(FLUSH, content);
  }

  /**
   * Ends the frame, and returns its last bytes.
   *
   * @throws {Error} As {@linkcode write}.
   */
  end(): Uint8Array {
    const bytes = this.#write(FLUSH_ALL, NOTHING);
    this.close();
    return bytes;
  }

  /** Releases its window: megabytes of which the garbage collector does not know. */
  close(): void {
    this.#stream._handle.close();
  }

  #write(flush: number, content: Uint8Array): Uint8Array {
    // How much it took of content that made it fail is not known.
    if (this.#isBroken) throw new Error("the runtime failed to compress");
    this.#isBroken = true;
    const { _handle: handle, _writeState: state } = this.#stream;
    const output = this.#output;
    const parts: Uint8Array[] = [];
    for (let unread = content.length;;) {
      const start = content.length - unread;
      handle.writeSync(flush, content, start, unread, output, 0, output.length);
      const [unused = 0, left = 0] = state;
      parts.push(output.slice(0, output.length - unused));
      if (unused > 0) break;
      unread = left;
    }
    this.#isBroken = flush === FLUSH_ALL;
    const [first = NOTHING] = parts;
    return parts.length === 1 ? first : concatBytes(parts);
  }
}

/** Decompresses frames by one stream, whose memory it keeps. */
export class RuntimeDecoder {
  /** `null` where the runtime has none. */
  #stream: ZstdStream | null | undefined;

  /**
   * Decompresses a complete frame. Returns false where the runtime cannot, or where the frame is
   * malformed; `output` may have taken a part then.
   *
   * @throws What `output` throws.
   */
  decompress(frame: Uint8Array, output: FrameOutput): boolean {
    if (this.#stream === undefined) this.#stream = openStream();
    return this.#stream !== null && writeFrame(this.#stream, frame, output);
  }
}

function openStream(): ZstdStream | null {
  try {
    const stream = loadZlib()?.createZstdDecompress?.();
    return isZstdStream(stream) ? stream : null;
  } catch {
    // As above.
    return null;
  }
}

function writeFrame(
  { _handle: handle, _writeState: state }: ZstdStream,
  frame: Uint8Array,
  output: FrameOutput,
): boolean {
  handle.reset();
  for (let unread = frame.length;;) {
    const free = output.free();
    const start = frame.length - unread;
    try {
      handle.writeSync(FLUSH_ALL, frame, start, unread, free, 0, free.length);
    } catch {
      return false;
    }
    const [unused = 0, left = 0] = state;
    output.take(free.length - unused);
    if (unused > 0) return left === 0;
    unread = left;
  }
}

function isZstdStream(stream: unknown): stream is ZstdStream {
  const handle = memberOf(stream, "_handle");
  return typeof memberOf(handle, "writeSync") === "function" &&
    typeof memberOf(handle, "reset") === "function" &&
    typeof memberOf(handle, "close") === "function" &&
    memberOf(stream, "_writeState") instanceof Uint32Array;
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
  return typeof memberOf(process, "getBuiltinModule") === "function";
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Reflect.get(value, key)
    : undefined;
}
