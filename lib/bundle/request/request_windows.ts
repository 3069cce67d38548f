/**
 * The request windows of all threads, within bounded memory.
 *
 * A thread without a window loses nothing but time: its next request is parsed whole.
 *
 * @module
 */

import type { ThreadId } from "../../format/ids.ts";
import { RequestPlaces } from "./request_place.ts";
import { RequestWindowState } from "./request_window.ts";

/** Most bytes that all windows may keep, the one in use aside. */
const MOST_BYTES = 128 * 1024 * 1024;

/** Keeps the windows that were used last. */
export class RequestWindows {
  readonly #share: boolean;
  /** The one used last is the last one. */
  readonly #windows: Map<ThreadId, RequestWindowState> = new Map();
  readonly #places: RequestPlaces = new RequestPlaces();
  /** What all windows keep. */
  #bytes = 0;

  /** Without `share`, nothing is kept. */
  constructor(share: boolean) {
    this.#share = share;
  }

  /** Works with the window of a thread, an empty one if none is kept. */
  use<T>(thread: ThreadId, work: (window: RequestWindowState) => T): T {
    const window = this.#take(thread) ??
      new RequestWindowState(this.#places.next());
    if (!this.#share) return work(window);
    try {
      return work(window);
    } finally {
      this.#keep(thread, window);
    }
  }

  /** Forgets the window of a thread. */
  delete(thread: ThreadId): void {
    this.#take(thread);
  }

  #take(thread: ThreadId): RequestWindowState | undefined {
    const window = this.#windows.get(thread);
    if (window === undefined) return undefined;
    this.#bytes -= window.size;
    this.#windows.delete(thread);
    return window;
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
