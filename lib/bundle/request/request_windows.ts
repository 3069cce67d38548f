/**
 * The request windows of all threads, within bounded memory.
 *
 * A thread without a window loses nothing but time: its next request is parsed whole.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import { PrefixComparer } from "./common_prefix.ts";
import { RequestBuffers, RequestWindowState } from "./request_window.ts";

/** Most bytes that all windows may keep, the one in use aside. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Keeps the windows that were used last. */
export class RequestWindows {
  readonly #share: boolean;
  /** The one used last is the last one. */
  readonly #windows: Map<ThreadId, RequestWindowState> = new Map();
  readonly #buffers: RequestBuffers = new RequestBuffers();
  readonly #comparer: PrefixComparer = new PrefixComparer();
  #bytes = 0;

  /** Without `share`, nothing is kept. */
  constructor(share: boolean) {
    this.#share = share;
  }

  /** Works with the window of a thread, an empty one if none is kept. */
  use<T>(thread: ThreadId, work: (window: RequestWindowState) => T): T {
    const window = this.#windows.get(thread) ??
      new RequestWindowState(this.#buffers, this.#comparer);
    this.delete(thread);
    try {
      return work(window);
    } finally {
      if (this.#share) this.#keep(thread, window);
    }
  }

  /** Forgets the window of a thread. */
  delete(thread: ThreadId): void {
    this.#bytes -= this.#windows.get(thread)?.size ?? 0;
    this.#windows.delete(thread);
  }

  #keep(thread: ThreadId, window: RequestWindowState): void {
    this.#windows.set(thread, window);
    this.#bytes += window.size;
    for (const oldest of this.#windows.keys()) {
      if (this.#bytes <= MOST_BYTES || oldest === thread) return;
      this.delete(oldest);
    }
  }
}
