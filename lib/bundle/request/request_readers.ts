/**
 * The request readers of all threads, within bounded memory.
 *
 * A thread without a reader only costs time: its next request is parsed completely.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import {
  RequestBufferPool,
  SharedRequestReader,
} from "./shared_request_reader.ts";

/** Maximum number of bytes that all readers keep, without the one in use. */
const MAX_BYTES = 128 * 1024 * 1024;

/** Keeps the readers that were used last. */
export class RequestReaders {
  readonly #share: boolean;
  /** In the order of use. */
  readonly #readers: Map<ThreadId, SharedRequestReader> = new Map();
  readonly #buffers: RequestBufferPool = new RequestBufferPool();
  /** Bytes that all readers keep. */
  #bytes = 0;

  /** Without `share`, no reader is kept. */
  constructor(share: boolean) {
    this.#share = share;
  }

  /** Calls `work` with the reader of a thread, a new one if none is kept. */
  use<T>(thread: ThreadId, work: (reader: SharedRequestReader) => T): T {
    const reader = this.#take(thread) ??
      new SharedRequestReader(this.#buffers.next());
    if (!this.#share) return work(reader);
    try {
      return work(reader);
    } finally {
      this.#keep(thread, reader);
    }
  }

  /** Drops the reader of a thread. */
  delete(thread: ThreadId): void {
    this.#take(thread);
  }

  #take(thread: ThreadId): SharedRequestReader | undefined {
    const reader = this.#readers.get(thread);
    if (reader === undefined) return undefined;
    this.#bytes -= reader.size;
    this.#readers.delete(thread);
    return reader;
  }

  #keep(thread: ThreadId, reader: SharedRequestReader): void {
    this.#readers.set(thread, reader);
    this.#bytes += reader.size;
    for (const oldest of this.#readers.keys()) {
      if (this.#bytes <= MAX_BYTES || oldest === thread) return;
      this.delete(oldest);
    }
  }
}
