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
  readonly zstdCompressSync?: (
    content: Uint8Array,
    options: { readonly params: Readonly<Record<number, number>> },
  ) => Uint8Array;
  readonly createZstdCompress?: (
    options: { readonly params: Readonly<Record<number, number>> },
  ) => CompressStream;
  readonly createZstdDecompress?: () => unknown;
}

/** A stream of `node:zlib` that compresses. */
interface CompressStream {
  on(event: "data", listener: (part: Uint8Array) => void): unknown;
  on(event: "end", listener: () => void): unknown;
  on(event: "error", listener: (error: Error) => void): unknown;
  write(content: Uint8Array, done: (error?: Error | null) => void): unknown;
  end(): unknown;
}

/**
 * A stream of `node:zlib`. Its native half is not documented. What is documented returns a new
 * array for each shard: its pages, and those of the window, cost twice what decompressing costs.
 */
interface ZstdStream {
  readonly _handle: {
    reset(): void;
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

// The numbers of libzstd, which `node:zlib` repeats. Codex compresses with the same settings.
const COMPRESSION_LEVEL = 100;
const WINDOW_LOG = 101;
const CHECKSUM_FLAG = 201;
const PARAMS = { [COMPRESSION_LEVEL]: 3, [WINDOW_LOG]: 23, [CHECKSUM_FLAG]: 1 };
const FLUSH_ALL = 2;

/** One zstd frame with `content`; `undefined` where the runtime cannot compress. */
export function runtimeCompress(content: Uint8Array): Uint8Array | undefined {
  try {
    return asArray(loadZlib()?.zstdCompressSync?.(content, { params: PARAMS }));
  } catch {
    // Older releases of Deno have the function, and it throws.
    return undefined;
  }
}

/** Compresses one frame piece by piece. */
export class RuntimeCompressor {
  readonly #stream: CompressStream;
  readonly #parts: Uint8Array[] = [];
  readonly #ended = Promise.withResolvers<boolean>();

  private constructor(stream: CompressStream) {
    this.#stream = stream;
    stream.on("data", (part) => void this.#parts.push(part));
    stream.on("end", () => this.#ended.resolve(true));
    stream.on("error", () => this.#ended.resolve(false));
  }

  /** Begins a frame; `undefined` where the runtime cannot compress. */
  static start(): RuntimeCompressor | undefined {
    try {
      const stream = loadZlib()?.createZstdCompress?.({ params: PARAMS });
      return stream && new RuntimeCompressor(stream);
    } catch {
      // As above.
      return undefined;
    }
  }

  /** Adds content. Resolves to whether the runtime took it. */
  write(content: Uint8Array): Promise<boolean> {
    const written = new Promise<boolean>((resolve) => {
      try {
        this.#stream.write(content, (error) => resolve(!error));
      } catch {
        resolve(false);
      }
    });
    const failed = this.#ended.promise.then(() => false);
    return Promise.race([written, failed]);
  }

  /** Ends the frame, and returns it; `undefined` if the runtime failed. */
  async end(): Promise<Uint8Array | undefined> {
    this.#stream.end();
    return await this.#ended.promise ? concatBytes(this.#parts) : undefined;
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
    memberOf(stream, "_writeState") instanceof Uint32Array;
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
  return typeof memberOf(process, "getBuiltinModule") === "function";
}

function memberOf(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null
    ? Reflect.get(value, key)
    : undefined;
}
