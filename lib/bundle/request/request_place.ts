/**
 * Where the requests of a thread are read, compared and kept: in a memory of its own where they
 * can be compared fast, or, when there are many threads, in ordinary buffers.
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

/** The bytes that each buffer has in a memory; one that needs more moves out, home grows. */
const BYTES = { piece: PIECE_BYTES, other: 256 * 1024, home: 64 * 1024 };

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

/** A place in a memory of its own, `undefined` where there is none. */
export function memoryPlace(): RequestPlace | undefined {
  const { piece, other, home } = BYTES;
  const memory = RequestMemory.create([piece, other, other, home]);
  if (memory === undefined) return undefined;
  const buffers = {
    piece: memory.buffer(0),
    replaced: memory.buffer(1),
    spare: memory.buffer(2),
  };
  const comparer = new PrefixComparer(memory.commonBlocks);
  return { buffers, comparer, home: memory.buffer(3) };
}

/** Makes places that share all but their homes. */
export class OrdinaryPlaces {
  readonly #comparer: PrefixComparer = new PrefixComparer();
  #buffers: RequestBuffers | undefined;

  /** A place in ordinary storage. */
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
