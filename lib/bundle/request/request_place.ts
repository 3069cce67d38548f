/**
 * Where the requests of a thread are read, compared and kept: in ordinary buffers, or in a memory
 * of its own, where much is compared fast.
 *
 * @module
 */

import { ByteBuffer } from "../byte_buffer.ts";
import { PrefixComparer } from "./common_prefix.ts";
import { RequestMemory } from "./request_memory.ts";

/**
 * How much is read before it is compared. It stays in the processor's cache, and what the last
 * request has as well is never copied: both together save a third of the time for large requests.
 */
const PIECE_BYTES = 512 * 1024;

/** Room in a buffer to begin with: every thread keeps one, and there may be thousands of threads. */
const FIRST_BYTES = 4 * 1024;

/**
 * After how many bytes of requests they are compared in memories. Below, one is not worth what it
 * takes: the engine's part for WebAssembly is some 4 MB. A loop over words needs about 6 ms for as
 * much.
 */
export const MEMORY_FROM = 24 * 1024 * 1024;
/** Elsewhere much more must come for the native comparison, which is the slower one to load. */
const NATIVE_FROM = 2 * MEMORY_FROM;

/** Bytes of the buffers in a memory: one that needs more moves out, only home grows. */
const BYTES = { piece: PIECE_BYTES, beside: 256 * 1024, home: 64 * 1024 };

/** The buffers that requests are read through; nothing stands in them from one to the next. */
export interface RequestBuffers {
  /** The piece that was read last. */
  readonly piece: ByteBuffer;
  /** What a request put another one in the place of. */
  readonly replaced: ByteBuffer;
  /** For a request that does not go in the place of the last one. */
  readonly spare: ByteBuffer;
}

/** Where the requests of one thread are. */
export interface RequestPlace {
  readonly buffers: RequestBuffers;
  readonly comparer: PrefixComparer;
  /** For the last full request. */
  readonly home: ByteBuffer;
}

/** A place of which all is in a memory of its own, to begin with. */
export class MemoryPlace implements RequestPlace {
  readonly buffers: RequestBuffers;
  readonly comparer: PrefixComparer;
  readonly home: ByteBuffer;
  readonly #memory: RequestMemory;

  private constructor(memory: RequestMemory) {
    this.#memory = memory;
    this.buffers = {
      piece: memory.buffer(0),
      replaced: memory.buffer(1),
      spare: memory.buffer(2),
    };
    this.comparer = new PrefixComparer({ memory });
    this.home = memory.buffer(3);
  }

  /** A new place, `undefined` where there is no memory for it. */
  static create(): MemoryPlace | undefined {
    const { piece, beside, home } = BYTES;
    const memory = RequestMemory.create([piece, beside, beside, home]);
    return memory && new MemoryPlace(memory);
  }

  /** Whether everything is still in the memory. */
  get isWhole(): boolean {
    const { replaced, spare } = this.buffers;
    return [replaced, spare, this.home]
      .every(({ bytes }) => this.#memory.holds(bytes));
  }

  /** How many bytes it takes, home aside. */
  get size(): number {
    const { piece, replaced, spare } = this.buffers;
    return piece.bytes.length + replaced.bytes.length + spare.bytes.length;
  }
}

/** Makes places in ordinary storage, which share all but their homes. */
export class OrdinaryPlaces {
  readonly #comparer: PrefixComparer = new PrefixComparer({
    nativeFrom: NATIVE_FROM,
  });
  #buffers: RequestBuffers | undefined;

  /** A new place. */
  next(): RequestPlace {
    this.#buffers ??= {
      piece: new ByteBuffer(PIECE_BYTES),
      replaced: new ByteBuffer(),
      spare: new ByteBuffer(),
    };
    const home = new ByteBuffer(FIRST_BYTES);
    return { buffers: this.#buffers, comparer: this.#comparer, home };
  }
}
